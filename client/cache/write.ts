import { mergeMentions } from '../mentions/known.ts'
import { isNewerOwn } from '../rooms/entry.ts'
import {
  type CachedName,
  type CachedOwnRow,
  type CachedRoom,
  type CachedState,
  type CachedThread,
  type CachedThreadWindow,
  type CachedWindow,
  type CacheTransaction,
  cacheStoreNames,
} from '../storage/cache-storage.ts'
import { cacheSchema, isReadable } from './read.ts'
import { mergeThreads, replaceThreads } from './write-threads.ts'

/** Windows that are kept; those longest out of use go first. */
const maxWindows = 50
/** Another lineage that has not written for so long has no tab that is awake. */
const silentMs = 120_000

export type CacheRows = {
  rooms: readonly CachedRoom[]
  names: readonly CachedName[]
  windows: readonly CachedWindow[]
  ownRows: readonly CachedOwnRow[]
  threads: readonly CachedThread[]
  threadWindows: readonly CachedThreadWindow[]
}

/** `state` vouches for all that its writer knows: what it holds in `all`, and what of that is new in `changed`. */
export type CacheChange = { state: CachedState; changed: CacheRows; all: () => CacheRows }

/** Removes what is kept, if it is not this user's to read. */
export async function claimCache(transaction: CacheTransaction, userId: number): Promise<void> {
  const stored = await transaction.get('state', 0)
  if (!isReadable(stored) || stored.me.id !== userId) clearCache(transaction)
}

export function clearCache(transaction: CacheTransaction): void {
  for (const store of cacheStoreNames) transaction.clear(store)
}

/** `replaced`: what was there was another's. `refused`: it is, and they are still there. */
export type Written = 'merged' | 'replaced' | 'refused'

/**
 * Writes versions together with the rows that they vouch for. In a lineage each record keeps the newer of two: a tab
 * that has fallen behind takes nothing back.
 */
export async function writeCache(transaction: CacheTransaction, change: CacheChange): Promise<Written> {
  const stored = await transaction.get('state', 0)
  if (stored?.lineage === change.state.lineage) {
    await merge(transaction, stored, change)
    return 'merged'
  }
  if (stored && !mayReplace(stored, change.state)) return 'refused'
  replace(transaction, change)
  return 'replaced'
}

function mayReplace(stored: CachedState, mine: CachedState): boolean {
  // A newer client has been here: this tab is the one to go.
  if (stored.schema > cacheSchema || stored.me.id !== mine.me.id) return false
  if (stored.schema < cacheSchema || stored.epoch !== mine.epoch) return true
  return Math.abs(mine.saved_at - stored.saved_at) > silentMs
}

function replace(transaction: CacheTransaction, { state, all }: CacheChange): void {
  const rows = all()
  const { rooms, names, windows, ownRows } = rows
  clearCache(transaction)
  const recent = state.recent.slice(-maxWindows)
  const kept = new Set(recent)
  for (const room of rooms) transaction.put('rooms', room)
  for (const name of names) transaction.put('names', name)
  for (const row of ownRows) transaction.put('ownRows', row)
  for (const window of windows) if (kept.has(window.id)) transaction.put('windows', window)
  const recentThreads = replaceThreads(transaction, rows, state.recentThreads)
  transaction.put('state', { ...state, recent, recentThreads })
}

async function merge(transaction: CacheTransaction, stored: CachedState, change: CacheChange): Promise<void> {
  const { state, changed } = change
  const left = new Set<number>()
  await Promise.all([
    ...changed.rooms.map(async (mine) => {
      const room = mergeRoom(await transaction.get('rooms', mine.id), mine)
      transaction.put('rooms', room)
      if (room.own.left_at !== null) left.add(room.id)
    }),
    ...changed.names.map(async (mine) => {
      const known = await transaction.get('names', mine.id)
      if (!known || known.version <= mine.version) transaction.put('names', mine)
    }),
    ...changed.ownRows.map(async (mine) => {
      const known = await transaction.get('ownRows', mine.id)
      if (!known || known.own_version <= mine.own_version) transaction.put('ownRows', mine)
    }),
  ])
  await mergeWindows(transaction, changed.windows)
  const order = orderOfUse(stored.recent, state.recent).filter((id) => !left.has(id))
  const recent = order.slice(-maxWindows)
  for (const id of [...left, ...order.slice(0, -maxWindows)]) transaction.delete('windows', id)
  transaction.put('state', {
    ...state,
    user_version: Math.max(stored.user_version, state.user_version),
    workspace_version: Math.max(stored.workspace_version, state.workspace_version),
    recent,
    recentThreads: await mergeThreads(
      transaction,
      changed,
      orderOfUse(stored.recentThreads, state.recentThreads),
      left,
    ),
  })
}

/** What this tab uses was used last. */
function orderOfUse(stored: readonly number[], mine: readonly number[]): number[] {
  const used = new Set(mine)
  return [...stored.filter((id) => !used.has(id)), ...mine]
}

/** The parts of a room are merged each by its own version, as they are in memory. */
export function mergeRoom(stored: CachedRoom | undefined, mine: CachedRoom): CachedRoom {
  if (!stored) return mine
  return {
    id: mine.id,
    room: newer(stored.room, mine.room, (room) => room.version),
    own: isNewerOwn(stored.own, mine.own) ? stored.own : mine.own,
    marker: newer(stored.marker, mine.marker, (marker) => marker.user_version),
    ownMessage: newer(stored.ownMessage, mine.ownMessage, (message) => message.version),
    mentions: mergeMentions(stored.mentions, mine.mentions),
    seen: Math.max(stored.seen, mine.seen),
  }
}

function newer<T>(stored: T | undefined, mine: T | undefined, versionOf: (value: T) => number): T | undefined {
  if (stored === undefined || mine === undefined) return mine ?? stored
  return versionOf(stored) > versionOf(mine) ? stored : mine
}

/** Whole: rows and the version that vouches for them are never taken from two. Not those of rooms that were left. */
async function mergeWindows(transaction: CacheTransaction, windows: readonly CachedWindow[]): Promise<void> {
  await Promise.all(
    windows.map(async (mine) => {
      const [known, room] = await Promise.all([transaction.get('windows', mine.id), transaction.get('rooms', mine.id)])
      const isOwn = room !== undefined && room.own.left_at === null
      if (isOwn && (!known || known.version <= mine.version)) transaction.put('windows', mine)
    }),
  )
}
