import { memo, useState } from 'react'
import { say } from '../locales/words.ts'
import { isFewEmoji } from '../markdown/few-emoji.ts'
import { hasMarkup } from '../markdown/has-markup.ts'
import { useMarkdown } from '../markdown/load.ts'
import { classes } from '../ui/classes.ts'
import { linkify } from './linkify.ts'
import type { Part } from './linkify.ts'

const longFrom = { characters: 1_400, lines: 18 }

function isLong(text: string): boolean {
  if (text.length > longFrom.characters) return true
  let lines = 1
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines++
  return lines > longFrom.lines
}

/** Opened long messages by their key: the list forgets rows that scroll away, this does not. */
const opened = new Set<string>()

/** What somebody wrote. Text without markup is drawn at once; what has some is read by a part of the app of its own. */
export const MessageText = memo(function MessageText({ text, id }: { text: string; id: string }) {
  const [open, setOpen] = useState(() => opened.has(id))
  const isMarked = hasMarkup(text)
  const markdown = useMarkdown(isMarked)
  const blocks = markdown?.parseMarkdown(text)
  const long = markdown && blocks ? markdown.isLong(blocks) : isLong(text)
  const toggle = () => {
    if (open) opened.delete(id)
    else opened.add(id)
    setOpen(!open)
  }
  return (
    <>
      {markdown && blocks ? (
        <div data-text className={classes(long && !open && 'cut')}>
          <markdown.MarkdownText blocks={blocks} id={id} />
        </div>
      ) : (
        <div
          data-text
          dir="auto"
          className={classes('people-words', long && !open && 'clamped', isFewEmoji(text) && 'large-emoji')}
        >
          {linkify(text).map((part, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- the parts of one text never move
            <TextPart key={index} part={part} />
          ))}
        </div>
      )}
      {long && (
        <button
          type="button"
          aria-expanded={open}
          onClick={toggle}
          className="no-tap-zoom rounded-control py-0.5 text-meta font-medium text-accent-text hover:underline max-wide:min-h-11"
        >
          {say(open ? 'messages.less' : 'messages.more')}
        </button>
      )}
    </>
  )
})

function TextPart({ part }: { part: Part }) {
  if (part.href === undefined) return part.text
  return (
    <>
      <a href={part.href} target="_blank" rel="noopener noreferrer" dir="ltr" className="words-link">
        {part.text}
      </a>
      {part.host !== undefined && (
        <span className="text-meta text-soft"> ({say('messages.goes_to', { host: part.host })})</span>
      )}
    </>
  )
}
