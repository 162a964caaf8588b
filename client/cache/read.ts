import type { CachedName, CachedRoom, CachedState, CachedWindow, CacheTransaction } from '../storage/cache-storage.ts'

/** Raised by every change of what records mean. What another version of the client wrote is dropped, not understood. */
export const cacheSchema = 1

/** What a client begins with; windows are read when their rooms are opened. */
export type Cached = { state: CachedState; rooms: readonly CachedRoom[]; names: readonly CachedName[] }

/** Undefined if there is nothing of use. */
export async function readCache(transaction: CacheTransaction): Promise<Cached | undefined> {
  const state = await transaction.get('state', 0)
  if (!isReadable(state)) return undefined
  const [rooms, names] = await Promise.all([transaction.getAll('rooms'), transaction.getAll('names')])
  return { state, rooms, names }
}

/** The window of a room, unless another lineage has taken the place of this one. */
export async function readWindow(
  transaction: CacheTransaction,
  roomId: number,
  lineage: string,
): Promise<CachedWindow | undefined> {
  const [state, window] = await Promise.all([transaction.get('state', 0), transaction.get('windows', roomId)])
  return isReadable(state) && state.lineage === lineage ? window : undefined
}

export function isReadable(state: CachedState | undefined): state is CachedState {
  return state?.schema === cacheSchema && state.epoch !== '' && Number.isSafeInteger(state.me?.id)
}
