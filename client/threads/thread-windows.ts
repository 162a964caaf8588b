import type { HistoryPage, MessageRow } from '@grandchat/contracts/messages/schema'
import type { Changes, RoomChanges } from '@grandchat/contracts/sync/schema'
import type { MessageView, PendingMessage, Timeline } from '../client.ts'
import type { Environment } from '../environment.ts'
import type { HistoryQuery } from '../messages/requests.ts'
import type { Rows } from '../messages/run.ts'
import { presentTimeline } from '../messages/timeline.ts'
import type { Views } from '../messages/views.ts'
import { createWindow } from '../messages/window.ts'
import { createWindows } from '../messages/windows.ts'
import type { Observable } from '../observable.ts'
import type { Rooms } from '../rooms/rooms.ts'
import type { MakeSource, Source } from '../source.ts'
import type { CachedWindow } from '../storage/cache-storage.ts'
import type { RoomChange } from '../sync/change.ts'
import type { Follower } from '../sync/follower.ts'
import { createLanes } from '../sync/lanes.ts'

export type ThreadWindowsSetup = {
  environment: Environment
  source: MakeSource
  rooms: Rooms
  views: Views
  pending: (roomId: number) => readonly PendingMessage[]
  history: (roomId: number, query: HistoryQuery & { thread: number }) => Promise<HistoryPage>
  changes: (roomId: number, query: { since: number; low: number; thread: number }) => Promise<Changes>
  head: (roomId: number) => number
  canLoad: (roomId: number) => boolean
  moment: (roomId: number) => number
  onRefused: () => void
  onRewound: () => void
  /** Messages that an answer brought. */
  onRows: (rows: readonly MessageRow[]) => void
  /** What a repair brought besides; of the room's own messages it tells nothing. */
  onRepair: (changes: RoomChanges) => void
  /** Where a reader was in a thread when it was opened; null if nothing was new. */
  dividerOf: (threadId: number) => number | null
  /** What an earlier client knew of a thread. */
  kept: (threadId: number) => Promise<CachedWindow | undefined>
  /** What is known of a thread is another. */
  onChange: () => void
}

export type ThreadWindows = ReturnType<typeof createThreadWindows>

/**
 * The messages of threads that are on screen. They follow the events of their room by the same rules as its own messages;
 * each has a lane of its own, for its pages meet no other window's.
 */
export function createThreadWindows(setup: ThreadWindowsSetup) {
  const { environment, source, rooms } = setup
  const roomIds = new Map<number, number>()
  const timelines = new Map<number, Source<Timeline>>()
  const dividers = new Map<number, number | null>()
  /** Opened before the server has said where the reader is. */
  const undecided = new Set<number>()
  const roomOf = (threadId: number) => roomIds.get(threadId) ?? 0

  const windows = createWindows({
    environment,
    lanes: createLanes(),
    createWindow: (threadId) => createWindow(roomOf(threadId), threadId),
    head: (threadId) => setup.head(roomOf(threadId)),
    canLoad: (threadId) => setup.canLoad(roomOf(threadId)),
    isMember: (threadId) => rooms.isMember(roomOf(threadId)),
    history: (threadId, query) => setup.history(roomOf(threadId), { ...query, thread: threadId }),
    changes: (threadId, query) => setup.changes(roomOf(threadId), { ...query, thread: threadId }),
    kept: setup.kept,
    onChange(threadId) {
      timelines.get(threadId)?.changed()
      setup.onChange()
    },
    onRefused: setup.onRefused,
    onRewound: setup.onRewound,
    moment: (threadId) => setup.moment(roomOf(threadId)),
    onPage: setup.onRows,
    onRepair(changes) {
      setup.onRows(changes.messages)
      setup.onRepair(changes)
    },
  })

  function timelineOf(roomId: number, threadId: number): Source<Timeline> {
    roomIds.set(threadId, roomId)
    const known = timelines.get(threadId)
    if (known) return known
    const made = source(() => present(roomId, threadId))
    timelines.set(threadId, made)
    return made
  }

  function present(roomId: number, threadId: number): Timeline {
    const pane = windows.get(threadId)
    const isGone = rooms.isGone(roomId)
    const failed = pane?.hasFailed ? 'error' : 'loading'
    return presentTimeline(pane, {
      views: setup.views,
      status: isGone ? 'gone' : pane?.window.isLoaded ? 'ready' : failed,
      pending: setup.pending(roomId).filter((message) => message.thread_id === threadId),
      dividerAfterSeq: dividers.get(threadId) ?? null,
    })
  }

  function decideDivider(threadId: number) {
    dividers.delete(threadId)
    if (!setup.canLoad(roomOf(threadId))) return undecided.add(threadId)
    undecided.delete(threadId)
    dividers.set(threadId, setup.dividerOf(threadId))
    return timelines.get(threadId)?.changed()
  }

  function changed(roomId: number) {
    for (const [threadId, place] of roomIds) if (place === roomId) timelines.get(threadId)?.changed()
  }

  const inRoom = (roomId: number) => [...roomIds].filter(([, place]) => place === roomId).map(([threadId]) => threadId)

  const follower: Follower = {
    receive(change: RoomChange) {
      for (const threadId of inRoom(change.room_id)) windows.receive(change, threadId)
    },
    noteHead(roomId) {
      for (const threadId of inRoom(roomId)) windows.noteHead(threadId)
    },
    attend(roomId) {
      for (const threadId of inRoom(roomId)) windows.attend(threadId)
    },
    attendAll() {
      undecided.forEach(decideDivider)
      windows.attendAll()
    },
    drop(roomId) {
      for (const threadId of inRoom(roomId)) windows.drop(threadId)
    },
    reset: () => windows.reset(),
  }

  return {
    ...follower,
    /** The viewer's wishes, names or pending messages of this room are others. */
    changed,
    changedAll() {
      for (const timeline of timelines.values()) timeline.changed()
    },
    timeline: (roomId: number, threadId: number): Observable<Timeline> => timelineOf(roomId, threadId),

    open(roomId: number, threadId: number): () => void {
      timelineOf(roomId, threadId)
      if (!windows.get(threadId)?.openings) decideDivider(threadId)
      return windows.open(threadId)
    },

    /** One of the messages that are loaded. */
    find(messageId: number): MessageView | undefined {
      for (const threadId of roomIds.keys()) {
        const window = windows.get(threadId)?.window
        const view = window?.isLoaded ? setup.views.viewIn(window, messageId) : undefined
        if (view) return view
      }
      return undefined
    },

    findRow(messageId: number): MessageRow | undefined {
      for (const threadId of roomIds.keys()) {
        const row = windows.get(threadId)?.window.rows.get(messageId)
        if (row) return row
      }
      return undefined
    },

    /** Those that are loaded, in the order of use: that on screen last. */
    list: () => windows.list(),

    loadOlder: (threadId: number) => windows.loadOlder(threadId),
    reload: (threadId: number) => windows.reload(threadId),

    /** The answer to a request: whichever of these are a thread's that is known. */
    mergeRows(roomId: number, rows: Partial<Rows>) {
      for (const threadId of inRoom(roomId)) windows.mergeRows(threadId, rows)
    },
  }
}
