import type { ReactNode } from 'react'
import { useEmoji } from '../emoji/emoji.ts'
import { say } from '../locales/words.ts'
import { Link, paths } from '../router.tsx'
import { classes } from '../ui/classes.ts'
import type { Block, Inline } from './ast.ts'
import { CodeBlock } from './code-block.tsx'
import { isFewEmoji } from './few-emoji.ts'
import { useNames } from './names.ts'

type MarkdownTextProps = {
  blocks: readonly Block[]
  /** Names the message, so that what was unfolded stays so. */
  id: string
}

/** A message as React elements. Nothing of what people write becomes HTML, an attribute but `href`, or a class. */
export function MarkdownText({ blocks, id }: MarkdownTextProps) {
  const [block] = blocks
  const only = blocks.length === 1 && block?.type === 'text' ? block.children : undefined
  return <Blocks blocks={blocks} path={id} mayBeLarge={only !== undefined && only.length <= 5} />
}

type BlocksProps = { blocks: readonly Block[]; path: string; mayBeLarge?: boolean }

function Blocks({ blocks, path, mayBeLarge = false }: BlocksProps) {
  return blocks.map((block, index) => {
    const key = `${path}.${index}`
    switch (block.type) {
      case 'text':
        return mayBeLarge ? (
          <ShortText key={key} inlines={block.children} />
        ) : (
          <Words key={key} inlines={block.children} />
        )
      case 'code':
        return <CodeBlock key={key} id={key} language={block.language} text={block.text} />
      case 'quote':
        return (
          <blockquote key={key} className="markdown quote">
            <Blocks blocks={block.children} path={key} />
          </blockquote>
        )
      case 'list':
        return <List key={key} path={key} start={block.start} items={block.items} />
    }
    return null
  })
}

function Words({ inlines, isLarge = false }: { inlines: readonly Inline[]; isLarge?: boolean }) {
  return (
    <div dir="auto" className={classes('people-words', isLarge && 'large-emoji')}>
      <Inlines inlines={inlines} />
    </div>
  )
}

/** What may turn out to be emoji alone. */
function ShortText({ inlines }: { inlines: readonly Inline[] }) {
  const emoji = useEmoji(inlines.some(({ type }) => type === 'shortcode'))
  const glyphs = inlines.map((inline) => {
    if (inline.type === 'shortcode') return emoji?.byCode.get(inline.code)?.emoji ?? inline.text
    return inline.type === 'text' ? inline.text : '-'
  })
  return <Words inlines={inlines} isLarge={isFewEmoji(glyphs.join('').trim())} />
}

function List({ start, items, path }: { start: number | undefined; items: readonly Block[][]; path: string }) {
  const rows = items.map((item, index) => (
    // oxlint-disable-next-line react/no-array-index-key -- the items of one text never move
    <li key={index} dir="auto" className="markdown">
      <Blocks blocks={item} path={`${path}.${index}`} />
    </li>
  ))
  if (start === undefined) return <ul className="markdown list list-bullets">{rows}</ul>
  return (
    <ol start={start} className="markdown list list-numbers" data-wide={start + items.length > 100 || undefined}>
      {rows}
    </ol>
  )
}

function Inlines({ inlines }: { inlines: readonly Inline[] }): ReactNode {
  // oxlint-disable-next-line react/no-array-index-key -- the parts of one text never move
  return inlines.map((inline, index) => <InlinePart key={index} inline={inline} />)
}

function InlinePart({ inline }: { inline: Inline }): ReactNode {
  switch (inline.type) {
    case 'text':
      return inline.text
    case 'bold':
      return (
        <strong>
          <Inlines inlines={inline.children} />
        </strong>
      )
    case 'italic':
      return (
        <em>
          <Inlines inlines={inline.children} />
        </em>
      )
    case 'strike':
      return (
        <s>
          <Inlines inlines={inline.children} />
        </s>
      )
    case 'code':
      return (
        <code dir="ltr" className="code-words">
          {inline.text}
        </code>
      )
    case 'link':
      return <SafeLink link={inline} />
    case 'mention':
      return <Mention mention={inline} />
    case 'shortcode':
  }
  return <Shortcode code={inline.code} text={inline.text} />
}

function SafeLink({ link }: { link: Extract<Inline, { type: 'link' }> }) {
  return (
    <>
      <a
        href={link.href}
        target="_blank"
        rel="noopener noreferrer"
        dir={link.isAddress ? 'ltr' : 'auto'}
        title={link.isAddress ? undefined : link.href}
        className="words-link"
      >
        <Inlines inlines={link.children} />
      </a>
      {link.host !== undefined && (
        <span className="text-meta text-soft">
          {' '}
          <bdi dir="ltr">({say('messages.goes_to', { host: link.host })})</bdi>
        </span>
      )}
    </>
  )
}

function Mention({ mention: { sign, name, text } }: { mention: Extract<Inline, { type: 'mention' }> }) {
  const { findUser, findRoom } = useNames()
  if (sign === '#') {
    const room = findRoom(name)
    if (!room) return text
    return (
      <Link to={paths.room(room.id)} className="mention hover:underline">
        <bdi>#{room.name}</bdi>
      </Link>
    )
  }
  const isAll = name === 'here' || name === 'all'
  const user = isAll ? { name, isMe: false } : findUser(name)
  if (!user) return text
  return (
    <span className="mention" data-me={user.isMe || undefined} data-all={isAll || undefined} title={`@${name}`}>
      <bdi>@{user.name}</bdi>
    </span>
  )
}

function Shortcode({ code, text }: { code: string; text: string }) {
  const found = useEmoji()?.byCode.get(code)
  if (!found) return text
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a letter, not a file
    <span role="img" aria-label={found.name} title={text}>
      {found.emoji}
    </span>
  )
}
