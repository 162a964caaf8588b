import type { Snippet } from './schema.ts'
import { foldWithPlaces } from './fold.ts'
import { findMarks, type Term } from './query.ts'

const before = 60
const length = 220

/** The piece of a message that shows what was found in it. */
export function makeSnippet(content: string, terms: readonly Term[]): Snippet {
  const marks = findMarks(foldWithPlaces(content), terms)
  const first = marks[0]?.[0] ?? 0
  const start = content.length <= length || first <= before ? 0 : atBreak(content, first - before)
  const end = content.length - start <= length ? content.length : atBreak(content, start + length)
  return {
    text: content.slice(start, end),
    marks: marks
      .filter(([from, to]) => from < end && to > start)
      .map(([from, to]) => [Math.max(from, start) - start, Math.min(to, end) - start]),
    is_cut_before: start > 0,
    is_cut_after: end < content.length,
  }
}

/** The next place, not far from here, where a cut hurts no letter and if possible no word. */
function atBreak(text: string, at: number): number {
  const space = text.slice(at, at + 20).search(/\s/)
  if (space >= 0) return at + space
  while (at < text.length && /\p{M}|\u200d|[\udc00-\udfff]/u.test(text.charAt(at))) at++
  return at
}
