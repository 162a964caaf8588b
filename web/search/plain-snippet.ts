import type { Snippet } from '@grandchat/contracts/search/schema'

/**
 * What marks text up at the begin of a line, around a word, or around a block of code. A piece of a message is cut
 * anywhere, so that it cannot be read as the whole would be: what stands free, as in `a ** b`, is left alone.
 */
const markup =
  /^[ \t]*(?:```|~~~)[\w+#.-]*[ \t]*\n?|^[ \t]*>[ \t]?|^#{1,6}[ \t]+|(?:\*\*|~~|`{1,3})(?=[^\s*~`])|(?<=[^\s*~`])(?:\*\*|~~|`{1,3})/gm

/** The same piece as one reads it in a message: without its markup, and without empty ends where it was cut. */
export function plainSnippet(snippet: Snippet): Snippet {
  const cuts: [start: number, end: number][] = []
  const { text, marks } = snippet
  for (const { index, 0: found } of text.matchAll(markup)) {
    const end = index + found.length
    // What was searched for stays, whatever it looks like.
    if (!marks.some(([from, to]) => from < end && index < to)) cuts.push([index, end])
  }
  return without(snippet, [...cuts, ...emptyEnds(snippet, cuts)])
}

function emptyEnds({ text }: Snippet, cuts: readonly [number, number][]): [number, number][] {
  const isGone = (at: number) => cuts.some(([from, to]) => from <= at && at < to)
  const isEmpty = (at: number) => isGone(at) || text[at]?.trim() === ''
  let start = 0
  while (start < text.length && isEmpty(start)) start++
  let end = text.length
  while (end > start && isEmpty(end - 1)) end--
  return [
    [0, start],
    [end, text.length],
  ]
}

function without(snippet: Snippet, cuts: readonly [number, number][]): Snippet {
  const { text, marks } = snippet
  const isKept = Array.from({ length: text.length }, () => true)
  for (const [from, to] of cuts) isKept.fill(false, from, to)
  /** How much is kept before each place. */
  const before = [0]
  for (const kept of isKept) before.push((before.at(-1) ?? 0) + Number(kept))
  return {
    ...snippet,
    text: Array.from({ length: text.length }, (_, at) => (isKept[at] ? text[at] : '')).join(''),
    marks: marks.map(([from, to]) => [before[from] ?? 0, before[to] ?? 0]),
  }
}
