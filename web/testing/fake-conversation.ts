import type { Client, MessageView, PendingMessage, PinList, ReactionView, Refusal } from '@grandchat/client'
import { checkContent } from '@grandchat/contracts/messages/content'
import type { User } from '@grandchat/contracts/users/schema'
import { timeOf } from './fake-room.ts'
import type { FakeRoom } from './fake-room.ts'
import type { FakeThreads } from './fake-threads.ts'
import { FakeRequestError } from './scenes.ts'
import type { Sends } from './scenes.ts'
import { createStore } from './store.ts'
import type { Store } from './store.ts'

type Messages = Client['messages']
type FakeConversation = Pick<Client, 'reactions' | 'pins' | 'actions'> & {
  messages: Pick<
    Messages,
    | 'openAt'
    | 'loadNewer'
    | 'jumpToNewest'
    | 'get'
    | 'forward'
    | 'edit'
    | 'remove'
    | 'keep'
    | 'retryChange'
    | 'discardChange'
    | 'edits'
  >
}

type Setup = {
  me: User
  people: readonly User[]
  getRoom: (roomId: number) => FakeRoom
  pause: () => Promise<void>
  sends: () => Sends
  send: (roomId: number, content: string, more: Partial<PendingMessage>) => string
  threads: Pick<FakeThreads, 'find' | 'change'>
}

const around = 25
const page = 100

/** What is done with messages, in memory: shown at once, confirmed, refused or left hanging as the fake's sends are. */
export function createFakeConversation({ me, people, getRoom, pause, sends, send, threads }: Setup): FakeConversation {
  const found = new Map<string, Store<MessageView | 'loading' | 'gone'>>()
  const pinLists = new Map<number, Store<PinList>>()
  /** Messages as they were before a removal that can be taken back. */
  const held = new Map<number, MessageView>()
  const earlier = new Map<number, { content: string; created_at: string }[]>()
  const refusals = createStore<readonly Refusal[]>([])

  function look(roomId: number, id: number): MessageView | 'gone' {
    const view = getRoom(roomId).history.find((message) => message.id === id) ?? threads.find(id)
    return view && view.deleted_at === null ? view : 'gone'
  }

  function access(roomId: number, id: number): MessageView {
    const view = look(roomId, id)
    if (view === 'gone') throw new RangeError('the message is gone')
    return view
  }

  function change(roomId: number, id: number, how: Partial<MessageView>): void {
    const room = getRoom(roomId)
    const put = (message: MessageView) => (message.id === id ? { ...message, ...how } : message)
    room.history.splice(0, Infinity, ...room.history.map(put))
    room.timeline.update((timeline) => ({ ...timeline, messages: timeline.messages.map(put) }))
    threads.change(roomId, id, how)
    found.get(`${roomId}:${id}`)?.set(look(roomId, id))
    pinList(roomId).update((list) => ({ ...list, messages: pinned(roomId) }))
  }

  function pinned(roomId: number): MessageView[] {
    return getRoom(roomId).history.filter((message) => message.isPinned && message.deleted_at === null)
  }

  function pinList(roomId: number): Store<PinList> {
    const list = pinLists.get(roomId) ?? createStore<PinList>({ status: 'loading', messages: [] })
    pinLists.set(roomId, list)
    return list
  }

  /** Shows `wanted` at once; `before` comes back if it is refused, unless the refused change stays. */
  async function act(kind: string, roomId: number, id: number, wanted: Partial<MessageView>): Promise<void> {
    const before = access(roomId, id)
    change(roomId, id, wanted)
    await pause()
    const outcome = sends()
    if (outcome === 'hang') return
    if (outcome === 'ok') return change(roomId, id, { change: undefined })
    const failure = { code: outcome, message: '' }
    if (kind === 'edit') return change(roomId, id, { change: { kind, state: 'failed', failure } })
    change(roomId, id, before)
    const refusal = { id: crypto.randomUUID(), kind, key: `${roomId}:${id}`, failure }
    refusals.update((all) => [...all, refusal])
  }

  function takeBack(roomId: number, messageId: number): void {
    const before = held.get(messageId)
    held.delete(messageId)
    if (before) change(roomId, messageId, before)
  }

  const state = () => (sends() === 'hang' ? ('waiting' as const) : ('sending' as const))

  function show(roomId: number, from: number, to: number, target: number | null): void {
    const { history, timeline } = getRoom(roomId)
    const start = Math.max(0, from)
    timeline.update((now) => ({
      ...now,
      messages: history.slice(start, to),
      hasOlder: start > 0,
      hasNewer: to < history.length,
      loadingNewer: false,
      newerFailed: false,
      target,
    }))
  }

  return {
    messages: {
      async openAt(roomId, messageId) {
        await pause()
        const at = getRoom(roomId).history.findIndex((message) => message.id === messageId)
        if (at < 0 || look(roomId, messageId) === 'gone') return 'gone'
        show(roomId, at - around, at + around, messageId)
        return 'shown'
      },
      async loadNewer(roomId) {
        const { history, timeline } = getRoom(roomId)
        if (!timeline.get().hasNewer || timeline.get().loadingNewer) return
        timeline.update((now) => ({ ...now, loadingNewer: true }))
        await pause()
        const { messages, target } = timeline.get()
        const indexOf = (message: MessageView | undefined) => history.findIndex(({ id }) => id === message?.id)
        show(roomId, indexOf(messages[0]), indexOf(messages.at(-1)) + 1 + page, target)
      },
      async jumpToNewest(roomId) {
        await pause()
        const { length } = getRoom(roomId).history
        show(roomId, length - page, length, null)
      },
      get(roomId, messageId) {
        const key = `${roomId}:${messageId}`
        const store = found.get(key) ?? createStore<MessageView | 'loading' | 'gone'>('loading')
        if (!found.has(key)) void pause().then(() => store.set(look(roomId, messageId)))
        found.set(key, store)
        return store
      },
      forward({ roomId, messageId }, toRoomId) {
        const { content, user, created_at, forwarded } = access(roomId, messageId)
        const said = forwarded ?? { room_id: roomId, message_id: messageId, user, created_at }
        return send(toRoomId, content, { forwarded: said })
      },
      edit(roomId, messageId, text) {
        const checked = checkContent(text)
        if ('problem' in checked) throw new RangeError(checked.problem)
        const { content, created_at, edited_at } = access(roomId, messageId)
        earlier.set(messageId, [...(earlier.get(messageId) ?? []), { content, created_at: edited_at ?? created_at }])
        const change = { kind: 'edit' as const, state: state() }
        void act('edit', roomId, messageId, { content: checked.content, edited_at: timeOf(new Date()), change })
      },
      remove(roomId, messageId, { undoMs } = {}) {
        takeBack(roomId, messageId)
        const gone = { content: '', deleted_at: timeOf(new Date()) }
        if (undoMs === undefined) {
          void act('remove', roomId, messageId, { ...gone, change: { kind: 'remove', state: state() } })
          return
        }
        held.set(messageId, access(roomId, messageId))
        change(roomId, messageId, { ...gone, change: { kind: 'remove', state: 'waiting', undoable: 'held' } })
      },
      keep: takeBack,
      retryChange(roomId, messageId) {
        void act('edit', roomId, messageId, { change: { kind: 'edit', state: 'sending' } })
      },
      discardChange(roomId, messageId) {
        const before = earlier.get(messageId)?.pop()
        if (before) change(roomId, messageId, { content: before.content, edited_at: null, change: undefined })
      },
      async edits(_roomId, messageId) {
        await pause()
        return earlier.get(messageId) ?? []
      },
    },
    reactions: {
      set(roomId, messageId, emoji, isOn) {
        const { reactions } = access(roomId, messageId)
        void act('react', roomId, messageId, { reactions: react(reactions, me.id, messageId, emoji, isOn) })
      },
      async users(roomId, messageId) {
        await pause()
        const view = look(roomId, messageId)
        if (view === 'gone') throw new FakeRequestError('not_found')
        return view.reactions.map(({ emoji, user_ids }) => ({
          emoji,
          users: [me, ...people].filter(({ id }, at, all) => user_ids.includes(id) && isFirst(all, at)),
        }))
      },
    },
    pins: {
      list: pinList,
      open(roomId) {
        void pause().then(() => pinList(roomId).set({ status: 'ready', messages: pinned(roomId) }))
        return () => undefined
      },
      set: (roomId, messageId, isOn) => void act('pin', roomId, messageId, { isPinned: isOn }),
    },
    actions: { refusals, dismiss: (id) => refusals.update((all) => all.filter((refusal) => refusal.id !== id)) },
  }
}

const isFirst = (all: readonly User[], at: number) => all.findIndex(({ id }) => id === all[at]?.id) === at

function react(
  reactions: readonly ReactionView[],
  userId: number,
  message_id: number,
  emoji: string,
  isOn: boolean,
): ReactionView[] {
  const known = reactions.find((reaction) => reaction.emoji === emoji)
  const others = (known?.user_ids ?? []).filter((id) => id !== userId)
  const user_ids = isOn ? [...others, userId] : others
  const row = { message_id, emoji, count: user_ids.length, user_ids, version: 0, isMine: isOn }
  return [...reactions.filter((reaction) => reaction !== known), row]
    .filter(({ count }) => count > 0)
    .sort((a, b) => (a.emoji < b.emoji ? -1 : 1))
}
