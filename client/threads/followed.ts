import type { FollowedThreads } from '@grandchat/contracts/messages/schema'
import type { ThreadRow } from '@grandchat/contracts/threads/schema'
import type { ActionQueue } from '../actions/queue.ts'
import { maxThreads } from '../cache/write-threads.ts'
import type { Client, FollowedList, FollowedView, ThreadState } from '../client.ts'
import type { OwnRows } from '../own-rows/own-rows.ts'
import type { MakeSource, Source } from '../source.ts'
import type { RoomChange } from '../sync/change.ts'
import type { Follower } from '../sync/follower.ts'
import type { Directory } from '../users/directory.ts'

export type FollowedSetup = {
  source: MakeSource
  ownRows: OwnRows
  directory: Directory
  actions: () => Pick<ActionQueue, 'of' | 'add'>
  viewerId: () => number | undefined
  isMember: (roomId: number) => boolean
  /** Requests can be made. */
  canLoad: () => boolean
  /** A page of them, those written in last before `before`. */
  fetchFollowed: (before?: string) => Promise<FollowedThreads>
  /** The row of a thread as a room on screen has it. */
  find: (roomId: number, threadId: number) => ThreadRow | undefined
}

export type Followed = ReturnType<typeof createFollowed>

type Early = { room_id: number; message_id: number; read_seq: number }

/** Which threads the viewer follows, and what is new in them. */
export function createFollowed(setup: FollowedSetup) {
  const { source, ownRows, actions } = setup
  const own = ownRows.of('thread')
  const rows = new Map<number, ThreadRow>()
  /** Up to their own last message everybody has read; heard here before their row says so. */
  const written = new Map<number, number>()
  const states = new Map<number, Source<ThreadState>>()
  const list = source(present)
  const unread = source(() => list.get().threads.filter((followed) => followed.unread > 0).length)
  /** The pages that were fetched: up to when, and whether there are older ones; undefined before the first. */
  let fetched: { before: string | undefined; hasOlder: boolean } | undefined
  let isLoading = false
  let hasFailed = false
  /** Marked before the server has said where the reader is. */
  const early = new Map<number, Early>()
  /** Who is signed in may be another by the time an answer comes. */
  let lifetime = {}

  function isFollowing(threadId: number): boolean {
    const wish = actions()
      .of('follow')
      .findLast(({ body }) => body.message_id === threadId)
    return wish?.body.is_following ?? own.get().get(String(threadId))?.is_following ?? false
  }

  function readSeq(threadId: number): number {
    const wishes = actions()
      .of('read_thread')
      .filter(({ body }) => body.message_id === threadId)
      .map(({ body }) => body.read_seq)
    return Math.max(own.get().get(String(threadId))?.read_seq ?? 0, written.get(threadId) ?? 0, ...wishes)
  }

  function unreadOf(threadId: number): number {
    const row = rows.get(threadId)
    return row && isFollowing(threadId) ? Math.max(0, row.last_seq - readSeq(threadId)) : 0
  }

  function present(): FollowedList {
    const missing = hasFailed ? 'error' : 'loading'
    return {
      status: fetched !== undefined || isAllKnown() ? 'ready' : missing,
      threads: presentThreads(),
      hasOlder: fetched?.hasOlder ?? false,
    }
  }

  function presentThreads(): readonly FollowedView[] {
    return [...rows.values()]
      .filter(({ id, room_id, message_count }) => message_count > 0 && isFollowing(id) && setup.isMember(room_id))
      .map((row) => ({ ...row, ...setup.directory.named(row), unread: unreadOf(row.id) }))
      .sort((a, b) => ((a.last_message_at ?? '') < (b.last_message_at ?? '') ? 1 : -1))
  }

  function isAllKnown(): boolean {
    return [...own.get()].every(([key, value]) => !value.is_following || rows.has(Number(key)))
  }

  function stateOf(threadId: number): Source<ThreadState> {
    const known = states.get(threadId)
    if (known) return known
    const made = source(() => ({ isFollowing: isFollowing(threadId), unread: unreadOf(threadId) }))
    states.set(threadId, made)
    return made
  }

  function changed() {
    list.changed()
    unread.changed()
    for (const state of states.values()) state.changed()
  }

  function merge(threads: readonly ThreadRow[]) {
    const fresh = threads.filter((row) => (rows.get(row.id)?.version ?? -1) < row.version)
    for (const row of fresh) rows.set(row.id, row)
    if (fresh.length > 0) changed()
  }

  /** A sync tells only of threads that changed: the others are asked for once. */
  async function load(): Promise<void> {
    if (fetched === undefined && !isAllKnown()) await fetchPage(undefined)
  }

  /** After a failure the next sync tries again, and so does whoever asks for more. */
  async function fetchPage(before: string | undefined): Promise<void> {
    if (isLoading || !setup.canLoad()) return
    isLoading = true
    const session = lifetime
    try {
      const { threads, more } = await setup.fetchFollowed(before)
      if (session !== lifetime) return
      fetched = { before: threads.at(-1)?.last_message_at ?? before, hasOlder: more }
      hasFailed = false
      merge(threads)
    } catch {
      if (session === lifetime) hasFailed = true
    } finally {
      if (session === lifetime) isLoading = false
    }
    changed()
  }

  function mark(body: Early) {
    const { message_id, read_seq } = body
    if (!isFollowing(message_id) || read_seq <= readSeq(message_id)) return
    actions().add({ kind: 'read_thread', lane: 'own', key: String(message_id), body })
  }

  /** They may have read on elsewhere meanwhile. */
  function markEarly() {
    for (const body of early.values()) mark(body)
    early.clear()
  }

  const follower: Follower = {
    receive({ messages, threads }: RoomChange) {
      for (const { user, thread_id, seq } of messages) {
        const isOwn = thread_id !== 0 && user.id === setup.viewerId()
        if (isOwn) written.set(thread_id, Math.max(written.get(thread_id) ?? 0, seq ?? 0))
      }
      merge(threads)
    },
    noteHead() {},
    attend() {},
    attendAll() {
      if (setup.canLoad()) markEarly()
      void load()
    },
    drop(roomId) {
      for (const [id, row] of rows) if (row.room_id === roomId) rows.delete(id)
      changed()
    },
    reset() {
      rows.clear()
      written.clear()
      early.clear()
      fetched = undefined
      isLoading = false
      hasFailed = false
      lifetime = {}
      changed()
    },
  }

  own.subscribe(changed)

  type Methods = Pick<
    Client['threads'],
    'get' | 'followed' | 'loadOlderFollowed' | 'unread' | 'setFollowing' | 'markRead'
  >
  const methods: Methods = {
    get: (_roomId, threadId) => stateOf(threadId),
    followed: list,
    loadOlderFollowed: () => fetchPage(fetched?.before),
    unread,
    setFollowing(room_id, message_id, is_following) {
      const row = setup.find(room_id, message_id)
      if (row) merge([row])
      const body = { room_id, message_id, is_following }
      actions().add({ kind: 'follow', lane: 'own', key: String(message_id), body })
    },
    markRead(room_id, message_id, read_seq) {
      if (setup.canLoad()) return mark({ room_id, message_id, read_seq })
      if (read_seq > (early.get(message_id)?.read_seq ?? 0)) early.set(message_id, { room_id, message_id, read_seq })
    },
  }
  return {
    ...follower,
    methods,
    merge,
    /** The rows of those that the list begins with. */
    rows(): readonly ThreadRow[] {
      const shown = presentThreads().slice(0, maxThreads)
      return shown.map(({ id }) => rows.get(id)).filter((row) => row !== undefined)
    },
    /** What is on its way is another, or somebody's name is. */
    changed,
    /** Whether the message of this seq is new to the viewer, in a thread that they follow. */
    isUnread: (threadId: number, seq: number): boolean => isFollowing(threadId) && seq > readSeq(threadId),
    /** Where the reader is in a thread that has news for them. */
    dividerOf: (threadId: number): number | null => (unreadOf(threadId) > 0 ? readSeq(threadId) : null),
  }
}
