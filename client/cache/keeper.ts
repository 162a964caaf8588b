import type { OwnRow } from '@grandchat/contracts/own-rows/schema'
import type { Me } from '@grandchat/contracts/sessions/schema'
import { backoff } from '../backoff.ts'
import type { Environment } from '../environment.ts'
import type { Window } from '../messages/window.ts'
import { idOf } from '../own-rows/own-rows.ts'
import type { Entry } from '../rooms/entry.ts'
import type { KnownThreads } from '../threads/memory.ts'
import {
  type CachedName,
  type CachedRoom,
  type CachedState,
  type CachedWindow,
  type CacheStorage,
  type CacheTransaction,
} from '../storage/cache-storage.ts'
import { createTimer } from '../timer.ts'
import { type Cached, cacheSchema, readCache, readWindow } from './read.ts'
import { isSameRoom, isWorthKeeping, stampOf, threadStampOf } from './records.ts'
import { toCachedRoom, toCachedThreadWindow, toCachedWindow } from './records.ts'
import { type CacheChange, type CacheRows, claimCache, clearCache, writeCache } from './write.ts'

/** What changes within this time is written together. */
const gatherMs = 1_000
/** A screen waits no longer for what is kept; a room that is opened, no longer than for the server. */
const readLimitMs = 300
const windowLimitMs = 1_000
/** Between attempts after failures, ever longer; and while another lineage is there. */
const firstRestMs = 2_000
const maxRestMs = 600_000
const refusedMs = 30_000

/** All that is known at this moment, as far as it is worth keeping. */
export type Knowledge = KnownThreads & {
  me: Me
  epoch: string
  user_version: number
  workspace_version: number
  entries: readonly Entry[]
  names: readonly CachedName[]
  ownRows: readonly OwnRow[]
  /** In the order of use, that on screen last. */
  windows: readonly Window[]
}

export type KeeperSetup = {
  environment: Environment
  /** Undefined: nothing is kept. */
  storage: CacheStorage | undefined
  /** Undefined as long as no answer of the server has confirmed it. */
  know: () => Knowledge | undefined
}

/** Rows to be written, and how windows stood then. */
type Listed = { rows: CacheRows; stamps: ReadonlyMap<number, string>; threadStamps: ReadonlyMap<number, string> }

export type Keeper = ReturnType<typeof createKeeper>

/** Keeps what the client knows for its next start. What it cannot keep is in memory alone, and nobody notices. */
export function createKeeper({ environment, storage, know }: KeeperSetup) {
  /** Which one this client is of: the one that it began with, or one that it has founded. */
  let lineage: string | undefined
  let rooms = new Map<number, CachedRoom>()
  let names = new Map<number, number>()
  let ownRows = new Map<string, number>()
  let windows = new Map<number, string>()
  let threads = new Map<number, string>()
  let threadWindows = new Map<number, string>()
  /** Read with the rest, and not asked for yet. */
  let firstWindows = new Map<number, CachedWindow>()
  let failures = 0
  let restsUntil = Number.NEGATIVE_INFINITY
  let isSaving = false
  /** Raised when what is under way must not count any more. */
  let generation = 0
  const timer = createTimer(environment, () => void save())

  function list(known: Knowledge): Listed {
    const loaded = known.windows.filter(isWorthKeeping)
    const loadedThreads = known.threadWindows.filter(({ window }) => isWorthKeeping(window))
    return {
      rows: {
        rooms: known.entries.map(toCachedRoom).filter((room) => room !== undefined),
        names: known.names,
        ownRows: known.ownRows.map((row) => ({ ...row, id: idOf(row) })),
        windows: loaded.map(toCachedWindow),
        threads: known.threads,
        threadWindows: loadedThreads.map(({ window, root }) => toCachedThreadWindow(window, root)),
      },
      stamps: new Map(loaded.map((window) => [window.roomId, stampOf(window)])),
      threadStamps: new Map(loadedThreads.map((each) => [each.window.key, stampOfThread(each)])),
    }
  }

  /** Only what differs from what was written. */
  function listNew(known: Knowledge): Listed {
    const changed = known.windows.filter((window) => windows.get(window.roomId) !== stampOf(window))
    const { rows, ...stamps } = list({
      ...known,
      windows: changed,
      threadWindows: known.threadWindows.filter((each) => threadWindows.get(each.window.key) !== stampOfThread(each)),
    })
    return {
      rows: {
        rooms: rows.rooms.filter((room) => !isSameRoom(rooms.get(room.id), room)),
        names: rows.names.filter(({ id, version }) => names.get(id) !== version),
        ownRows: rows.ownRows.filter(({ id, own_version }) => ownRows.get(id) !== own_version),
        windows: rows.windows,
        threads: rows.threads.filter((thread) => threads.get(thread.id) !== threadStampOf(thread)),
        threadWindows: rows.threadWindows,
      },
      ...stamps,
    }
  }

  function describe(known: Knowledge): CachedState {
    const { me, epoch, user_version, workspace_version, windows: used, threadWindows: usedThreads } = known
    lineage ??= environment.uuid()
    return {
      id: 0,
      schema: cacheSchema,
      lineage,
      me,
      epoch,
      user_version,
      workspace_version,
      saved_at: environment.now(),
      recent: used.map(({ roomId }) => roomId),
      recentThreads: usedThreads.map(({ window }) => window.key),
    }
  }

  function noteWritten({ rows, stamps, threadStamps }: Listed) {
    for (const room of rows.rooms) rooms.set(room.id, room)
    for (const { id, version } of rows.names) names.set(id, version)
    for (const { id, own_version } of rows.ownRows) ownRows.set(id, own_version)
    for (const [id, stamp] of stamps) windows.set(id, stamp)
    for (const thread of rows.threads) threads.set(thread.id, threadStampOf(thread))
    for (const [id, stamp] of threadStamps) threadWindows.set(id, stamp)
  }

  /** Begins at once, for a page that is being put away may have no other chance. */
  async function save(): Promise<void> {
    timer.cancel()
    const known = know()
    if (!storage || !known) return
    const rest = isSaving ? gatherMs : restsUntil - environment.now()
    if (rest > 0) return timer.soon(rest)
    isSaving = true
    const current = generation
    const state = describe(known)
    let listed = listNew(known)
    const change: CacheChange = {
      state,
      changed: listed.rows,
      all() {
        // Later than `state`, and that is right; but never of what was begun anew meanwhile.
        if (current !== generation) throw new Error('it is known no more')
        listed = list(known)
        return listed.rows
      },
    }
    const writing = storage.run('readwrite', (transaction) => writeCache(transaction, change))
    const outcome = await writing.catch(() => 'failed' as const)
    isSaving = false
    if (current !== generation) return
    if (outcome === 'failed' || outcome === 'refused') return giveWay(outcome)
    failures = 0
    noteWritten(listed)
  }

  function giveWay(outcome: 'refused' | 'failed') {
    if (outcome === 'failed') failures++
    restsUntil =
      environment.now() + (outcome === 'failed' ? backoff(environment, failures, firstRestMs, maxRestMs) : refusedMs)
    timer.soon(restsUntil - environment.now())
  }

  /** What was known is not worth keeping: whatever comes begins a lineage of its own. */
  function begin() {
    generation++
    lineage = undefined
    rooms = new Map()
    names = new Map()
    ownRows = new Map()
    windows = new Map()
    threads = new Map()
    threadWindows = new Map()
    firstWindows = new Map()
    timer.cancel()
  }

  function remove(work: (transaction: CacheTransaction) => Promise<void>) {
    begin()
    void storage?.run('readwrite', work).catch(() => {})
  }

  /** Undefined if it takes too long. */
  function inTime<T>(reading: Promise<T>, ms = readLimitMs): Promise<T | undefined> {
    const late = new Promise<undefined>((resolve) => environment.after(ms, () => resolve(undefined)))
    return Promise.race([reading.catch(() => undefined), late])
  }

  function find<Name extends 'windows' | 'threadWindows'>(store: Name, id: number) {
    const mine = lineage
    if (!storage || mine === undefined) return undefined
    const reading = storage.run('readonly', (transaction) => readWindow(transaction, store, id, mine))
    return inTime(reading, windowLimitMs).then((window) => (mine === lineage ? window : undefined))
  }

  return {
    /** What is kept, for a client that knows nothing yet. */
    read: async (): Promise<Cached | undefined> => storage?.run('readonly', readCache).catch(() => undefined),
    inTime,

    /** The client begins with what was read: it is of that lineage. */
    adopt(cached: Cached) {
      lineage = cached.state.lineage
      for (const room of cached.rooms) rooms.set(room.id, room)
      for (const { id, version } of cached.names) names.set(id, version)
      for (const { id, own_version } of cached.ownRows) ownRows.set(id, own_version)
      for (const window of cached.windows) firstWindows.set(window.id, window)
      for (const thread of cached.threads) threads.set(thread.id, threadStampOf(thread))
    },

    /** The window of a room that is opened: at once if it is at hand, undefined where there can be none. */
    readWindow(roomId: number): CachedWindow | Promise<CachedWindow | undefined> | undefined {
      const first = firstWindows.get(roomId)
      firstWindows.delete(roomId)
      return first ?? find('windows', roomId)
    },

    /** The window of a thread that is opened. */
    readThreadWindow: (threadId: number) => find('threadWindows', threadId),

    /** Something may have changed. */
    touch: () => timer.soon(gatherMs),
    save,

    /** Ends what it does for this person, and leaves what is kept. */
    stop: begin,

    /** Removes what is kept from this device: it is nobody's, somebody else's, or of a database that is no more. */
    clear: () => remove(async (transaction) => clearCache(transaction)),

    /** This person is here now: what is kept of another is removed. */
    claim: (userId: number) => remove((transaction) => claimCache(transaction, userId)),
  }
}

type KnownThreadWindow = KnownThreads['threadWindows'][number]

function stampOfThread({ window, root }: KnownThreadWindow): string {
  return `${stampOf(window)}.${root?.version ?? 0}`
}
