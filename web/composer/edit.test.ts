import { expect, test } from 'vitest'
import { countCodePoints } from '@grandchat/contracts/text'
import { continueLine, isInCode, isInFence, makeLink, toggleLines, toggleMark, wrapInFence } from './edit.ts'
import type { Edit, Selection } from './edit.ts'
import { improvePaste } from './paste.ts'
import { splitText } from './split.ts'

/** A text with its selection drawn: `a [b] c`, or `a | c` for a caret, in signs nobody types. */
function read(drawn: string): Selection {
  const start = drawn.indexOf('⟦')
  const value = drawn.replaceAll(/[⟦⟧]/g, '')
  return { value, start, end: drawn.indexOf('⟧') - 1 }
}

function draw({ value }: Selection, edit: Edit | undefined): string | undefined {
  if (!edit) return undefined
  const text = value.slice(0, edit.from) + edit.text + value.slice(edit.to)
  const [start, end] = edit.select
  return `${text.slice(0, start)}⟦${text.slice(start, end)}⟧${text.slice(end)}`
}

test.each([
  ['a ⟦b⟧ c', 'a **⟦b⟧** c'],
  ['a **⟦b⟧** c', 'a ⟦b⟧ c'],
  ['a ⟦**b**⟧ c', 'a ⟦b⟧ c'],
  ['a ⟦⟧', 'a **⟦⟧**'],
  ['a **⟦⟧**', 'a ⟦⟧'],
  ['a⟦ b ⟧c', 'a **⟦b⟧** c'],
])('bold makes of %j %j', (before, after) => {
  const selection = read(before)
  expect(draw(selection, toggleMark(selection, '**'))).toBe(after)
})

test.each([
  ['⟦a\nb⟧', '⟦- a\n- b⟧', 'bullets'],
  ['⟦- a\n- b⟧', '⟦a\nb⟧', 'bullets'],
  ['x\na⟦⟧b', 'x\n> ab⟦⟧', 'quote'],
  ['⟦a\nb⟧\nc', '⟦1. a\n2. b⟧\nc', 'numbers'],
] as const)('lines of %j become %j', (before, after, kind) => {
  const selection = read(before)
  expect(draw(selection, toggleLines(selection, kind))).toBe(after)
})

test.each([
  ['- a⟦⟧', '- a\n- ⟦⟧'],
  ['9. a⟦⟧', '9. a\n10. ⟦⟧'],
  ['  * a⟦⟧', '  * a\n  * ⟦⟧'],
  ['> a⟦⟧', '> a\n> ⟦⟧'],
  ['- a\n- ⟦⟧', '- a\n⟦⟧'],
  ['plain⟦⟧', undefined],
  ['```\n- a⟦⟧', undefined],
])('a new line after %j gives %j', (before, after) => {
  const selection = read(before)
  expect(draw(selection, continueLine(selection))).toBe(after)
})

test('code and links are wrapped', () => {
  const code = read('see ⟦let a⟧ now')
  expect(draw(code, wrapInFence(code, 'ts'))).toBe('see \n```ts\n⟦let a⟧\n```\n now')
  const ticks = read('⟦```⟧')
  expect(draw(ticks, wrapInFence(ticks))).toBe('````\n⟦```⟧\n````')
  const words = read('see ⟦this⟧')
  expect(draw(words, makeLink(words))).toBe('see [this](⟦⟧)')
  expect(draw(words, makeLink(words, 'https://a.example'))).toBe('see [this](https://a.example)⟦⟧')
})

test('knows what is code', () => {
  expect(isInFence('```\na', 5)).toBe(true)
  expect(isInFence('```\na\n```\nb', 11)).toBe(false)
  expect(isInFence('```js\na\n```x', 12)).toBe(true)
  expect(isInFence('~~~\n```\n', 8)).toBe(true)
  expect(isInFence('```a```\n', 8)).toBe(false)
  expect(isInCode('a `b', 4)).toBe(true)
  expect(isInCode('a `b` c', 7)).toBe(false)
})

const plain = { html: '', editor: '' }

test.each([
  [
    'an address over words',
    'see ⟦this⟧',
    { ...plain, text: 'https://a.example/b' },
    'see [this](https://a.example/b)⟦⟧',
  ],
  ['an address over nothing', 'see ⟦⟧', { ...plain, text: 'https://a.example/b' }, undefined],
  ['javascript over words', '⟦this⟧', { ...plain, text: 'javascript:alert(1)' }, undefined],
  [
    'code from an editor',
    '⟦⟧',
    { text: 'a\r\nb', html: '', editor: '{"mode":"typescript"}' },
    '```typescript\na\nb\n```⟦⟧',
  ],
  ['code from a page', 'x ⟦⟧', { text: 'a\nb', html: '<pre>a\nb</pre>', editor: '' }, 'x \n```\na\nb\n```⟦⟧'],
  ['indented code', '⟦⟧', { ...plain, text: 'if (a) {\n  b()\n}' }, '```\nif (a) {\n  b()\n}\n```⟦⟧'],
  ['one line from an editor', '⟦⟧', { text: 'a', html: '<pre>a</pre>', editor: '{}' }, undefined],
  ['prose', '⟦⟧', { ...plain, text: 'Dear all,\n\n  we meet at nine.\n\nAnn' }, undefined],
  ['a list', '⟦⟧', { ...plain, text: 'To do:\n  - this (first)\n  - that;' }, undefined],
  ['code inside code', '```\n⟦⟧', { text: 'a\nb', html: '<pre>', editor: '' }, undefined],
])('a paste of %s', (_, before, pasted, after) => {
  const selection = read(before)
  const edit = improvePaste(selection, pasted)
  const text = pasted.text.replaceAll('\r\n', '\n')
  // Code replaces what was pasted plainly before, a link the words that are still selected.
  const isLink = edit?.text.startsWith('[') ?? false
  const value = isLink
    ? selection.value
    : selection.value.slice(0, selection.start) + text + selection.value.slice(selection.end)
  expect(draw({ ...selection, value }, edit)).toBe(after)
})

test('a long text is split between paragraphs, nothing of it is lost, and every part can be sent', () => {
  const paragraph = 'Lorem ipsum dolor sit amet. '.repeat(40).trim()
  const text = Array.from({ length: 12 }, () => paragraph).join('\n\n')
  const parts = splitText(text)
  expect(parts.length).toBeGreaterThan(2)
  for (const part of parts) expect(countCodePoints(part)).toBeLessThanOrEqual(5_000)
  expect(parts.join('\n\n')).toBe(text)
  expect(splitText('😀'.repeat(12_000)).join('')).toBe('😀'.repeat(12_000))
  expect(splitText('short')).toEqual(['short'])
})

test('code that is split is code in every part', () => {
  const lines = Array.from({ length: 400 }, (_, line) => `  line(${line}, "some words to fill it")`)
  const parts = splitText(`look\n\`\`\`ts\n${lines.join('\n')}\n\`\`\``)
  expect(parts.length).toBeGreaterThan(2)
  for (const part of parts) {
    expect(isInFence(`${part}\n`, part.length + 1)).toBe(false)
    expect(countCodePoints(part)).toBeLessThanOrEqual(5_000)
  }
  expect(parts[1]?.startsWith('```ts\n')).toBe(true)
  const kept = parts
    .join('\n')
    .split('\n')
    .filter((line) => line.startsWith('  line('))
  expect(kept).toEqual(lines)
})
