import type {
  CachedName,
  CachedOwnRow,
  CachedRoom,
  CachedState,
  CachedThread,
  CachedWindow,
  CacheRecords,
  CacheTransaction,
} from '../storage/cache-storage.ts'

/** Raised by every change of what records mean. What another version of the client wrote is dropped, not understood. */
export const cacheSchema = 5

/** Windows that come with the rest: one of these rooms is most likely on screen first. */
const firstWindows = 3

/** What a client begins with; other windows are read when their rooms are opened. */
export type Cached = {
  state: CachedState
  rooms: readonly CachedRoom[]
  names: readonly CachedName[]
  ownRows: readonly CachedOwnRow[]
  windows: readonly CachedWindow[]
  threads: readonly CachedThread[]
}

/** Undefined if there is nothing of use. */
export async function readCache(transaction: CacheTransaction): Promise<Cached | undefined> {
  const state = await transaction.get('state', 0)
  if (!isReadable(state)) return undefined
  const [rooms, names, ownRows, threads, ...windows] = await Promise.all([
    transaction.getAll('rooms'),
    transaction.getAll('names'),
    transaction.getAll('ownRows'),
    transaction.getAll('threads'),
    ...state.recent.slice(-firstWindows).map((id) => transaction.get('windows', id)),
  ])
  return { state, rooms, names, ownRows, threads, windows: windows.filter((window) => window !== undefined) }
}

/** The window of a room, or of a thread, unless another lineage has taken the place of this one. */
export async function readWindow<Name extends 'windows' | 'threadWindows'>(
  transaction: CacheTransaction,
  store: Name,
  id: number,
  lineage: string,
): Promise<CacheRecords[Name] | undefined> {
  const [state, window] = await Promise.all([transaction.get('state', 0), transaction.get(store, id)])
  return isReadable(state) && state.lineage === lineage ? window : undefined
}

/** All windows of this person. */
export async function readWindows(transaction: CacheTransaction, userId: number): Promise<readonly CachedWindow[]> {
  const [state, windows] = await Promise.all([transaction.get('state', 0), transaction.getAll('windows')])
  return isReadable(state) && state.me.id === userId ? windows : []
}

export function isReadable(state: CachedState | undefined): state is CachedState {
  return state?.schema === cacheSchema && state.epoch !== '' && Number.isSafeInteger(state.me?.id)
}
