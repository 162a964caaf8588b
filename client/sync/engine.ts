import { limits } from '@grandchat/contracts/limits'
import type { Event } from '@grandchat/contracts/realtime/events'
import type { MessageRow } from '@grandchat/contracts/messages/schema'
import type { Head, SyncAnswer, SyncRequest } from '@grandchat/contracts/sync/schema'
import type { Environment } from '../environment.ts'
import type { Pane } from '../messages/pane.ts'
import type { Windows } from '../messages/windows.ts'
import type { OwnRows } from '../own-rows/own-rows.ts'
import { isStranger } from '../rooms/entry.ts'
import type { Rooms } from '../rooms/rooms.ts'
import { createSingleFlight } from '../single-flight.ts'
import { createTimer } from '../timer.ts'
import type { Directory } from '../users/directory.ts'
import { createApplyEvent } from './apply-event.ts'
import type { Follower } from './follower.ts'
import { describe, differsFrom, digestOf, hasGaps, headPrecedes, precedes } from './known.ts'
import { type Lanes, holdLanes } from './lanes.ts'
import { momentOf } from './moment.ts'
import { createStream } from './stream.ts'

/** Those beyond are found missing like any that were lost. */
const maxEarly = 1_000
/** A server that keeps telling of something that a sync does not bring is asked ever more rarely. */
const maxDoubtMs = 60_000

const nothing: SyncRequest = { user_version: 0, workspace_version: 0, rooms: {}, open: [] }

export type EngineSetup = {
  environment: Environment
  lanes: Lanes
  rooms: Rooms
  windows: Windows
  /** What keeps something of rooms current beside their windows. */
  followers: readonly Follower[]
  directory: Directory
  ownRows: OwnRows
  fetchSync: (known: SyncRequest) => Promise<SyncAnswer>
  fetchHead: (digest: string) => Promise<Head | undefined>
  isLive: () => boolean
  /** The id of the one who is signed in. */
  viewerId: () => number | undefined
  /** An own message was seen in its room. */
  onOwnMessage: (row: MessageRow) => void
  onNames: () => void
  /** Threads that the viewer follows and that have changed. */
  onThreads: (threads: SyncAnswer['threads']) => void
  /** Seconds after which the server wants to be asked again. */
  onInterval: (seconds: number) => void
  /** What is known may have changed. */
  onChange: () => void
  /** What was known is of another database, or of a server that went back. */
  onForgotten: () => void
}

/** Up to where an earlier client knew everything. */
export type Versions = { epoch: string; user_version: number; workspace_version: number }

export type Engine = ReturnType<typeof createEngine>

/** Keeps what is known equal to what the server has: applies events, notices what is missing, and fetches it. */
export function createEngine(setup: EngineSetup) {
  const { environment, lanes, rooms, windows, followers, directory, ownRows } = setup
  const own = createStream()
  const workspace = createStream()
  let epoch: string | undefined
  /** The server has answered; before, what is known is what was kept from an earlier time, if anything. */
  let isConfirmed = false
  /** What the last head check reported beyond what was known. */
  let target: Head | undefined
  /** A sync was asked for and has not succeeded. */
  let isDue = true
  /** The next sync asks for everything, and what was known before it is forgotten. */
  let isAfresh = false
  let startedOverMs = Number.NEGATIVE_INFINITY
  /** Events from before the first answer: without its versions and epoch they cannot be told from old ones. */
  const early: Event[] = []
  let doubts = 0
  let generation = 0
  const sync = createSingleFlight(runSync)
  const doubt = createTimer(environment, () => void settleDoubt())
  const applyEvent = createApplyEvent({ ...setup, own, workspace, suspect })

  /** Something may be missing: looks again after a moment, and asks if it still is. */
  function suspect(roomId?: number) {
    const members = roomId === undefined ? 0 : rooms.entry(roomId)?.room?.member_count
    doubt.soon(Math.min(maxDoubtMs, momentOf(environment, members) * 2 ** doubts))
  }

  function demandSync() {
    isDue = true
    suspect()
  }

  /**
   * The server went back behind what was known, without a new epoch: no version of it can be compared. Everything is read
   * anew; not more often than a doubt is looked at, whatever a server says.
   */
  function startOver() {
    if (environment.now() - startedOverMs < maxDoubtMs) return
    startedOverMs = environment.now()
    isAfresh = true
    demandSync()
  }

  async function settleDoubt() {
    if (setup.viewerId() === undefined) return
    if (!isBehind()) {
      doubts = 0
      return
    }
    doubts++
    // A failure is noticed by the next look at the server.
    await sync().catch(() => {})
  }

  function isBehind(): boolean {
    const known = { epoch, own, workspace, rooms }
    return isDue || hasGaps(known) || (target !== undefined && differsFrom(target, known))
  }

  async function runSync(): Promise<void> {
    isDue = true
    const current = generation
    const panes = isAfresh ? [] : windows.idle(limits.syncOpenRooms)
    // Their lanes are held from the question to the answer: no page of theirs may be under way.
    const roomIds = panes.map(({ window }) => window.roomId)
    await holdLanes(lanes, roomIds, () => syncHolding(panes, current))
    if (current !== generation) return
    setup.onChange()
    windows.attendAll()
    for (const follower of followers) follower.attendAll()
    if (isBehind()) suspect()
    else doubts = 0
  }

  async function syncHolding(panes: readonly Pane[], current: number): Promise<void> {
    const asAtFirst = isAfresh
    const known = asAtFirst ? nothing : describe({ epoch, own, workspace, rooms }, panes)
    const unsure = [...rooms.entries()].filter((entry) => entry.isOwnUnsure)
    const strangers = [...rooms.entries()].filter(isStranger)
    const answer = await setup.fetchSync(known)
    if (current !== generation) return
    for (const entry of unsure) entry.isOwnUnsure = false
    if (asAtFirst) forgetKnown()
    isAfresh &&= !asAtFirst
    isDue = false
    apply(answer, panes)
    for (const { id } of strangers) if (isStranger(rooms.entry(id))) rooms.forget(id)
    if (precedes(answer, known)) startOver()
  }

  function apply(answer: SyncAnswer, panes: readonly Pane[]) {
    if (epoch !== undefined && answer.epoch !== epoch) {
      // Of which of the two these are cannot be told: another sync is.
      isDue = early.splice(0).length > 0
      forgetKnown()
    }
    epoch = answer.epoch
    isConfirmed = true
    target = undefined
    if (answer.workspace.users.length > 0) {
      directory.merge(answer.workspace.users, answer.workspace_version)
      setup.onNames()
    }
    for (const row of answer.own.memberships) rooms.mergeOwn(row)
    ownRows.mergeAnswer(answer.own, answer.user_version)
    for (const room of answer.rooms) {
      rooms.mergeReadRoom(room)
      rooms.noteMember(room.id, room.version)
      rooms.noteOwnRead(room.id, room.version)
    }
    setup.onThreads(answer.threads)
    for (const id of answer.gone) rooms.noteGone(id, answer.user_version)
    own.reach(answer.user_version)
    workspace.reach(answer.workspace_version)
    for (const pane of panes) {
      const changes = answer.changes[pane.window.roomId]
      if (changes) windows.applyChanges(pane, changes)
    }
    rooms.setStatus('ready')
    setup.onInterval(answer.next_s)
    for (const event of early.splice(0)) applyEvent(event)
  }

  /** Another database: nothing that was known is worth keeping but what was written here. */
  function forgetKnown() {
    forgetAll()
    setup.onForgotten()
  }

  function forgetAll() {
    epoch = undefined
    isConfirmed = false
    target = undefined
    own.reset()
    workspace.reset()
    directory.reset()
    ownRows.reset()
    rooms.reset()
    windows.reset()
    for (const follower of followers) follower.reset()
  }

  async function checkHead(): Promise<void> {
    const current = generation
    const asked = describe({ epoch, own, workspace, rooms }, [])
    const head = await setup.fetchHead(digestOf({ epoch, own, workspace, rooms }))
    if (current !== generation) return
    target = head
    if (!head) return
    setup.onInterval(head.next_s)
    if (head.epoch !== epoch) return sync()
    if (headPrecedes(head, asked)) return startOver()
    for (const [id, version] of head.rooms) if (rooms.isMember(id)) rooms.noteHead(id, version)
    if (!isBehind()) return
    // With the socket up the missing events may be on their way.
    if (setup.isLive()) suspect()
    else await sync()
  }

  return {
    sync,
    /** Applies a publication; what it cannot use by itself is fetched. */
    receive(event: Event) {
      if (isConfirmed) applyEvent(event)
      else if (early.length < maxEarly) early.push(event)
      setup.onChange()
    },
    /** Looks for anything new, with the least that tells. */
    look: (): Promise<void> => (isDue || !isConfirmed ? sync() : checkHead()),
    /** The connection is gone, and what it brought: the server may be another when it comes back. */
    disconnected: () => void early.splice(0),
    hasSynced: (): boolean => isConfirmed,
    /** Goes on from where an earlier client was; its rooms and names are restored by their own parts. */
    restore(versions: Versions) {
      epoch = versions.epoch
      own.reach(versions.user_version)
      workspace.reach(versions.workspace_version)
    },
    /** Undefined before the server has answered. */
    versions: (): Versions | undefined =>
      epoch === undefined || !isConfirmed
        ? undefined
        : { epoch, user_version: own.version, workspace_version: workspace.version },
    suspect,
    startOver,
    /** What is known was contradicted: the next sync tells. */
    demandSync,
    /** Passes on an answer of the database that is known; on another's word everything is read anew. */
    async ofThisEpoch<Answer extends { epoch: string }>(answer: Promise<Answer>): Promise<Answer> {
      const found = await answer
      if (epoch === undefined || found.epoch === epoch) return found
      demandSync()
      throw new Error('the answer is of another epoch')
    },
    stop() {
      generation++
      isDue = true
      isAfresh = false
      startedOverMs = Number.NEGATIVE_INFINITY
      doubts = 0
      doubt.cancel()
      early.length = 0
      forgetAll()
      rooms.setStatus('loading')
    },
  }
}
