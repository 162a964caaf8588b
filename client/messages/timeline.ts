import type { MessageRow } from '@grandchat/contracts/messages/schema'
import type { PendingMessage, Timeline } from '../client.ts'
import type { Observable } from '../observable.ts'
import type { Rooms } from '../rooms/rooms.ts'
import type { MakeSource, Source } from '../source.ts'
import type { Directory } from '../users/directory.ts'
import type { SendQueue } from './send-queue.ts'
import { hasOlder, sortedRows } from './window.ts'
import type { Pane } from './pane.ts'
import type { Windows } from './windows.ts'

export type Timelines = {
  get: (roomId: number) => Observable<Timeline>
  changed: (roomId: number) => void
  changedAll: () => void
  /** Sets the divider of new messages where the reader is now, once that is known. */
  setDivider: (roomId: number) => void
  /** Where one person was is nothing to the next. */
  forgetDividers: () => void
}

type TimelinesSetup = {
  source: MakeSource
  directory: Directory
  rooms: Rooms
  windows: () => Windows
  queue: () => SendQueue
}

const noMessages: readonly MessageRow[] = []

export function createTimelines({ source, directory, rooms, windows, queue }: TimelinesSetup): Timelines {
  const sources = new Map<number, Source<Timeline>>()
  const dividers = new Map<number, number | null>()

  function get(roomId: number): Source<Timeline> {
    const known = sources.get(roomId)
    if (known) return known
    const timeline = source(() => present(roomId))
    sources.set(roomId, timeline)
    return timeline
  }

  function present(roomId: number): Timeline {
    const pane = windows().get(roomId)
    const messages = pane?.window.isLoaded ? sortedRows(pane.window).map(directory.withNames) : noMessages
    return {
      status: statusOf(roomId, pane),
      messages,
      pending: withoutSent(queue().pending(roomId), messages),
      hasOlder: pane !== undefined && hasOlder(pane.window),
      loadingOlder: pane?.isLoadingOlder ?? false,
      olderFailed: pane?.hasOlderFailed ?? false,
      dividerAfterSeq: dividers.get(roomId) ?? null,
    }
  }

  function statusOf(roomId: number, pane: Pane | undefined): Timeline['status'] {
    if (rooms.isGone(roomId)) return 'gone'
    if (pane?.window.isLoaded) return 'ready'
    return pane?.hasFailed ? 'error' : 'loading'
  }

  function decideDivider(roomId: number): boolean {
    const room = rooms.get(roomId).get()
    // Where the reader was when this device last looked is not where they are: they may have read on elsewhere.
    if (!room || !rooms.isReady()) return false
    dividers.set(roomId, room.unread > 0 ? room.read_seq : null)
    get(roomId).changed()
    return true
  }

  return {
    get,
    changed: (roomId) => sources.get(roomId)?.changed(),
    changedAll() {
      for (const timeline of sources.values()) timeline.changed()
    },
    setDivider(roomId) {
      dividers.delete(roomId)
      if (decideDivider(roomId)) return
      // Opened by its address before the first sync: as soon as the room is known.
      const unsubscribe = rooms.list.subscribe(() => {
        if (dividers.has(roomId) || decideDivider(roomId)) unsubscribe()
      })
    },
    forgetDividers() {
      dividers.clear()
      for (const timeline of sources.values()) timeline.changed()
    },
  }
}

/** A window of an earlier time may have the row of a message that is not known yet to have arrived. */
function withoutSent(pending: readonly PendingMessage[], messages: readonly MessageRow[]): readonly PendingMessage[] {
  if (pending.length === 0) return pending
  const sent = new Set(messages.map((row) => row.client_message_id))
  return pending.filter((message) => !sent.has(message.client_message_id))
}
