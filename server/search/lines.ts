import { fold } from '@grandchat/contracts/search/fold'
import { isUnspaced, type SearchQuery, textFeatures, type Term } from '@grandchat/contracts/search/query'

/** What stands in a line when the message has it. No message holds such characters: they are refused at the door. */
const signs = { link: '\u0002', code: '\u0003' } as const

const author = (userId: number) => `\u0001${userId}\t`

/** A message as it lies in a pack. The spaces let what begins or ends a message look like what stands within. */
export function makeLine(message: { user_id: number; content: string }): string {
  const found = textFeatures(message.content)
  const flags = `${found.includes('link') ? signs.link : ''}${found.includes('code') ? signs.code : ''}`
  return `${author(message.user_id)} ${fold(message.content)} ${flags}`
}

/**
 * What every line that matches must hold: the author, whose sign begins a line and is found quickly, then the terms, the
 * longest first as the rarest. What is found by it may still not match, but nothing that matches is missed.
 */
export function needlesOf({ terms, has }: SearchQuery, authorId: number | undefined): string[] {
  const texts = terms.filter(({ isExcluded }) => !isExcluded).map(({ text }: Term) => text)
  const sorted = [...new Set(texts)].toSorted((a, b) => b.length - a.length)
  const flags = has.flatMap((feature) => (feature === 'link' || feature === 'code' ? [signs[feature]] : []))
  return [...(authorId === undefined ? [] : [author(authorId)]), ...sorted, ...flags]
}

/** Terms with a space in them that begin and end with words: those that stood in quotes. */
export const phrasesOf = ({ terms }: SearchQuery): string[] =>
  terms.filter(({ isExact, isExcluded }) => isExact && !isExcluded).map(({ text }) => text)

const noLetter = '[^a-z0-9_]'

/**
 * The borders of the longest term that is to begin or end words, for PostgreSQL: null if none is. It knows borders beside
 * Latin letters only, so again nothing that matches is missed.
 */
export function patternOf({ terms }: SearchQuery): string | null {
  const bordered = terms.filter((term) => !term.isExcluded && beginsWord(term))
  const longest = bordered.toSorted((a, b) => b.text.length - a.text.length)[0]
  if (!longest) return null
  const { text, isExact } = longest
  const before = isWordLetter(text.slice(0, 1)) ? `(^|${noLetter})` : ''
  const after = isExact && isWordLetter(text.slice(-1)) ? `($|${noLetter})` : ''
  return `${before}${text.replaceAll(/[^\p{L}\p{N}\p{M}\s]/gu, String.raw`\$&`)}${after}`
}

const beginsWord = ({ text, isExact }: Term) => isExact || (Array.from(text).length < 3 && !isUnspaced(text))
const isWordLetter = (letter: string) => /[a-z0-9_]/.test(letter)
