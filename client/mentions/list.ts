import type { MentionsPage } from '@grandchat/contracts/mentions/list'
import type { MessageRow } from '@grandchat/contracts/messages/schema'
import { backoff } from '../backoff.ts'
import type { Client, MentionList, MentionView } from '../client.ts'
import type { Environment } from '../environment.ts'
import type { Rooms } from '../rooms/rooms.ts'
import type { MakeSource } from '../source.ts'
import type { Follower } from '../sync/follower.ts'
import { createStream, type Stream } from '../sync/stream.ts'
import type { Followed } from '../threads/followed.ts'
import { createTimer } from '../timer.ts'
import type { Directory } from '../users/directory.ts'
import { isMentioned } from './known.ts'

/** What is fetched anew goes back so many pages; the rest is asked for by whoever wants it. */
const mostPages = 10

export type MentionsSetup = {
  environment: Environment
  source: MakeSource
  directory: Directory
  rooms: Pick<Rooms, 'list' | 'get' | 'entries' | 'isMember' | 'head'>
  followed: Pick<Followed, 'isUnread' | 'methods'>
  viewerId: () => number | undefined
  /** Requests can be made. */
  canLoad: () => boolean
  /** How long what overtook others waits for them. */
  moment: (roomId: number) => number
  fetchMentions: (before?: number) => Promise<MentionsPage>
}

/**
 * The messages that mention the viewer. Pages are merged with what events tell of messages; where events are missing in any
 * room, all that was loaded is fetched again, for as long as somebody looks.
 */
export function createMentionList(setup: MentionsSetup) {
  const { environment, rooms, followed } = setup
  /** Messages as they were heard of last: those that mention the viewer, and others while that may still be doubted. */
  let rows = new Map<number, MessageRow>()
  /** Of each room, up to where every change of its messages is known. */
  const streams = new Map<number, Stream>()
  /** Down to which message the list is whole; 0 when there are no older ones. Undefined before the first page. */
  let floor: number | undefined
  /** What was heard since a question was asked, which its answer may not know. */
  let heard: Map<number, MessageRow> | undefined
  let failures = 0
  let looking = 0
  let version = 0
  /** Who is signed in may be another by the time an answer comes. */
  let lifetime = {}
  const changes = setup.source(() => ++version)
  const retry = createTimer(environment, attend)
  const views = new WeakMap<MessageRow, { names: number; view: MentionView }>()
  let last: { inputs: readonly unknown[]; list: MentionList } | undefined

  function present(): MentionList {
    const missing = failures > 0 ? 'error' : 'loading'
    const messages = floor === undefined ? [] : presentMessages(floor)
    return {
      status: floor === undefined ? missing : 'ready',
      messages,
      hasOlder: floor !== undefined && floor > 0,
      hasFailed: failures > 0,
    }
  }

  function presentMessages(low: number): readonly MentionView[] {
    return [...rows.values()]
      .filter((row) => row.id >= low && isShown(row) && rooms.isMember(row.room_id))
      .sort(byTime)
      .map(viewOf)
  }

  function isShown(row: MessageRow): boolean {
    const viewer = setup.viewerId()
    return viewer !== undefined && isMentioned(row, viewer)
  }

  /** The same object as long as nothing of it changes. */
  function viewOf(row: MessageRow): MentionView {
    const names = setup.directory.changes()
    const known = views.get(row)
    const isUnread = isUnreadRow(row)
    if (known && known.names === names && known.view.isUnread === isUnread) return known.view
    const view = { ...row, ...setup.directory.named(row), isUnread }
    views.set(row, { names, view })
    return view
  }

  function isUnreadRow({ room_id, thread_id, seq }: MessageRow): boolean {
    if (seq === null) return false
    return thread_id === 0 ? seq > (rooms.get(room_id).get()?.read_seq ?? seq) : followed.isUnread(thread_id, seq)
  }

  function merge(messages: readonly MessageRow[]) {
    if (floor === undefined && heard === undefined) return
    for (const row of messages) {
      const known = rows.get(row.id)
      if (known && known.version >= row.version) continue
      rows.set(row.id, row)
      heard?.set(row.id, row)
    }
    if (messages.length > 0) changes.changed()
  }

  /** What mentions nobody here is kept only while something older of it may come. */
  function forgetOthers(roomId: number, messages: readonly MessageRow[]) {
    if (heard !== undefined || streams.get(roomId)?.hasGap === true) return
    for (const { id } of messages) {
      const row = rows.get(id)
      if (row && !isShown(row)) rows.delete(id)
    }
  }

  const isBehindIn = (roomId: number) => (streams.get(roomId)?.version ?? -1) < rooms.head(roomId)
  const memberRooms = () => [...rooms.entries()].map(({ id }) => id).filter(rooms.isMember)
  const isBehind = () => floor === undefined || memberRooms().some(isBehindIn)

  /** Asks for what is missing, if somebody looks. */
  function attend() {
    if (looking > 0 && isBehind()) void load()
  }

  /** All down to where the list went before, or its newest page. */
  async function load(): Promise<void> {
    const low = floor ?? Number.POSITIVE_INFINITY
    await ask(async (heads) => {
      const { results, more } = await fetchDownTo(low)
      return () => {
        rows = new Map(results.map((row) => [row.id, row]))
        floor = more ? (results.at(-1)?.id ?? 0) : 0
        for (const [roomId, head] of heads) streamOf(roomId).reach(head)
      }
    })
  }

  async function fetchDownTo(low: number): Promise<MentionsPage> {
    const results: MessageRow[] = []
    for (let pages = 1; ; pages++) {
      const page = await setup.fetchMentions(results.at(-1)?.id)
      results.push(...page.results)
      const lowest = results.at(-1)?.id ?? 0
      if (!page.more || lowest <= low || pages === mostPages) return { results, more: page.more }
    }
  }

  async function loadOlder(): Promise<void> {
    const from = floor
    if (from === undefined) return load()
    if (from === 0) return
    await ask(async () => {
      const { results, more } = await setup.fetchMentions(from)
      return () => {
        for (const row of results) if ((rows.get(row.id)?.version ?? -1) < row.version) rows.set(row.id, row)
        floor = more ? (results.at(-1)?.id ?? 0) : 0
      }
    })
  }

  /**
   * One question at a time. What was heard before it was asked is in its answer: events come after their change was stored;
   * what was heard since stands against it, by version.
   */
  async function ask(question: (heads: ReadonlyMap<number, number>) => Promise<() => void>): Promise<void> {
    if (heard !== undefined || !setup.canLoad()) return
    heard = new Map()
    // Up to these the answer knows everything.
    const heads = new Map(memberRooms().map((roomId) => [roomId, rooms.head(roomId)]))
    const session = lifetime
    try {
      const take = await question(heads)
      if (session !== lifetime) return
      const since = [...heard.values()].filter((row) => row.version > (heads.get(row.room_id) ?? 0))
      take()
      heard = undefined
      failures = 0
      merge(since)
    } catch {
      if (session !== lifetime) return
      heard = undefined
      failures++
    }
    changes.changed()
    if (failures > 0) retry.reset(backoff(environment, failures))
    else if (isBehind()) retry.soon(Math.max(...memberRooms().filter(isBehindIn).map(setup.moment)))
  }

  function streamOf(roomId: number): Stream {
    const stream = streams.get(roomId) ?? createStream()
    streams.set(roomId, stream)
    return stream
  }

  const follower: Follower = {
    receive({ room_id, version: at, messages, members }) {
      if (floor === undefined && heard === undefined) return
      // An answer from while the viewer was out, perhaps for a moment, has nothing of the room.
      const wasOut = members.some(({ user, left_at }) => user.id === setup.viewerId() && left_at !== null)
      if (wasOut) {
        streams.delete(room_id)
        retry.soon(setup.moment(room_id))
      } else if (streamOf(room_id).arrive(at)) {
        merge(messages)
        forgetOthers(room_id, messages)
      }
    },
    noteHead(roomId) {
      if (looking > 0 && floor !== undefined && isBehindIn(roomId)) retry.soon(setup.moment(roomId))
    },
    // Rooms come in numbers.
    attend() {
      if (looking > 0) retry.soon(0)
    },
    attendAll: attend,
    drop(roomId) {
      for (const [id, row] of rows) if (row.room_id === roomId) rows.delete(id)
      streams.delete(roomId)
      changes.changed()
    },
    reset() {
      rows.clear()
      streams.clear()
      retry.cancel()
      floor = undefined
      heard = undefined
      failures = 0
      lifetime = {}
      changes.changed()
    },
  }

  const methods: Client['mentions'] = {
    list: {
      get() {
        // Where the reader is decides what is unread.
        const inputs = [changes.get(), rooms.list.get(), followed.methods.followed.get(), setup.directory.changes()]
        if (!last || inputs.some((input, n) => input !== last?.inputs[n])) last = { inputs, list: present() }
        return last.list
      },
      subscribe(listener) {
        looking++
        // Whoever comes from elsewhere finds what was known, and what came since as soon as it is here.
        queueMicrotask(attend)
        const ends = [changes, rooms.list, followed.methods.followed].map((each) => each.subscribe(listener))
        let isOver = false
        return () => {
          if (isOver) return
          isOver = true
          looking--
          ends.forEach((end) => end())
        }
      },
    },
    loadOlder,
  }
  return { ...follower, methods, merge }
}

/** The newest first. Ids follow times but for what was brought here from elsewhere. */
function byTime(a: MessageRow, b: MessageRow): number {
  if (a.created_at === b.created_at) return b.id - a.id
  return a.created_at < b.created_at ? 1 : -1
}
