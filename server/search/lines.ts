import { fold } from '@grandchat/contracts/search/fold'
import { type SearchQuery, textFeatures, type Term } from '@grandchat/contracts/search/query'

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
