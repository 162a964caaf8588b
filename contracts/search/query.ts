import { limits } from '../limits.ts'
import { fold, type Folded } from './fold.ts'

/** What a message must have, beside words. */
export const features = ['link', 'code', 'reaction', 'pin', 'thread'] as const
export type Feature = (typeof features)[number]

/** One thing to look for, folded. `isExact`: as words of its own (it stood in quotes); `isExcluded`: not to be there. */
export type Term = { text: string; isExact: boolean; isExcluded: boolean }

/** A search as somebody typed it, taken apart. Names are as they were typed, dates are days (yyyy-mm-dd). */
export type SearchQuery = {
  terms: Term[]
  from: string[]
  in: string[]
  has: Feature[]
  before: string | null
  after: string | null
}
export type SearchProblem = 'empty' | 'too_short' | 'too_many' | 'not_a_date' | 'unknown_has'

/** `from:ann in:"Coffee break" has:link before:2026-01-31 "good morning" -late word` */
const parts = /(-?)(?:(from|in|before|after|has):)?(?:"([^"]*)"|([^\s"]+)|")/giu

export function parseQuery(text: string): { query: SearchQuery } | { problem: SearchProblem } {
  const query: SearchQuery = { terms: [], from: [], in: [], has: [], before: null, after: null }
  let count = 0
  for (const [, minus = '', key = '', quoted, bare] of text.normalize('NFC').matchAll(parts)) {
    const value = (quoted ?? bare ?? '').trim()
    if (!value) continue
    if (++count > limits.searchTerms) return { problem: 'too_many' }
    const problem = key
      ? addFilter(query, key.toLowerCase(), value)
      : addTerm(query, value, quoted !== undefined, minus)
    if (problem) return { problem }
  }
  return check(query)
}

function addTerm(query: SearchQuery, value: string, isExact: boolean, minus: string): undefined {
  const text = fold(value).trim()
  if (text) query.terms.push({ text, isExact, isExcluded: minus === '-' })
}

function addFilter(query: SearchQuery, key: string, value: string): SearchProblem | undefined {
  if (key === 'from' || key === 'in') query[key].push(value.replace(/^[@#]/, ''))
  else if (key === 'has') {
    const feature = features.find((each) => each === value.toLowerCase())
    if (!feature) return 'unknown_has'
    query.has.push(feature)
  } else {
    if (!isDay(value)) return 'not_a_date'
    query[key === 'before' ? 'before' : 'after'] = value
  }
  return undefined
}

function check(query: SearchQuery): { query: SearchQuery } | { problem: SearchProblem } {
  const wanted = query.terms.filter(({ isExcluded }) => !isExcluded)
  const isFiltered = query.from.length + query.in.length + query.has.length > 0 || query.before || query.after
  if (wanted.length === 0 && !isFiltered) return { problem: 'empty' }
  // A letter alone is in nearly every message; beside something longer it may narrow that down.
  if (wanted.length > 0 && wanted.every(({ text }) => isTooShort(text))) return { problem: 'too_short' }
  return { query }
}

const isTooShort = (text: string) => Array.from(text).length < limits.searchTermMin

function isDay(value: string): boolean {
  if (!/^[12]\d{3}-\d\d-\d\d$/.test(value)) return false
  const date = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value)
}

/** Scripts that write no spaces: two letters of them say as much as a word. */
export const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
export const isUnspaced = (text: string) => unspaced.test(text)
/** What words are made of; those of unspaced scripts end with every letter. */
export const wordLetter = /[\p{L}\p{N}\p{M}_]/u

/** Where a term stands in a folded text, as [start, end] pairs; none if it does not. */
export function findTerm(text: string, { text: term, isExact }: Pick<Term, 'text' | 'isExact'>): [number, number][] {
  const found: [number, number][] = []
  // Two letters would be in the middle of nearly every message: they are found where words begin.
  const beginsWord = isExact || (Array.from(term).length < 3 && !unspaced.test(term))
  for (let at = text.indexOf(term); at >= 0; at = text.indexOf(term, at + 1)) {
    const end = at + term.length
    if (beginsWord && continuesWord(text, at)) continue
    if (isExact && continuesWord(text, end)) continue
    if (at >= (found.at(-1)?.[1] ?? 0)) found.push([at, end])
  }
  return found
}

/** Do the letters on both sides of this place belong to one word? */
function continuesWord(text: string, at: number): boolean {
  const before = Array.from(text.slice(Math.max(0, at - 2), at)).at(-1) ?? ''
  const after = String.fromCodePoint(text.codePointAt(at) ?? 32)
  if (unspaced.test(before) || unspaced.test(after)) return false
  return wordLetter.test(before) && wordLetter.test(after)
}

export function matchesTerms(text: string, terms: readonly Term[]): boolean {
  return terms.every((term) => findTerm(text, term).length > 0 !== term.isExcluded)
}

/** Where the terms stand in the original, in order and without overlaps. */
export function findMarks({ text, places }: Folded, terms: readonly Term[]): [number, number][] {
  const marks = terms
    .filter(({ isExcluded }) => !isExcluded)
    .flatMap((term) => findTerm(text, term))
    .map(([from, to]): [number, number] => [places[from]!, endOf(places, to)])
    .toSorted((a, b) => a[0] - b[0] || b[1] - a[1])
  const apart: [number, number][] = []
  for (const [from, to] of marks) {
    const last = apart.at(-1)
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else apart.push([from, to])
  }
  return apart
}

/** One letter may have become several, all of which begin where it does. */
function endOf(places: readonly number[], to: number): number {
  const last = places[to - 1]
  while (to < places.length - 1 && places[to] === last) to++
  return places[to]!
}

/** A search as text that means the same. */
export function formatQuery({ terms, from, in: rooms, has, before, after }: SearchQuery): string {
  const quoted = (text: string) => (/[\s:]/.test(text) ? `"${text}"` : text)
  return [
    ...from.map((name) => `from:${quoted(name)}`),
    ...rooms.map((name) => `in:${quoted(name)}`),
    ...has.map((feature) => `has:${feature}`),
    ...(after ? [`after:${after}`] : []),
    ...(before ? [`before:${before}`] : []),
    ...terms.map(({ text, isExact, isExcluded }) => `${isExcluded ? '-' : ''}${isExact ? `"${text}"` : text}`),
  ].join(' ')
}

const link = /\bhttps?:\/\/\S/i
const code = /`[^`]+`/

/** Features that the text itself shows. */
export function textFeatures(content: string): Feature[] {
  return [...(link.test(content) ? (['link'] as const) : []), ...(code.test(content) ? (['code'] as const) : [])]
}
