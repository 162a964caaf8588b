import type { Client, MessageView, PendingMessage, Timeline } from '@grandchat/client'
import { checkContent } from '@grandchat/contracts/messages/content'
import type { User } from '@grandchat/contracts/users/schema'
import { makeMessage, timeOf } from './fake-room.ts'
import type { FakeRoom } from './fake-room.ts'
import { emptyTimeline } from './scenes.ts'
import type { Sends } from './scenes.ts'
import { createStore } from './store.ts'
import type { Store } from './store.ts'

type Setup = {
  me: User
  getRoom: (roomId: number) => FakeRoom
  pause: () => Promise<void>
  sends: () => Sends
}

export type FakeThreads = ReturnType<typeof createFakeThreads>

/** Threads in memory. What is said in them is confirmed or left hanging as the fake's sends are. */
export function createFakeThreads({ me, getRoom, pause, sends }: Setup) {
  const timelines = new Map<number, Store<Timeline>>()

  function timelineOf(threadId: number): Store<Timeline> {
    const store = timelines.get(threadId) ?? createStore<Timeline>(emptyTimeline)
    timelines.set(threadId, store)
    return store
  }

  function changeRoot(roomId: number, threadId: number): void {
    const { history, timeline } = getRoom(roomId)
    const said = timelineOf(threadId)
      .get()
      .messages.filter(({ deleted_at }) => deleted_at === null)
    const byUser = new Map(said.toReversed().map(({ user }) => [user.id, user]))
    const thread = {
      id: threadId,
      room_id: roomId,
      version: said.length,
      last_seq: said.at(-1)?.seq ?? 0,
      message_count: said.length,
      last_message_at: said.at(-1)?.created_at ?? null,
      users: [...byUser.values()].slice(0, 3),
    }
    const put = (message: MessageView) => (message.id === threadId ? { ...message, thread } : message)
    history.splice(0, Infinity, ...history.map(put))
    timeline.update((now) => ({ ...now, messages: now.messages.map(put) }))
  }

  function add(roomId: number, threadId: number, user: User, content: string, pending?: PendingMessage): void {
    const store = timelineOf(threadId)
    const seq = (store.get().messages.at(-1)?.seq ?? 0) + 1
    const client_message_id = pending?.client_message_id ?? null
    const message = {
      ...makeMessage(roomId, user, content, seq, timeOf(new Date())),
      thread_id: threadId,
      client_message_id,
    }
    store.update((now) => ({
      ...now,
      messages: [...now.messages, message],
      pending: now.pending.filter((one) => one.client_message_id !== client_message_id),
    }))
    changeRoot(roomId, threadId)
  }

  const methods: Client['threads'] = {
    timeline: (_roomId, threadId) => timelineOf(threadId),
    open: () => () => undefined,
    loadOlder: async () => undefined,
    reload: async () => undefined,
  }
  return {
    methods,
    /** Somebody else answers. */
    say: (roomId: number, threadId: number, user: User, content: string) => add(roomId, threadId, user, content),

    send(roomId: number, threadId: number, input: string): string {
      const checked = checkContent(input)
      if ('problem' in checked) throw new RangeError(checked.problem)
      const pending: PendingMessage = {
        client_message_id: crypto.randomUUID(),
        room_id: roomId,
        thread_id: threadId,
        content: checked.content,
        user: me,
        reply_to: null,
        forwarded: null,
        created_at: timeOf(new Date()),
        state: sends() === 'hang' ? 'waiting' : 'sending',
        isKept: true,
      }
      timelineOf(threadId).update((now) => ({ ...now, pending: [...now.pending, pending] }))
      void pause().then(() => sends() === 'ok' && add(roomId, threadId, me, checked.content, pending))
      return pending.client_message_id
    },

    find(id: number): MessageView | undefined {
      return [...timelines.values()].flatMap((store) => store.get().messages).find((message) => message.id === id)
    },

    /** Something of one of their messages is another. */
    change(roomId: number, id: number, how: Partial<MessageView>): void {
      for (const [threadId, store] of timelines) {
        if (!store.get().messages.some((message) => message.id === id)) continue
        const put = (message: MessageView) => (message.id === id ? { ...message, ...how } : message)
        store.update((now) => ({ ...now, messages: now.messages.map(put) }))
        changeRoot(roomId, threadId)
      }
    },
  }
}
