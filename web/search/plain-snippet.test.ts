import { expect, test } from 'vitest'
import { plainSnippet } from './plain-snippet.ts'

/** `[` and `]` stand around what was found. */
function plain(shown: string): string {
  const marks: [number, number][] = []
  let text = ''
  for (const part of shown.split(/(\[[^\]]*\])/)) {
    const isMark = part.startsWith('[')
    const words = isMark ? part.slice(1, -1) : part
    if (isMark) marks.push([text.length, text.length + words.length])
    text += words
  }
  const result = plainSnippet({ text, marks, is_cut_before: false, is_cut_after: false })
  return result.marks.reduceRight(
    (said, [from, to]) => `${said.slice(0, from)}[${said.slice(from, to)}]${said.slice(to)}`,
    result.text,
  )
}

test('what was found is shown without the marks that made it bold, code, a quote or a heading', () => {
  expect(plain('Hello Olga, **[nice]** here')).toBe('Hello Olga, [nice] here')
  expect(plain('run `npm [start]` and ~~[wait]~~')).toBe('run npm [start] and [wait]')
  expect(plain('> they [said] so\n# And a [heading]')).toBe('they [said] so\nAnd a [heading]')
  expect(plain('look:\n```ts\nconst [found] = 1\n```\n')).toBe('look:\nconst [found] = 1')
})

test('what only looks like markup stays, and so does what was searched for', () => {
  expect(plain('[two] ** three, snake_case and a > b #[five]')).toBe('[two] ** three, snake_case and a > b #[five]')
  expect(plain('what does [**] mean')).toBe('what does [**] mean')
})

test('a piece ends with words where it was cut', () => {
  expect(plain('  \n return [server]\n}\n```\n\n')).toBe('return [server]\n}')
  expect(plain('```')).toBe('')
})
