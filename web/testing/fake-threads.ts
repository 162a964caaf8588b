import type { Client, FollowedList, MessageView, PendingMessage, ThreadState, Timeline } from '@grandchat/client'
import { checkContent } from '@grandchat/contracts/messages/content'
import type { ThreadRow } from '@grandchat/contracts/threads/schema'
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
  const states = new Map<number, Store<ThreadState>>()
  const roots = new Map<number, ThreadRow>()
  const followed = createStore<FollowedList>({ status: 'ready', threads: [], hasOlder: false })
  const unread = createStore(0)

  function timelineOf(threadId: number): Store<Timeline> {
    const store = timelines.get(threadId) ?? createStore<Timeline>(emptyTimeline)
    timelines.set(threadId, store)
    return store
  }

  function stateOf(threadId: number): Store<ThreadState> {
    const store = states.get(threadId) ?? createStore<ThreadState>({ isFollowing: false, unread: 0 })
    states.set(threadId, store)
    return store
  }

  function changeState(threadId: number, change: Partial<ThreadState>): void {
    stateOf(threadId).update((state) => ({ ...state, ...change }))
    refreshFollowed()
  }

  function refreshFollowed(): void {
    const views = [...roots.values()].map((row) => ({ ...row, unread: stateOf(row.id).get().unread }))
    const threads = views.filter(({ id }) => stateOf(id).get().isFollowing).toReversed()
    followed.update((list) => ({ ...list, threads }))
    unread.set(threads.filter((view) => view.unread > 0).length)
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
      last_message_id: said.at(-1)?.id ?? null,
      users: [...byUser.values()].slice(0, 3),
    }
    roots.delete(threadId)
    roots.set(threadId, thread)
    refreshFollowed()
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
    const { isFollowing, unread: before } = stateOf(threadId).get()
    if (user.id === me.id) changeState(threadId, { isFollowing: true, unread: 0 })
    else if (isFollowing) changeState(threadId, { unread: before + 1 })
  }

  const methods: Client['threads'] = {
    timeline: (_roomId, threadId) => timelineOf(threadId),
    open: () => () => undefined,
    loadOlder: async () => undefined,
    reload: async () => undefined,
    get: (_roomId, threadId) => stateOf(threadId),
    followed,
    loadOlderFollowed: async () => followed.update((list) => ({ ...list, status: 'ready' })),
    unread,
    setFollowing: (_roomId, threadId, isFollowing) => changeState(threadId, { isFollowing, unread: 0 }),
    markRead: (_roomId, threadId) => changeState(threadId, { unread: 0 }),
  }
  return {
    methods,
    followed,
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

    replies: () => [...timelines.values()].flatMap((store) => store.get().messages),

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
