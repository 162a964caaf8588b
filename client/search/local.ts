import type { MessageRow } from '@grandchat/contracts/messages/schema'
import { fold } from '@grandchat/contracts/search/fold'
import { matchesTerms, parseQuery, type SearchQuery, textFeatures } from '@grandchat/contracts/search/query'
import type { FoundMessage } from '@grandchat/contracts/search/schema'
import { makeSnippet } from '@grandchat/contracts/search/snippet'
import type { RoomView } from '../client.ts'
import type { CachedWindow } from '../storage/cache-storage.ts'

/** Messages of a room that are on this device, with what hangs on them. */
export type LocalRun = { roomId: number; rows: Iterable<MessageRow> } & Partial<
  Pick<CachedWindow, 'reactions' | 'pins'>
>

export type LocalSearch = {
  runs: readonly LocalRun[]
  room: (roomId: number) => RoomView | undefined
  viewerId: number
}

const most = 50

/** What is known here and matches, newest first: at once, and without a network. Rooms one is not in are left out. */
export function searchRuns(q: string, { runs, room, viewerId }: LocalSearch): readonly FoundMessage[] {
  const parsed = parseQuery(q)
  if ('problem' in parsed) return []
  const { query } = parsed
  const known = new Map<number, { row: MessageRow; run: LocalRun; room: RoomView }>()
  for (const run of runs) {
    const view = room(run.roomId)
    if (!view || !isNamed(view, query.in)) continue
    for (const row of run.rows) {
      // Of two the newer counts, also where it matches no more.
      if ((known.get(row.id)?.row.version ?? -1) < row.version) known.set(row.id, { row, run, room: view })
    }
  }
  return [...known.values()]
    .filter(({ row, run }) => matches(row, run, query, viewerId))
    .toSorted((a, b) => b.row.id - a.row.id)
    .slice(0, most)
    .map(({ row, room: { id, version, bumped_at } }) => ({
      room_id: id,
      message: { ...row, room: { id, version, bumped_at } },
      snippet: makeSnippet(row.content, query.terms),
    }))
}

function isNamed(room: RoomView, names: readonly string[]): boolean {
  const name = fold(room.title)
  return names.length === 0 || names.some((wanted) => name.startsWith(fold(wanted)) || String(room.id) === wanted)
}

function matches(row: MessageRow, run: LocalRun, query: SearchQuery, viewerId: number): boolean {
  const { terms, from, has, before, after } = query
  return (
    row.kind === 'user' &&
    row.deleted_at === null &&
    (from.length === 0 || from.some((name) => isBy(row, name, viewerId))) &&
    (before === null || row.created_at < before) &&
    (after === null || row.created_at >= after) &&
    has.every((feature) => hasFeature(row, run, feature)) &&
    matchesTerms(fold(row.content), terms)
  )
}

function isBy({ user }: MessageRow, name: string, viewerId: number): boolean {
  if (name.toLowerCase() === 'me') return user.id === viewerId
  const wanted = fold(name)
  return fold(user.username) === wanted || fold(user.display_name ?? '') === wanted
}

function hasFeature(row: MessageRow, run: LocalRun, feature: SearchQuery['has'][number]): boolean {
  if (feature === 'reaction')
    return run.reactions?.some(({ message_id, count }) => message_id === row.id && count > 0) ?? false
  if (feature === 'pin') {
    return run.pins?.some(({ message_id, unpinned_at }) => message_id === row.id && unpinned_at === null) ?? false
  }
  return feature !== 'thread' && textFeatures(row.content).includes(feature)
}
