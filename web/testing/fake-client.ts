import type { Member } from '@grandchat/contracts/memberships/schema'
import type { Client, ConnectionState, FollowedList, MemberList, MessageView, PendingMessage } from '@grandchat/client'
import type { MentionList, RoomList, RoomView, SessionState, Timeline } from '@grandchat/client'
import { limits } from '@grandchat/contracts/limits'
import { checkContent } from '@grandchat/contracts/messages/content'
import type { OwnRoom } from '@grandchat/contracts/rooms/schema'
import type { Profile, ProfileChange } from '@grandchat/contracts/users/profile'
import type { User } from '@grandchat/contracts/users/schema'
import { createFakeConversation } from './fake-conversation.ts'
import { createFakeMentions } from './fake-mentions.ts'
import { createFakeSearch } from './fake-search.ts'
import { createFakeRoom, makeMessage, timeOf } from './fake-room.ts'
import type { FakeRoom } from './fake-room.ts'
import { createFakeRunning } from './fake-running.ts'
import { createFakeThreads } from './fake-threads.ts'
import { discoverable, roomsOf } from './fake-workspace.ts'
import { crowd, devicesOf, people, person, profileOf } from './people.ts'
import { connections, emptyTimeline, FakeRequestError, meOf, sessions } from './scenes.ts'
import type { Sends } from './scenes.ts'
import { createFakeOwnState } from './fake-own-state.ts'
import { createStore } from './store.ts'

/** What tests reach for beyond `Client`: other people, and the weather. */
export type FakeClient = Client & {
  fake: {
    say(roomId: number, username: string, content: string): void
    /** The same in a thread. */
    answer(roomId: number, threadId: number, username: string, content: string): void
    setFollowed(list: FollowedList): void
    /** How far what mentions the viewer is known. */
    setMentions(state: Partial<Omit<MentionList, 'messages'>>): void
    setConnection(state: ConnectionState): void
    changeRoom(roomId: number, change: Partial<RoomView>): void
    setTimeline(roomId: number, change: Partial<Timeline>): void
    /** These people are writing in the room, or in the thread of this id. */
    setTyping(roomId: number, ...usernames: string[]): void
    setOnline(...usernames: string[]): void
    /** So far messages of the room have got with this person. */
    setReceipt(roomId: number, username: string, marks: { delivered: number; seen: number }): void
    /** What the viewer's composer said about their own writing. */
    written: [roomId: number, isWriting: boolean, threadId?: number][]
    /** What the viewer changed about themselves. */
    changes: ProfileChange[]
    pictures: (Blob | null)[]
    /** Which pages of the list of people were asked for. */
    pages: number[]
    setProfile(username: string, change: Partial<Profile>): void
    removeRoom(roomId: number): void
    /** Everything that was said in a room, the first first. */
    messages(roomId: number): readonly MessageView[]
    /** How sends end: 'ok', 'hang' (stays pending) or a refusal. */
    sends: Sends
    marked: Map<number, number>
  }
}

/** The whole client in memory. `scene` chooses the state that the app is found in. */
export function createFakeClient(scene = 'team'): FakeClient {
  const delayMs = import.meta.env.MODE === 'test' ? 0 : 250
  const pause = () => new Promise<void>((resolve) => setTimeout(resolve, delayMs))
  const me = meOf(person('maya'), scene === 'member' || scene === 'invited' ? 'member' : 'owner')
  const session = createStore<SessionState>({ status: 'loading' })
  const connection = createStore<ConnectionState>(connections[scene] ?? 'live')
  const rooms = new Map(roomsOf(scene).map((room) => [room.id, room]))
  const list = createStore<RoomList>({ status: 'loading', rooms: [] })
  const found = discoverable([...rooms.values()])
  const marked = new Map<number, number>()
  const online = createStore<ReadonlySet<number>>(new Set(['maya', 'jonas', 'hana'].map((name) => person(name).id)))
  const typists = new Map<number, ReturnType<typeof createStore<readonly User[]>>>()
  const profiles = new Map<number, ReturnType<typeof createStore<Profile | undefined>>>()
  function profileStore(userId: number) {
    const user = people.find(({ id }) => id === userId)
    const store = profiles.get(userId) ?? createStore<Profile | undefined>(user && profileOf(user))
    profiles.set(userId, store)
    return store
  }
  let devices = devicesOf(timeOf)
  function typistsStore(roomId: number) {
    const store = typists.get(roomId) ?? createStore<readonly User[]>([])
    typists.set(roomId, store)
    return store
  }
  const fake: FakeClient['fake'] = {
    setFollowed: (list) => threads.followed.set(list),
    setMentions: (state) => mentions.set(state),
    answer: (roomId, threadId, username, content) => threads.say(roomId, threadId, person(username), content),
    say: (roomId, username, content) => add(getRoom(roomId), person(username), content, null),
    setConnection: (state) => connection.set(state),
    changeRoom: (roomId, change) => changeView(roomId, change),
    setTimeline: (roomId, change) => getRoom(roomId).timeline.update((timeline) => ({ ...timeline, ...change })),
    setTyping: (roomId, ...usernames) => typistsStore(roomId).set(usernames.map(person)),
    setReceipt: (roomId, username, { delivered, seen }) =>
      receiptStore(roomId).update((members) =>
        members?.map((row) =>
          row.user.username === username ? { ...row, delivered_seq: delivered, seen_seq: seen } : row,
        ),
      ),
    setOnline: (...usernames) => online.set(new Set(usernames.map((username) => person(username).id))),
    written: [],
    changes: [],
    pictures: [],
    pages: [],
    setProfile: (username, change) => {
      const store = profileStore(person(username).id)
      store.set({ ...profileOf(person(username)), ...store.get(), ...change })
    },
    removeRoom: (roomId) => removeRoom(roomId),
    messages: (roomId) => getRoom(roomId).history,
    sends: scene === 'failed' ? 'permission_denied' : scene === 'offline' ? 'hang' : 'ok',
    marked,
  }

  function getRoom(roomId: number): FakeRoom {
    const room = rooms.get(roomId)
    if (!room) throw new FakeRequestError('not_found')
    return room
  }

  function refreshList(): void {
    if (scene === 'loading') return
    if (scene === 'list_error') return list.set({ status: 'error', rooms: [] })
    const views = [...rooms.values()].flatMap((room) => room.view.get() ?? [])
    list.set({ status: 'ready', rooms: views.sort((a, b) => (a.bumped_at < b.bumped_at ? 1 : -1)) })
  }

  function addRoom(room: FakeRoom): void {
    rooms.set(room.id, room)
    const view = room.view.get()
    roomStore(room.id).set(view)
    timelineStore(room.id).set(room.timeline.get())
    room.view = roomStore(room.id)
    room.timeline = timelineStore(room.id)
    refreshList()
  }

  function changeView(roomId: number, change: Partial<RoomView>): void {
    const { view } = getRoom(roomId)
    const now = view.get()
    if (now) view.set({ ...now, ...change })
    refreshList()
  }

  function removeRoom(roomId: number): void {
    rooms.delete(roomId)
    roomStore(roomId).set(undefined)
    timelineStore(roomId).update((timeline) => ({ ...timeline, status: 'gone' }))
    refreshList()
  }

  const roomStores = new Map([...rooms].map(([id, room]) => [id, room.view]))
  const timelineStores = new Map([...rooms].map(([id, room]) => [id, room.timeline]))
  function roomStore(roomId: number) {
    const store = roomStores.get(roomId) ?? createStore<RoomView | undefined>(undefined)
    roomStores.set(roomId, store)
    return store
  }
  function timelineStore(roomId: number) {
    const store = timelineStores.get(roomId) ?? createStore<Timeline>({ ...emptyTimeline, status: 'gone' })
    if (!timelineStores.has(roomId)) store.subscribe(refreshUnsent)
    timelineStores.set(roomId, store)
    return store
  }
  const unsent = createStore<readonly PendingMessage[]>([])
  function refreshUnsent() {
    unsent.set([...timelineStores.values()].flatMap((store) => store.get().pending))
  }
  for (const store of timelineStores.values()) store.subscribe(refreshUnsent)

  function add(
    room: FakeRoom,
    user: User,
    content: string,
    clientMessageId: string | null,
    more: Partial<MessageView> = {},
  ): void {
    const view = room.view.get()
    if (!view) return
    const seq = view.last_seq + 1
    const message = {
      ...makeMessage(room.id, user, content, seq, timeOf(new Date())),
      client_message_id: clientMessageId,
      ...more,
    }
    room.history.push(message)
    const own = user.id === me.id
    const { id, created_at } = message
    room.view.set({
      ...view,
      last_seq: seq,
      bumped_at: created_at,
      last_message: { id, content, user, created_at },
      read_seq: own ? seq : view.read_seq,
      unread: own ? 0 : view.unread + 1,
      unread_mentions: own ? [] : view.unread_mentions,
    })
    room.timeline.update((timeline) => ({
      ...timeline,
      messages: [...timeline.messages, message],
      pending: timeline.pending.filter((pending) => pending.client_message_id !== clientMessageId),
    }))
    refreshList()
  }

  function deliver(roomId: number, clientMessageId: string): void {
    const room = getRoom(roomId)
    const pending = room.timeline.get().pending.find((p) => p.client_message_id === clientMessageId)
    if (!pending || fake.sends === 'hang') return
    const { user, content, reply_to, forwarded } = pending
    if (fake.sends === 'ok') return add(room, user, content, clientMessageId, { reply_to, forwarded })
    setPending(roomId, clientMessageId, { state: 'failed', failure: { code: fake.sends, message: '' } })
  }

  function setPending(roomId: number, clientMessageId: string, change: Partial<Timeline['pending'][number]>): void {
    getRoom(roomId).timeline.update((timeline) => ({
      ...timeline,
      pending: timeline.pending.map((p) => (p.client_message_id === clientMessageId ? { ...p, ...change } : p)),
    }))
  }

  function send(roomId: number, input: string, more: Partial<PendingMessage>): string {
    const checked = checkContent(input)
    if ('problem' in checked) throw new RangeError(checked.problem)
    const client_message_id = crypto.randomUUID()
    const pending = {
      client_message_id,
      room_id: roomId,
      thread_id: 0,
      content: checked.content,
      user: session.get().status === 'signed_in' ? me : person('maya'),
      reply_to: null,
      forwarded: null,
      created_at: timeOf(new Date()),
      isKept: true,
      ...more,
    }
    const state = fake.sends === 'hang' ? ('waiting' as const) : ('sending' as const)
    fake.setTimeline(roomId, { pending: [...getRoom(roomId).timeline.get().pending, { ...pending, state }] })
    void pause().then(() => deliver(roomId, client_message_id))
    return client_message_id
  }

  const threads = createFakeThreads({ me, getRoom, pause, sends: () => fake.sends })
  const conversation = createFakeConversation({ me, people, getRoom, pause, sends: () => fake.sends, send, threads })
  refreshList()
  const mentions = createFakeMentions({ me, list, rooms: () => rooms.values(), replies: threads.replies, pause })
  const memberLists = new Map<number, ReturnType<typeof createStore<MemberList>>>()
  function memberStore(roomId: number) {
    const store = memberLists.get(roomId) ?? createStore<MemberList>({ status: 'loading', members: [] })
    memberLists.set(roomId, store)
    return store
  }

  const receiptStores = new Map<number, ReturnType<typeof createStore<readonly Member[] | undefined>>>()
  function receiptStore(roomId: number) {
    const members = rooms.get(roomId)?.members
    const store =
      receiptStores.get(roomId) ?? createStore(members && members.length <= limits.receiptMembers ? members : undefined)
    receiptStores.set(roomId, store)
    return store
  }

  const running = createFakeRunning({ getRoom, memberStore, pause, refreshList })
  return {
    fake,
    session: {
      ...session,
      async start() {
        await pause()
        session.set(sessions[scene] ?? { status: 'signed_in', me })
      },
      async signIn(username, password) {
        await pause()
        if (password === 'wrong password') throw new FakeRequestError('invalid_credentials')
        const user = people.find((known) => known.username === username) ?? { id: 99, username, display_name: null }
        session.set({ status: 'signed_in', me: meOf(user, 'owner') })
      },
      async signOut() {
        await pause()
        session.set({ status: 'signed_out' })
      },
      async setUp({ username, code }) {
        await pause()
        if (scene === 'set_up_code' && code !== '1234') throw new FakeRequestError('setup_code_required')
        session.set({ status: 'signed_in', me: meOf({ id: 99, username, display_name: null }, 'owner') })
      },
    },
    connection,
    rooms: {
      list,
      get: (roomId) => roomStore(roomId),
      async create({ name, kind }) {
        await pause()
        const id = 1_000 + rooms.size
        addRoom(createFakeRoom({ id, name, kind, said: [[0, 'maya', '*created']], memberCount: 1, role: 'owner' }))
        const view: OwnRoom | undefined = getRoom(id).view.get()
        if (!view) throw new FakeRequestError('not_found')
        return view
      },
      ...running.rooms,
      async openDirect(userIds) {
        await pause()
        const directUsers = [me, ...people.filter(({ id }) => userIds.includes(id))]
        const known = [...rooms.values()].find(({ view }) => isAmong(directUsers, view.get()))
        const id = known?.id ?? 1_000 + rooms.size
        if (!known) addRoom(createFakeRoom({ id, name: '', kind: 'direct', directUsers, said: [] }))
        const view: OwnRoom | undefined = getRoom(id).view.get()
        if (!view) throw new FakeRequestError('not_found')
        return view
      },
      async search(query, { signal } = {}) {
        await pause()
        signal?.throwIfAborted()
        if (scene === 'search_error') throw new FakeRequestError('network')
        return found.filter((room) => room.name.toLowerCase().includes(query.trim().toLowerCase()))
      },
      async join(roomId) {
        await pause()
        const room = found.find(({ id }) => id === roomId)
        if (!room) throw new FakeRequestError('not_found')
        addRoom(createFakeRoom({ id: roomId, name: room.name, topic: room.topic, said: [[0, 'maya', '*joined']] }))
      },
      setLevel: (roomId, level) => changeView(roomId, { level }),
      setMuted: (roomId, muted) => changeView(roomId, { muted }),
      async leave(roomId) {
        await pause()
        removeRoom(roomId)
      },
    },
    search: createFakeSearch({ rooms: () => rooms.values(), scene, pause }),
    ...conversation,
    messages: {
      ...conversation.messages,
      timeline: (roomId) => timelineStore(roomId),
      unsent,
      open(roomId) {
        const room = rooms.get(roomId)
        const view = room?.view.get()
        if (!room || !view) return () => undefined
        if (scene === 'room_error') fake.setTimeline(roomId, { status: 'error', messages: [] })
        else if (scene === 'room_loading') fake.setTimeline(roomId, { status: 'loading', messages: [] })
        else fake.setTimeline(roomId, { dividerAfterSeq: view.unread > 0 ? view.read_seq : null })
        return () => undefined
      },
      glance: () => () => undefined,
      async loadOlder(roomId) {
        const room = getRoom(roomId)
        if (room.timeline.get().loadingOlder) return
        fake.setTimeline(roomId, { loadingOlder: true, olderFailed: false })
        await pause()
        if (scene === 'older_error') return fake.setTimeline(roomId, { loadingOlder: false, olderFailed: true })
        const { messages } = room.timeline.get()
        const start = room.history.findIndex((message) => message.id === messages[0]?.id)
        const older = room.history.slice(Math.max(0, start - 100), start)
        fake.setTimeline(roomId, { messages: [...older, ...messages], loadingOlder: false, hasOlder: start > 100 })
      },
      send: (roomId, input, { replyTo, threadId } = {}) =>
        threadId === undefined
          ? send(roomId, input, { reply_to: replyTo ?? null })
          : threads.send(roomId, threadId, input),
      retry(roomId, clientMessageId) {
        setPending(roomId, clientMessageId, { state: 'sending' })
        void pause().then(() => deliver(roomId, clientMessageId))
      },
      discard(roomId, clientMessageId) {
        timelineStore(roomId).update((timeline) => ({
          ...timeline,
          pending: timeline.pending.filter((p) => p.client_message_id !== clientMessageId),
        }))
      },
      async reload(roomId) {
        await pause()
        fake.setTimeline(roomId, { status: 'ready', messages: getRoom(roomId).history.slice(-100) })
      },
    },
    readMarkers: {
      mark(roomId, seq) {
        marked.set(roomId, seq)
        const { view } = getRoom(roomId)
        const now = view.get()
        if (!now || seq <= now.read_seq) return
        view.set(readUpTo(now, seq))
        refreshList()
      },
      markUnread(roomId, seq) {
        const { view } = getRoom(roomId)
        const now = view.get()
        if (!now || seq >= now.read_seq) return
        view.set(readUpTo(now, seq))
        refreshList()
      },
      markAll() {
        for (const { view } of rooms.values()) {
          const now = view.get()
          if (!now || now.unread === 0) continue
          marked.set(now.id, now.last_seq)
          view.set(readUpTo(now, now.last_seq))
        }
        refreshList()
      },
    },
    members: {
      ...running.members,
      list: memberStore,
      open(roomId) {
        void pause().then(() => {
          if (scene === 'members_error') return memberStore(roomId).set({ status: 'error', members: [] })
          if (scene === 'members_loading') return
          memberStore(roomId).set({ status: 'ready', members: rooms.get(roomId)?.members ?? [] })
        })
        return () => undefined
      },
      async search(roomId, query) {
        await pause()
        return (rooms.get(roomId)?.members ?? []).filter(({ user }) => user.username.includes(query))
      },
    },
    receipts: {
      members: (roomId) => receiptStore(roomId),
      async seenBy(roomId, messageId) {
        await pause()
        if (scene === 'members_error') throw new FakeRequestError('network')
        const { members, history } = getRoom(roomId)
        const message = history.find(({ id }) => id === messageId)
        const users = members.map(({ user }) => user).filter(({ id }) => id !== message?.user.id)
        return { count: users.length - 1, member_count: users.length, users: users.slice(0, 5), more: users.length > 6 }
      },
    },
    typing: {
      in: (roomId, threadId) => typistsStore(threadId ?? roomId),
      write: (roomId, isWriting, threadId) =>
        void fake.written.push(threadId === undefined ? [roomId, isWriting] : [roomId, isWriting, threadId]),
    },
    presence: {
      get: (userId) => ({ get: () => online.get().has(userId), subscribe: (listener) => online.subscribe(listener) }),
      here: (roomId) => createStore(roomId === 1 ? 3 : undefined),
    },
    users: {
      profile: (userId) => profileStore(userId),
      async search(query) {
        await pause()
        return people.filter(({ username }) => username.includes(query.trim().toLowerCase()))
      },
      async list(query, page, signal) {
        await pause()
        signal?.throwIfAborted()
        if (scene === 'search_error') throw new FakeRequestError('network')
        const everybody = scene === 'crowd' ? crowd(10_000) : people
        const wanted = query.toLowerCase()
        const found = everybody.filter((user) =>
          `${user.username} ${user.display_name ?? ''} ${profileOf(user).title}`.toLowerCase().includes(wanted),
        )
        fake.pages.push(page)
        return { count: found.length, users: found.slice((page - 1) * limits.page, page * limits.page) }
      },
      async create({ username }) {
        await pause()
        if (people.some((known) => known.username === username)) throw new FakeRequestError('username_taken')
        return { id: 98, username, display_name: null }
      },
    },
    me: {
      async change(change) {
        await pause()
        const now = profileStore(me.id).get() ?? profileOf(me)
        const { status, ...rest } = change
        const display_name = change.display_name === undefined ? now.display_name : change.display_name || null
        profileStore(me.id).set({
          ...now,
          ...rest,
          display_name,
          time_zone: change.time_zone === undefined ? now.time_zone : change.time_zone,
          status: status === undefined ? now.status : status && { ...status, until: status.until ?? null },
        })
        fake.changes.push(change)
        session.set({ status: 'signed_in', me: { ...me, display_name } })
      },
      setAvatar: async (picture) => void fake.pictures.push(picture),
      async changePassword(current) {
        await pause()
        if (current === 'wrong password') throw new FakeRequestError('invalid_credentials')
      },
    },
    sessions: {
      async list() {
        await pause()
        return devices
      },
      async end(id) {
        await pause()
        devices = devices.filter((device) => device.id !== id)
      },
      async endOthers() {
        await pause()
        devices = devices.filter((device) => device.is_current)
      },
    },
    invites: {
      async create() {
        await pause()
        return {
          url: `${location.origin}/invite/Zx81kQp_2mLw7`,
          expires_at: timeOf(new Date(Date.now() + 7 * 86_400_000)),
        }
      },
      async get(code) {
        await pause()
        if (code === 'used') throw new FakeRequestError('invite_invalid')
        return { invited_by: person('priya'), expires_at: timeOf(new Date(Date.now() + 86_400_000)) }
      },
      async accept(_code, { username }) {
        await pause()
        if (username === 'sam') throw new FakeRequestError('username_taken')
        session.set({ status: 'signed_in', me: meOf({ id: 97, username, display_name: null }, 'member') })
      },
    },
    ...createFakeOwnState(session),
    threads: threads.methods,
    mentions: mentions.methods,
    close: () => undefined,
  }
}

function isAmong(people: readonly User[], room: RoomView | undefined): boolean {
  const ids = new Set(people.map(({ id }) => id))
  return room?.direct_users?.length === ids.size && room.direct_users.every(({ id }) => ids.has(id))
}

function readUpTo(room: RoomView, seq: number): RoomView {
  const unread_mentions = room.unread_mentions.filter((mention) => mention > seq)
  return { ...room, read_seq: seq, unread: Math.max(0, room.last_seq - seq), unread_mentions }
}
