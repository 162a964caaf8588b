import type { MessageView, PendingMessage, Timeline } from '../client.ts'
import type { Observable } from '../observable.ts'
import type { Rooms } from '../rooms/rooms.ts'
import type { MakeSource, Source } from '../source.ts'
import type { Pane } from './pane.ts'
import type { SendQueue } from './send-queue.ts'
import type { Views } from './views.ts'
import { type Window, hasNewer, hasOlder, sortedRows } from './window.ts'
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
  views: Views
  rooms: Rooms
  windows: () => Windows
  queue: () => SendQueue
}

const noMessages: readonly MessageView[] = []

export function createTimelines({ source, views, rooms, windows, queue }: TimelinesSetup): Timelines {
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
    return presentTimeline(pane, {
      views,
      status: statusOf(roomId, pane),
      pending: queue()
        .pending(roomId)
        .filter((message) => message.thread_id === 0),
      dividerAfterSeq: dividers.get(roomId) ?? null,
    })
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

export type Around = Pick<Timeline, 'status' | 'pending' | 'dividerAfterSeq'> & { views: Views }

/** What a window shows, with what stands around it. */
export function presentTimeline(pane: Pane | undefined, { views, pending, ...around }: Around): Timeline {
  const messages = pane?.window.isLoaded ? messagesOf(views, pane.window) : noMessages
  return {
    ...around,
    messages,
    pending: withoutSent(pending, messages),
    hasOlder: pane !== undefined && hasOlder(pane.window),
    loadingOlder: pane?.isLoadingOlder ?? false,
    olderFailed: pane?.hasOlderFailed ?? false,
    hasNewer: pane !== undefined && hasNewer(pane.window),
    loadingNewer: pane?.isLoadingNewer ?? false,
    newerFailed: pane?.hasNewerFailed ?? false,
    target: pane?.target ?? null,
  }
}

function messagesOf(views: Views, window: Window): MessageView[] {
  const wishes = views.wishesOf(window.roomId)
  return sortedRows(window).map((row) => views.view(window, row, wishes.get(row.id)))
}

/** A window of an earlier time may have the row of a message that is not known yet to have arrived. */
function withoutSent(pending: readonly PendingMessage[], messages: readonly MessageView[]): readonly PendingMessage[] {
  if (pending.length === 0) return pending
  const sent = new Set(messages.map((row) => row.client_message_id))
  return pending.filter((message) => !sent.has(message.client_message_id))
}
