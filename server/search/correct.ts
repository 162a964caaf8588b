import { fold } from '@grandchat/contracts/search/fold'
import { formatQuery, type SearchQuery, type Term } from '@grandchat/contracts/search/query'
import type { MessageSearchAnswer } from '@grandchat/contracts/search/schema'
import type { Database, OpenTransaction } from '../database/database.ts'
import { inSnapshot } from '../database/snapshot.ts'
import { findNearest, isCorrectable } from './nearest.ts'
import { readUnpacked } from './read.ts'
import { resolveScope } from './scope.ts'
import { searchPacked } from './search-packed.ts'
import { placesOf } from './signature.ts'
import { type MessageSearch, searchMessages } from './search.ts'
import { readNearWords } from './words.ts'

/** Fewer results than this may be those of a mistake that others made, too. */
const few = 5
/** Then another word is only offered if so many times as much is found by it. */
const clearly = 3
/** Results that are shown of an offer. */
const offeredMost = 5
/** Words of one search that are looked at: each costs as much as a search. */
const wordsMost = 3

/**
 * A search; one that finds nothing is tried again with words nearby that the caller may read, and one that finds little is
 * answered with an offer of them beside. Only what finds messages is named, so that a word which is nowhere any more is not.
 */
export async function searchOrCorrect(
  db: Database,
  userId: number,
  search: MessageSearch,
): Promise<MessageSearchAnswer> {
  const answer = await searchMessages(db, userId, search)
  const count = answer.results.length
  if (count >= few || answer.more || answer.partial || search.before !== undefined) return answer
  const query = await inSnapshot(db, (tx) =>
    count === 0 ? correct(tx, userId, search.query) : offer(tx, userId, search.query),
  )
  if (!query) return answer
  const near = await searchMessages(db, userId, { ...search, query })
  if (count === 0) return near.results.length > 0 ? { ...near, corrected: formatQuery(query) } : answer
  if (!near.more && near.results.length < clearly * count) return answer
  const known = new Set(answer.results.map(({ message }) => message.id))
  const results = near.results.filter(({ message }) => !known.has(message.id)).slice(0, offeredMost)
  return { ...answer, suggestion: { q: formatQuery(query), results } }
}

/** The query with its unknown words replaced, if there are any and all of them can be. */
async function correct(tx: OpenTransaction, userId: number, query: SearchQuery): Promise<SearchQuery | undefined> {
  const doubtful = query.terms.filter(isCorrectable)
  if (doubtful.length === 0 || doubtful.length > wordsMost) return undefined
  const { roomIds } = await resolveScope(tx, userId, query)
  // A search for one word alone has just looked for it everywhere.
  const isNowhere = query.terms.length === 1 && isUnfiltered(query)
  const terms: Term[] = []
  for (const term of query.terms) {
    if (!isCorrectable(term) || (!isNowhere && (await isSomewhere(tx, roomIds, term.text)))) terms.push(term)
    else {
      const text = findNearest(term.text, await readNearWords(tx, roomIds, term.text))
      if (text === undefined) return undefined
      terms.push({ ...term, text })
    }
  }
  return terms.some(({ text }, i) => text !== query.terms[i]!.text) ? { ...query, terms } : undefined
}

/** The query with its only word replaced by one that is a single mistake away. */
async function offer(tx: OpenTransaction, userId: number, query: SearchQuery): Promise<SearchQuery | undefined> {
  const [term, ...others] = query.terms
  if (!term || others.length > 0 || !isCorrectable(term)) return undefined
  const { roomIds } = await resolveScope(tx, userId, query)
  const words = await readNearWords(tx, roomIds, term.text)
  // Words that the term is a part of were found already.
  const text = findNearest(
    term.text,
    [...words].filter(([word]) => !word.includes(term.text)),
    1,
  )
  return text === undefined ? undefined : { ...query, terms: [{ ...term, text }] }
}

const isUnfiltered = ({ from, has, before, after }: SearchQuery) =>
  from.length === 0 && has.length === 0 && before === null && after === null

async function isSomewhere(tx: OpenTransaction, roomIds: readonly number[], text: string): Promise<boolean> {
  const bounds = { before: Number.MAX_SAFE_INTEGER, most: 1, ms: 100 }
  const wanted = { needles: [text], pattern: null, places: placesOf({ texts: [text] }) }
  const ids = await searchPacked(tx, { roomIds, from: '-infinity', to: 'infinity' }, wanted, bounds)
  if (ids.length > 0) return true
  const { rows } = await readUnpacked(tx, roomIds)
  return rows.some((row) => row.kind === 'user' && !row.deleted_at && fold(row.content).includes(text))
}
