import type { MessageAdded, MessageRow } from '@grandchat/contracts/messages/schema'
import type { OwnRow } from '@grandchat/contracts/own-rows/schema'
import type { RowsChanged } from '@grandchat/contracts/realtime/events'
import type { Me } from '@grandchat/contracts/sessions/schema'
import type { RoomChanges } from '@grandchat/contracts/sync/schema'
import type { ChangedFollowing } from '@grandchat/contracts/threads/schema'
import { type Performer, type Performers, performer } from './actions/action.ts'
import { createActionQueue } from './actions/queue.ts'
import type { Recall } from './cache/recall.ts'
import type { Environment } from './environment.ts'
import { createMentionList } from './mentions/list.ts'
import { fetchMentions } from './mentions/requests.ts'
import { createBeside } from './messages/beside.ts'
import { createOwnMessages } from './messages/own-messages.ts'
import { type Target, fetchHistory, fetchMessages, postMessage, setOfMessage } from './messages/requests.ts'
import { createSendQueue } from './messages/send-queue.ts'
import { createTimelines } from './messages/timeline.ts'
import { createViews } from './messages/views.ts'
import { createWindows } from './messages/windows.ts'
import type { OwnRows } from './own-rows/own-rows.ts'
import { createPinBoards } from './pins/pin-board.ts'
import { fetchPins, setPin } from './pins/requests.ts'
import { setReaction } from './reactions/requests.ts'
import type { Request } from './rest/request.ts'
import type { Rooms } from './rooms/rooms.ts'
import type { MakeSource } from './source.ts'
import { createAttempt } from './storage/attempt.ts'
import type { ClientStorage } from './storage/storage.ts'
import type { Engine } from './sync/engine.ts'
import type { Lanes } from './sync/lanes.ts'
import { momentOf } from './sync/moment.ts'
import { fetchChanges } from './sync/requests.ts'
import { createFollowed } from './threads/followed.ts'
import { createThreadMemory } from './threads/memory.ts'
import { changeFollowing, fetchFollowed } from './threads/requests.ts'
import { createThreadWindows } from './threads/thread-windows.ts'
import type { Directory } from './users/directory.ts'

export type ConversationsSetup = {
  environment: Environment
  source: MakeSource
  storage: ClientStorage
  lanes: Lanes
  directory: Directory
  rooms: Rooms
  engine: () => Engine
  recall: () => Recall
  me: () => Me | undefined
  /** A member, and the server has said so. */
  canLoad: (roomId: number) => boolean
  request: Request
  /** In the name of the one who is signed in. */
  ownRequest: Request
  ownRows: OwnRows
  /** How the viewer's own state is written. */
  ownPerformers: Pick<Performers, 'own_row' | 'schedule' | 'level' | 'muted'>
  /** What a repair of messages from `lowSeq` on brought, in one of its parts. */
  onRepair: (changes: RoomChanges, lowSeq: number) => void
  /** What is known of a room's messages is another. */
  onWindow: (roomId: number) => void
  /** The one who is signed in has signed out in another tab. */
  onForgotten: () => void
}

export type Conversations = ReturnType<typeof createConversations>

/** What is said in rooms and hangs on it: known, written and done. */
export function createConversations(setup: ConversationsSetup) {
  const { environment, source, storage, lanes, directory, rooms, engine, canLoad, request, ownRequest } = setup
  const viewerId = () => setup.me()?.id
  const head = (roomId: number) => rooms.head(roomId)
  const moment = (roomId: number) => momentOf(environment, rooms.entry(roomId)?.room?.member_count)
  const inRooms = { environment, source, head, moment, canLoad, isGone: rooms.isGone }

  const windows = createWindows({
    environment,
    lanes,
    canLoad,
    head,
    history: (roomId, query) => fetchHistory(ownRequest, roomId, query),
    changes: (roomId, query) => engine().ofThisEpoch(fetchChanges(ownRequest, roomId, query)),
    isMember: (roomId) => rooms.isMember(roomId),
    kept: (roomId) => setup.recall().readWindow(roomId),
    onChange(roomId) {
      changed(roomId)
      setup.onWindow(roomId)
      setup.recall().touch()
    },
    onRefused: () => engine().demandSync(),
    onRewound: () => engine().startOver(),
    moment,
    onPage: (rows) => rows.forEach(ownMessages.note),
    onRepair(changes, lowSeq) {
      followed.merge(changes.threads)
      setup.onRepair(changes, lowSeq)
    },
  })
  const did = createAttempt(environment.report)
  const queue = createSendQueue({
    environment,
    did,
    storage,
    post: (message, signal) => postMessage(request, message, signal),
    onSent,
    onSeen: noteArrived,
    onChange(roomId) {
      timelines.changed(roomId)
      threads.changed(roomId)
      unsent.changed()
    },
    onForgotten: setup.onForgotten,
  })
  const unsent = source(() => queue.unsent())
  const ownMessages = createOwnMessages({
    rooms,
    viewerId,
    onSeen: (row) => queue.confirm(row),
    onUnsure: () => engine().suspect(),
  })
  const actions = createActionQueue({ environment, did, source, storage, performers: createPerformers() })
  const views = createViews({ environment, directory, actions: () => actions, viewerId })
  const timelines = createTimelines({ source, views, rooms, windows: () => windows, queue: () => queue })
  const beside = createBeside({
    ...inRooms,
    views,
    pane: windows.get,
    fetchMessages: (roomId, ids) => fetchMessages(ownRequest, roomId, ids),
  })
  const threads = createThreadWindows({
    ...inRooms,
    rooms,
    views,
    pending: (roomId) => queue.pending(roomId),
    history: (roomId, query) => fetchHistory(ownRequest, roomId, query),
    changes: (roomId, query) => engine().ofThisEpoch(fetchChanges(ownRequest, roomId, query)),
    onRefused: () => engine().demandSync(),
    onRewound: () => engine().startOver(),
    onRows: (rows) => rows.forEach(ownMessages.note),
    onRepair({ room, threads: changedThreads }) {
      followed.merge(changedThreads)
      rooms.mergeReadRoom(room)
    },
    dividerOf: (threadId) => followed.dividerOf(threadId),
    async kept(threadId) {
      const kept = await setup.recall().readThreadWindow(threadId)
      if (kept) threadMemory.restoreRoot(kept)
      return kept
    },
    onChange: () => setup.recall().touch(),
  })
  const followed = createFollowed({
    source,
    directory,
    ownRows: setup.ownRows,
    actions: () => actions,
    viewerId,
    isMember: rooms.isMember,
    canLoad: () => setup.me() !== undefined && engine().hasSynced(),
    fetchFollowed: (before) => fetchFollowed(ownRequest, before),
    find: (roomId, threadId) => windows.get(roomId)?.window.threads.get(threadId),
  })
  const mentions = createMentionList({
    environment,
    source,
    directory,
    rooms,
    followed,
    viewerId,
    canLoad: () => setup.me() !== undefined && engine().hasSynced(),
    moment,
    fetchMentions: (before) => fetchMentions(ownRequest, before),
  })
  const threadMemory = createThreadMemory({ windows, beside, threads, followed })
  const pins = createPinBoards({
    ...inRooms,
    beside: () => beside,
    fetchPins: (roomId) => fetchPins(ownRequest, roomId),
    wishes: () => actions.of('pin'),
  })

  function changed(roomId: number) {
    timelines.changed(roomId)
    threads.changed(roomId)
    beside.changed(roomId)
  }

  function onSent({ room, ...row }: MessageAdded) {
    rooms.mergeRoom(room)
    noteArrived(row)
  }

  function noteArrived(row: MessageRow) {
    rooms.noteOwnMessage(row)
    windows.mergeRows(row.room_id, { messages: [row] })
    threads.mergeRows(row.room_id, { messages: [row] })
  }

  /** The rows of an answer: of those that are known, the higher version stays. What came before them may be missing. */
  function mergeAnswer({ room, ...rows }: RowsChanged) {
    rooms.mergeRoom(room)
    windows.mergeRows(room.id, rows)
    beside.mergeRows(room.id, rows)
    threads.mergeRows(room.id, rows)
    followed.merge(rows.threads ?? [])
    mentions.merge(rows.messages ?? [])
    pins.mergePins(room.id, rows.pins ?? [])
  }

  function createPerformers(): Performers {
    const inRoom = <Body extends { room_id: number }>(
      of: Pick<Performer<Body, RowsChanged>, 'send' | 'keepsRefused'> & Partial<Performer<Body, RowsChanged>>,
    ) =>
      performer<Body, RowsChanged>({
        merge: mergeAnswer,
        ...of,
        onChange({ room_id }) {
          changed(room_id)
          pins.changed(room_id)
        },
      })
    const ofThread = <Body extends Target & ChangedFollowing>() =>
      performer<Body, OwnRow>({
        send: (body, how) => changeFollowing(request, body, how),
        merge: (row) => setup.ownRows.mergeWritten(row),
        onChange: () => followed.changed(),
      })
    return {
      edit: inRoom({
        send: (body, how) => setOfMessage(request, 'PATCH', body, { ...how, body: { content: body.content } }),
        // Its text is the author's; but there is nothing left to edit where the message is gone.
        keepsRefused: ({ code }) => code !== 'not_found',
      }),
      remove: inRoom({
        send: (body, how) => setOfMessage(request, 'DELETE', body, how),
        merge(answer, { message_id }) {
          mergeAnswer(answer)
          // The text of an edit that was refused goes with its message.
          for (const edit of actions.of('edit')) {
            if (edit.body.message_id === message_id && edit.state === 'failed') actions.discard(edit.id)
          }
        },
      }),
      react: inRoom({ send: (body, how) => setReaction(request, body, how) }),
      pin: inRoom({ send: (body, how) => setPin(request, body, how) }),
      follow: ofThread(),
      read_thread: ofThread(),
      ...setup.ownPerformers,
    }
  }

  return {
    windows,
    queue,
    unsent,
    ownMessages,
    actions,
    timelines,
    beside,
    pins,
    threads,
    followed,
    threadMemory,
    mentions,
    mergeAnswer,

    /** An own message was seen: it is where it belongs before it is pending no more. */
    confirm(row: MessageRow) {
      threads.mergeRows(row.room_id, { messages: [row] })
      queue.confirm(row)
    },
    start({ id, username, display_name }: Me) {
      queue.start({ id, username, display_name })
      actions.start(id)
    },
    stop() {
      queue.stop()
      actions.stop()
    },
    /** Nothing that was written or done stays on this device. */
    forget() {
      queue.forget()
      actions.forget()
    },
    wake() {
      queue.wake()
      actions.wake()
    },
    takeTurn() {
      queue.takeTurn()
      actions.takeTurn()
    },
    namesChanged() {
      timelines.changedAll()
      threads.changedAll()
      followed.changed()
      beside.changedAll()
    },
  }
}
