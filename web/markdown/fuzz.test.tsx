import { render } from '@testing-library/react'
import { expect, test } from 'vitest'
import { findMentions } from '@grandchat/contracts/messages/mentions'
import { checkContent } from '@grandchat/contracts/messages/content'
import { hostileTexts } from '../testing/hostile.ts'
import { randomText, seeded } from '../testing/seeded.ts'
import type { Block, Inline } from './ast.ts'
import { highlight } from './highlighter.ts'
import type * as Module from './highlighter.ts'
import { MarkdownText } from './markdown-text.tsx'
import { parseMarkdown } from './parse.ts'

const hostile =
  '* ** _ ~~ ` `` ``` ~~~ [ ] ]( ) ](https://a.example) ( < > - 1. # \\ &lt; | ! :tada: : @sam @ #room #[ https://a.example/ javascript:alert(1) http:// a é 😀 <b> " \''
    .split(' ')
    .concat(['> ', '- ', '1. ', '# ', '\n', '\n\n', '    ', '\t', ' ', 'b c', '\u202E'])

function* randomTexts(count: number): Generator<string> {
  for (let seed = 1; seed <= count; seed++) {
    const random = seeded(seed)
    yield randomText(random, hostile, 1 + Math.floor(random() * 60))
  }
}

const letters = (text: string) => text.replaceAll(/[^\p{L}\p{S}]|[`~<>|]/gu, '')

function wordsOf(blocks: readonly Block[]): string {
  return blocks
    .map((block): string => {
      if (block.type === 'text') return block.children.map(wordsOfInline).join('')
      if (block.type === 'code') return block.language + block.text
      return block.type === 'quote' ? wordsOf(block.children) : block.items.map(wordsOf).join('')
    })
    .join('')
}

function wordsOfInline(inline: Inline): string {
  if (inline.type === 'link')
    return inline.children.map(wordsOfInline).join('') + (inline.isAddress ? '' : 'httpsaexample')
  if ('children' in inline) return inline.children.map(wordsOfInline).join('')
  return inline.text
}

test('whatever is typed is read, and every letter of it kept in its order', () => {
  for (const text of randomTexts(4_000)) {
    const isCodeWithInfo = /(?:`{3}|~{3})[^\n]*[^\s`~]/.test(text)
    const words = letters(wordsOf(parseMarkdown(text)))
    if (isCodeWithInfo) expect(words.length, JSON.stringify(text)).toBeLessThanOrEqual(letters(text).length)
    else expect(words, JSON.stringify(text)).toBe(letters(text))
  }
})

test('whatever is typed is drawn as text and safe links', () => {
  for (const text of randomTexts(150)) {
    const { container, unmount } = render(<MarkdownText blocks={parseMarkdown(text)} id="x" />)
    expect(
      container.querySelector('script, img, svg:not(.lucide), iframe, style, form, b, [id], [name], [style]'),
    ).toBeNull()
    for (const link of container.querySelectorAll('a')) expect(link.href).toMatch(/^(?:https?:\/\/|mailto:)/)
    unmount()
  }
})

/** The quickest of several runs: a machine that is busy makes some slow, none quick. */
function quickest(run: () => unknown): number {
  let best = Infinity
  for (let turn = 0; turn < 7; turn++) {
    const start = performance.now()
    run()
    best = Math.min(best, performance.now() - start)
  }
  return best
}

/** Four times the text may take four times as long, with room for what a clock owes a small one; not sixteen times. */
const most = (short: number) => 12 * Math.max(short, 0.5)
let turn = 0
const fresh = (text: string) => `${turn++} ${text}`

test.each(Object.entries(hostileTexts).filter(([, text]) => text.length > 900))(
  '%s: work grows with the text',
  (_, text) => {
    const unit = text.slice(0, 1_250)
    const short = quickest(() => parseMarkdown(fresh(unit)))
    const long = quickest(() => parseMarkdown(fresh(unit.repeat(4))))
    expect(long).toBeLessThan(most(short))
    expect(quickest(() => findMentions(unit.repeat(4)))).toBeLessThan(most(quickest(() => findMentions(unit))))
  },
)

function lettersOf(colours: Module.Colours): string {
  return colours.map((part) => (typeof part === 'string' ? part : lettersOf(part.inside))).join('')
}

test.each(['ts', 'html', 'css', 'bash', 'python', 'c', 'markdown', 'json', 'sql', 'diff'])(
  'colours of %s change no letter',
  (language) => {
    for (const text of [...Object.values(hostileTexts), ...randomTexts(50)]) {
      const colours = highlight(text, language)
      if (colours) expect(lettersOf(colours)).toBe(text)
    }
    expect(highlight('a'.repeat(500), language)).toBeUndefined()
    expect(highlight('a\n'.repeat(4_000), language)).toBeUndefined()
  },
)

/** Mentions as the reader sees them. */
function mentionsIn(blocks: readonly Block[]): string[] {
  const inInlines = (inlines: readonly Inline[]): string[] =>
    inlines.flatMap((inline) => {
      if (inline.type === 'mention') return inline.sign === '@' ? [inline.name] : []
      return 'children' in inline ? inInlines(inline.children) : []
    })
  return blocks.flatMap((block) => {
    if (block.type === 'text') return inInlines(block.children)
    if (block.type === 'quote') return mentionsIn(block.children)
    return block.type === 'list' ? block.items.flatMap(mentionsIn) : []
  })
}

test('who is told of a message is who is seen to be mentioned in it', () => {
  const pieces = [
    '@sam',
    '@here',
    '@ann',
    ' ',
    ' ',
    '\n',
    '\n\n',
    'a',
    '`',
    '``',
    '```\n',
    '\n```\n',
    '> ',
    '\n> ',
    '- ',
    '\n- ',
    '*',
    '**',
  ]
  let compared = 0
  for (let seed = 1; seed <= 3_000; seed++) {
    const random = seeded(seed)
    const checked = checkContent(randomText(random, pieces, 1 + Math.floor(random() * 14)))
    if ('problem' in checked) continue
    const { users, here } = findMentions(checked.content)
    const seen = new Set(mentionsIn(parseMarkdown(checked.content)))
    expect({ users: users.toSorted(), here }, JSON.stringify(checked.content)).toEqual({
      users: [...seen].filter((name) => name !== 'here').toSorted(),
      here: seen.has('here'),
    })
    compared++
  }
  expect(compared).toBeGreaterThan(2_000)
})
