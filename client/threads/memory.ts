import type { MessageRow } from '@grandchat/contracts/messages/schema'
import type { Beside } from '../messages/beside.ts'
import type { Window } from '../messages/window.ts'
import type { Windows } from '../messages/windows.ts'
import type { CachedThread, CachedThreadWindow } from '../storage/cache-storage.ts'
import type { Followed } from './followed.ts'
import type { ThreadWindows } from './thread-windows.ts'

export type ThreadMemorySetup = {
  windows: Windows
  beside: Beside
  threads: ThreadWindows
  followed: Followed
}

/** What is known of threads, and worth keeping for the next start. */
export type KnownThreads = {
  threads: readonly CachedThread[]
  /** In the order of use, that on screen last; each with the message that it hangs from. */
  threadWindows: readonly { window: Window; root: MessageRow | undefined }[]
}

export type ThreadMemory = ReturnType<typeof createThreadMemory>

/** Gathers what is known of threads, and begins with what an earlier client knew. */
export function createThreadMemory({ windows, beside, threads, followed }: ThreadMemorySetup) {
  /** The newest row of a message, wherever it is shown. */
  function findRow(roomId: number, id: number): MessageRow | undefined {
    const found = [windows.get(roomId)?.window.rows.get(id), threads.findRow(id), beside.findRow(roomId, id)]
    return found.filter((row) => row !== undefined).toSorted((a, b) => b.version - a.version)[0]
  }

  return {
    known: (): KnownThreads => ({
      threads: followed.rows().map((row) => {
        const { id, room_id, last_message_id } = row
        const messages = [id, last_message_id].map((message) => findRow(room_id, message ?? 0))
        return { id, room_id, row, messages: messages.filter((message) => message !== undefined) }
      }),
      threadWindows: threads.list().map((window) => ({ window, root: findRow(window.roomId, window.key) })),
    }),

    restore(kept: readonly CachedThread[]) {
      followed.merge(kept.map(({ row }) => row))
      for (const { room_id, messages } of kept) beside.restore(room_id, messages)
    },

    /** The thread is opened: what it hangs from is shown above it. */
    restoreRoot: ({ room_id, root }: CachedThreadWindow) => root && beside.restore(room_id, [root]),
  }
}
