import type { FoundMessage, MessageSearchAnswer } from '@grandchat/contracts/search/schema'
import type { SearchQuery } from '@grandchat/contracts/search/query'
import { makeSnippet } from '@grandchat/contracts/search/snippet'
import type { Database, OpenTransaction } from '../database/database.ts'
import { inSnapshot } from '../database/snapshot.ts'
import { presentMessage } from '../messages/present.ts'
import { proposals } from './proposals.ts'
import { type FoundRow, readFound, readUnpacked } from './read.ts'
import { resolveScope, type Scope } from './scope.ts'
import { makeTest } from './test-message.ts'

export type MessageSearch = { query: SearchQuery; before?: number | undefined; limit: number }

/** How long a search may go on looking. What is longer than that answers with what it has. */
export const searchMs = 1_000

/**
 * Messages in the rooms that the caller is in now, newest first. What the packs propose is read again and tested as it is
 * now; what they do not know yet is tested too. So nothing deleted is found, and nothing new is missed.
 */
export function searchMessages(db: Database, userId: number, search: MessageSearch): Promise<MessageSearchAnswer> {
  return inSnapshot(db, async (tx) => {
    const scope = await resolveScope(tx, userId, search.query)
    if (scope.roomIds.length === 0 || scope.authorIds?.length === 0) return { results: [], more: false }
    const { rows, isPartial } = await findRows(tx, scope, search)
    return {
      results: rows.slice(0, search.limit).map((row) => presentFound(row, search.query)),
      more: rows.length > search.limit,
      ...(isPartial && { partial: true }),
    }
  })
}

/** One more than is shown, which tells that there are more. */
async function findRows(
  tx: OpenTransaction,
  scope: Scope,
  { query, before = Number.MAX_SAFE_INTEGER, limit }: MessageSearch,
): Promise<{ rows: FoundRow[]; isPartial: boolean }> {
  const test = makeTest(query, scope)
  const unpacked = await readUnpacked(tx, scope.roomIds, query.has)
  const isUnpacked = new Set(unpacked.rows.map(({ id }) => id))
  const packed: FoundRow[] = []
  let isPartial = unpacked.isCut
  for await (const { ids, isLate } of proposals(tx, query, scope, { before, most: limit + 1, ms: searchMs })) {
    isPartial ||= isLate
    const known = ids.filter((id) => !isUnpacked.has(id))
    packed.push(...(await readFound(tx, scope.roomIds, known, query.has)).filter(test))
    if (packed.length > limit) break
  }
  const rows = [...unpacked.rows.filter((row) => row.id < before && test(row)), ...packed]
  return { rows: rows.toSorted((a, b) => b.id - a.id).slice(0, limit + 1), isPartial }
}

function presentFound(row: FoundRow, query: SearchQuery): FoundMessage {
  const { room_version, room_bumped_at, ...message } = row
  return {
    room_id: row.room_id,
    message: {
      ...presentMessage(message),
      room: { id: row.room_id, version: room_version, bumped_at: room_bumped_at },
    },
    snippet: makeSnippet(row.content, query.terms),
  }
}
