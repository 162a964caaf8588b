import type { Client, MentionList, MentionView, MessageView, Observable, RoomList } from '@grandchat/client'
import { isMentioned } from '@grandchat/client'
import type { User } from '@grandchat/contracts/users/schema'
import type { FakeRoom } from './fake-room.ts'
import { createStore } from './store.ts'

type Setup = {
  me: User
  list: Observable<RoomList>
  rooms: () => Iterable<FakeRoom>
  /** What was said in threads. */
  replies: () => readonly MessageView[]
  pause: () => Promise<void>
}

/** What mentions the viewer in the fake's rooms; `set` says how far it is known. */
export function createFakeMentions({ me, list, rooms, replies, pause }: Setup) {
  let state: Omit<MentionList, 'messages'> = { status: 'ready', hasOlder: false, hasFailed: false }
  const store = createStore<MentionList>({ ...state, messages: [] })

  function refresh(): void {
    const isMine = (message: MessageView) =>
      isMentioned(message, me.id) || (message.user.id !== me.id && message.content.includes(`@${me.username}`))
    const said = [...rooms()].flatMap((room) => {
      const read = room.view.get()?.read_seq ?? 0
      return room.history.map((message): MentionView & MessageView => ({
        ...message,
        isUnread: (message.seq ?? 0) > read,
      }))
    })
    const messages = [...said, ...replies().map((message) => ({ ...message, isUnread: false }))]
      .filter(isMine)
      .toSorted((a, b) => (a.created_at < b.created_at ? 1 : -1))
    store.set({ ...state, messages: state.status === 'ready' ? messages : [] })
  }

  list.subscribe(refresh)
  refresh()
  const methods: Client['mentions'] = {
    list: store,
    async loadOlder() {
      await pause()
      state = { status: 'ready', hasOlder: false, hasFailed: false }
      refresh()
    },
  }
  return {
    methods,
    set(change: Partial<typeof state>): void {
      state = { ...state, ...change }
      refresh()
    },
  }
}
