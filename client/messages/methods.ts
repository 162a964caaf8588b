import type { Client, MessageView } from '../client.ts'
import type { NewAction } from '../actions/action.ts'
import type { Conversations } from '../conversations.ts'
import { fetchReactions } from '../reactions/requests.ts'
import type { Request } from '../rest/request.ts'
import { fetchEdits, removeWhileLeaving } from './requests.ts'
import { toContent } from './text.ts'

export type ConversationMethods = Pick<Client, 'messages' | 'threads' | 'mentions' | 'reactions' | 'pins' | 'actions'>

export type OpeningHooks = {
  /** The viewer is in the room until the returned function is called. */
  onOpened: (roomId: number) => () => void
  /** Its messages are on screen elsewhere. */
  onGlance: (roomId: number) => void
}

/** What can be done in a room. */
export function createConversationMethods(
  { windows, timelines, queue, unsent, actions, beside, pins, threads, followed, mentions }: Conversations,
  ownRequest: Request,
  { onOpened, onGlance }: OpeningHooks,
): ConversationMethods {
  /** How often each room is open to be read. */
  const visits = new Map<number, number>()
  const keyOf = (roomId: number, messageId: number) => `${roomId}:${messageId}`
  const editOf = (roomId: number, messageId: number) =>
    actions.of('edit').findLast(({ key }) => key === keyOf(roomId, messageId))
  const add = (
    roomId: number,
    action: Pick<NewAction, 'kind' | 'key' | 'body'>,
    how?: Parameters<typeof actions.add>[1],
  ) => actions.add({ ...action, lane: `room:${roomId}` } as NewAction, how)

  /** What is known of a message that the viewer sees. */
  function accessShown(roomId: number, messageId: number): MessageView {
    const found = threads.find(messageId) ?? beside.find(roomId, messageId)
    if (typeof found === 'string') throw new RangeError(`the message is ${found}`)
    return found
  }

  function send(...message: Parameters<typeof queue.send>): string {
    const id = queue.send(...message)
    const [roomId, , { thread_id: threadId } = {}] = message
    if (threadId === undefined) void windows.jumpToNewest(roomId)
    return id
  }

  return {
    messages: {
      timeline: (roomId) => timelines.get(roomId),
      open(roomId) {
        if (!visits.has(roomId)) timelines.setDivider(roomId)
        visits.set(roomId, (visits.get(roomId) ?? 0) + 1)
        const close = windows.open(roomId)
        const leave = onOpened(roomId)
        let isOpen = true
        return () => {
          if (!isOpen) return
          isOpen = false
          const others = (visits.get(roomId) ?? 1) - 1
          if (others > 0) visits.set(roomId, others)
          else visits.delete(roomId)
          close()
          leave()
        }
      },
      glance(roomId) {
        const close = windows.open(roomId)
        onGlance(roomId)
        return close
      },
      openAt: (roomId, messageId) => windows.openAt(roomId, messageId),
      loadOlder: (roomId) => windows.loadOlder(roomId),
      loadNewer: (roomId) => windows.loadNewer(roomId),
      jumpToNewest: (roomId) => windows.jumpToNewest(roomId),
      reload: (roomId) => windows.reload(roomId),
      get: (roomId, messageId) => beside.get(roomId, messageId),
      send: (roomId, content, { replyTo, threadId } = {}) =>
        send(roomId, content, {
          ...(replyTo === undefined ? {} : { reply_to: replyTo }),
          ...(threadId === undefined ? {} : { thread_id: threadId }),
        }),
      forward({ roomId, messageId }, toRoomId) {
        const { content, user, created_at, forwarded } = accessShown(roomId, messageId)
        const said = forwarded ?? { user, created_at }
        return send(toRoomId, content, {
          forward: { room_id: roomId, message_id: messageId, user: said.user, created_at: said.created_at },
        })
      },
      edit(roomId, messageId, text) {
        const body = { room_id: roomId, message_id: messageId, content: toContent(text) }
        add(roomId, { kind: 'edit', key: keyOf(roomId, messageId), body })
      },
      remove(roomId, messageId, { isLeaving = false, undoMs = 0 } = {}) {
        const body = { room_id: roomId, message_id: messageId }
        // There is no time to store it first. That it is queued as well does no harm.
        if (isLeaving) removeWhileLeaving(ownRequest, body)
        const key = keyOf(roomId, messageId)
        const isOnItsWay = actions.of('remove').some((removal) => removal.key === key && !removal.isHeld)
        if (!isOnItsWay) add(roomId, { kind: 'remove', key, body }, { holdMs: undoMs })
      },
      keep(roomId, messageId) {
        const key = keyOf(roomId, messageId)
        for (const removal of actions.of('remove')) if (removal.key === key) actions.discard(removal.id)
      },
      retryChange(roomId, messageId) {
        const edit = editOf(roomId, messageId)
        if (edit) actions.retry(edit.id)
      },
      discardChange(roomId, messageId) {
        const edit = editOf(roomId, messageId)
        if (edit) actions.discard(edit.id)
      },
      edits: (roomId, messageId) => fetchEdits(ownRequest, roomId, messageId),
      retry: (roomId, clientMessageId) => queue.retry(roomId, clientMessageId),
      discard: (roomId, clientMessageId) => queue.discard(roomId, clientMessageId),
      unsent,
    },
    threads: {
      timeline: (roomId, threadId) => threads.timeline(roomId, threadId),
      open: (roomId, threadId) => threads.open(roomId, threadId),
      loadOlder: (_roomId, threadId) => threads.loadOlder(threadId),
      reload: (_roomId, threadId) => threads.reload(threadId),
      ...followed.methods,
    },
    mentions: mentions.methods,
    reactions: {
      set(roomId, messageId, emoji, isOn) {
        const body = { room_id: roomId, message_id: messageId, emoji, isOn }
        add(roomId, { kind: 'react', key: `${keyOf(roomId, messageId)}:${emoji}`, body })
      },
      users: (roomId, messageId) => fetchReactions(ownRequest, roomId, messageId),
    },
    pins: {
      list: (roomId) => pins.list(roomId),
      open: (roomId) => pins.open(roomId),
      set(roomId, messageId, isOn) {
        const body = { room_id: roomId, message_id: messageId, isOn }
        add(roomId, { kind: 'pin', key: keyOf(roomId, messageId), body })
      },
    },
    actions: { refusals: actions.refusals, dismiss: (refusalId) => actions.dismiss(refusalId) },
  }
}
