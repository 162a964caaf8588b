import type { FoundMessage, MessageSearchAnswer } from '@grandchat/contracts/search/schema'
import { readWindows } from '../cache/read.ts'
import { attachedOf } from '../messages/run.ts'
import type { Windows } from '../messages/windows.ts'
import type { Request } from '../rest/request.ts'
import type { Rooms } from '../rooms/rooms.ts'
import type { CacheStorage } from '../storage/cache-storage.ts'
import { type LocalRun, searchRuns } from './local.ts'
import { type MessageSearchOptions, searchMessages } from './requests.ts'

export type SearchMethods = {
  /** Newest first; rejects where the server cannot be asked. */
  messages(q: string, options?: MessageSearchOptions): Promise<MessageSearchAnswer>
  /** What this device knows and matches, newest first: also without a network. */
  local(q: string): Promise<readonly FoundMessage[]>
}

export type SearchSetup = {
  rooms: Rooms
  windows: Windows
  storage: CacheStorage | undefined
  viewerId: () => number | undefined
  request: Request
}

export function createSearch({ rooms, windows, storage, viewerId, request }: SearchSetup): SearchMethods {
  /** A device that cannot be read knows what is in memory. */
  async function keptRuns(userId: number): Promise<readonly LocalRun[]> {
    const kept = await storage?.run('readonly', (transaction) => readWindows(transaction, userId)).catch(() => [])
    return (kept ?? []).map(({ id, ...window }) => ({ roomId: id, ...window }))
  }

  const loadedRuns = () =>
    windows.list().map((window) => ({ roomId: window.roomId, rows: window.rows.values(), ...attachedOf(window) }))

  return {
    messages: (q, options = {}) => searchMessages(request, q, options),
    async local(q) {
      const userId = viewerId()
      if (userId === undefined) return []
      const kept = await keptRuns(userId)
      // Somebody else may have come meanwhile.
      if (viewerId() !== userId) return []
      const runs = [...loadedRuns(), ...kept]
      const room = (roomId: number) => (rooms.isMember(roomId) ? rooms.get(roomId).get() : undefined)
      return searchRuns(q, { runs, room, viewerId: userId })
    },
  }
}
