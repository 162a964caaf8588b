import { formatQuery, type SearchQuery, type Term } from '@grandchat/contracts/search/query'
import type { MessageSearchAnswer } from '@grandchat/contracts/search/schema'
import type { Database } from '../database/database.ts'
import { inSnapshot } from '../database/snapshot.ts'
import { findNearest, isCorrectable } from './nearest.ts'
import { resolveScope } from './scope.ts'
import { type MessageSearch, searchMessages } from './search.ts'
import { readNearWords, readWords } from './words.ts'

/**
 * A search; one that finds nothing is tried again with words nearby that the caller may read. Only what finds messages is
 * offered, so that a word which is nowhere any more is not named either.
 */
export async function searchOrCorrect(
  db: Database,
  userId: number,
  search: MessageSearch,
): Promise<MessageSearchAnswer> {
  const answer = await searchMessages(db, userId, search)
  if (answer.results.length > 0 || answer.partial || search.before !== undefined) return answer
  const query = await correct(db, userId, search.query)
  if (!query) return answer
  const corrected = await searchMessages(db, userId, { ...search, query })
  return corrected.results.length > 0 ? { ...corrected, corrected: formatQuery(query) } : answer
}

/** The query with its unknown words replaced, if there are any that can be. */
async function correct(db: Database, userId: number, query: SearchQuery): Promise<SearchQuery | undefined> {
  if (!query.terms.some(isCorrectable)) return undefined
  return inSnapshot(db, async (tx) => {
    const { roomIds } = await resolveScope(tx, userId, query)
    const words = await readWords(tx, roomIds)
    const isKnown = (text: string) => [...words.keys()].some((word) => word.includes(text))
    // A search for one word alone has just looked for it everywhere.
    const isNowhere = query.terms.length === 1 && isUnfiltered(query)
    const terms: Term[] = []
    for (const term of query.terms) {
      if (!isCorrectable(term) || isKnown(term.text)) terms.push(term)
      else {
        const near = await readNearWords(tx, roomIds, term.text, { isNowhere })
        // It is somewhere after all: then it is the other terms that do not go with it.
        if ([...near.keys()].some((word) => word.includes(term.text))) return undefined
        const text = findNearest(term.text, [...words, ...near])
        if (text === undefined) return undefined
        terms.push({ ...term, text })
      }
    }
    return terms.some(({ text }, i) => text !== query.terms[i]!.text) ? { ...query, terms } : undefined
  })
}

const isUnfiltered = ({ from, has, before, after }: SearchQuery) =>
  from.length === 0 && has.length === 0 && before === null && after === null
