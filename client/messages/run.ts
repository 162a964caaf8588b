import type { Member } from '@grandchat/contracts/memberships/schema'
import type { AttachedRows, HistoryPage, MessageRow } from '@grandchat/contracts/messages/schema'
import type { PinRow } from '@grandchat/contracts/pins/schema'
import type { ReactionRow } from '@grandchat/contracts/reactions/schema'
import type { ThreadRow } from '@grandchat/contracts/threads/schema'
import type { RoomChange } from '../sync/change.ts'

/** Events of a room that are kept to be replayed over pages older than the run. */
const keptChanges = 256

/** Rows as they come, of any messages. */
export type Rows = Pick<RoomChange, 'messages' | keyof AttachedRows> & { members?: readonly Member[] | null }

/**
 * Some messages of a room with what hangs on them, and the version up to which every change of them is known. Rows are
 * whole and the higher row version wins; only a contiguous event or the end of an answer moves `version`.
 */
export type Run = {
  readonly roomId: number
  isLoaded: boolean
  version: number
  /** Is this message one of them? What happens to others is not followed. */
  readonly holds: (messageId: number, threadId?: number) => boolean
  readonly rows: Map<number, MessageRow>
  /** By message, in the order of emoji. Arrays are replaced, never changed. */
  readonly reactions: Map<number, readonly ReactionRow[]>
  readonly pins: Map<number, PinRow>
  readonly threads: Map<number, ThreadRow>
  /** All members of a small room by user, those who left included; undefined where they are not known. */
  members: Map<number, Member> | undefined
  readonly kept: Map<number, RoomChange>
}

export function createRun(roomId: number, holds: Run['holds']): Run {
  return {
    roomId,
    isLoaded: false,
    version: 0,
    holds,
    rows: new Map(),
    reactions: new Map(),
    pins: new Map(),
    threads: new Map(),
    members: undefined,
    kept: new Map(),
  }
}

/** Merges rows without moving the version: an event's, or the answer to a request that changed something. */
export function mergeRows(run: Run, rows: Rows): void {
  merge(run, rows, (version, known) => version > known)
}

/** Merges rows that were read just now: of two of one version, theirs has the newer names. */
export function mergeRead(run: Run, rows: Rows): void {
  merge(run, rows, (version, known) => version >= known)
}

type Supersedes = (version: number, known: number) => boolean

function merge(run: Run, { messages, reactions, pins, threads, members }: Rows, supersedes: Supersedes): void {
  function put<Row extends { version: number }>(rows: Map<number, Row>, id: number, row: Row) {
    const known = rows.get(id)
    if (!known || supersedes(row.version, known.version)) rows.set(id, row)
  }
  for (const row of messages) if (run.holds(row.id, row.thread_id)) put(run.rows, row.id, row)
  for (const row of pins) if (run.holds(row.message_id)) put(run.pins, row.message_id, row)
  for (const row of threads) if (run.holds(row.id)) put(run.threads, row.id, row)
  if (run.members) for (const row of members ?? []) put(run.members, row.user.id, row)
  for (const row of reactions) {
    if (!run.holds(row.message_id)) continue
    const all = run.reactions.get(row.message_id) ?? []
    const known = all.find(({ emoji }) => emoji === row.emoji)
    if (known && !supersedes(row.version, known.version)) continue
    const others = all.filter((other) => other !== known)
    run.reactions.set(row.message_id, [...others, row].sort(byEmoji))
  }
}

/** Not by count: what one is about to click must stay where it is. */
function byEmoji(a: ReactionRow, b: ReactionRow): number {
  return a.emoji < b.emoji ? -1 : 1
}

/** Takes an event. It moves the run if it is the next, and every kept one that follows. */
export function receiveChange(run: Run, change: RoomChange): void {
  run.kept.set(change.version, change)
  if (run.kept.size > keptChanges) run.kept.delete(Math.min(...run.kept.keys()))
  advance(run)
}

export function advance(run: Run): void {
  if (!run.isLoaded) return
  for (let next = run.kept.get(run.version + 1); next; next = run.kept.get(run.version + 1)) {
    mergeRows(run, next)
    run.version = next.version
  }
}

/**
 * Merges a page of messages that the run did not hold. One read before the run's version may show rows as they were
 * before events that the run dropped: those are replayed. False if they are not all kept: load the page again. `widen`
 * makes the run hold the page's messages.
 */
export function mergePage(run: Run, page: HistoryPage, widen: () => void): boolean {
  const missed = changesBetween(run, page.version, run.version)
  if (!missed) return false
  widen()
  mergeSnapshot(run, page)
  for (const change of missed) mergeRows(run, change)
  return true
}

/** Merges a page whole: what hung on its messages by then and is not in it is there no more. */
export function mergeSnapshot(run: Run, page: HistoryPage): void {
  for (const { id } of page.results) forgetAttached(run, id, page.version)
  mergeRead(run, { ...page, messages: page.results.map(toRow) })
}

function forgetAttached(run: Run, id: number, upTo: number): void {
  const reactions = run.reactions.get(id)?.filter((row) => row.version > upTo)
  if (reactions) run.reactions.set(id, reactions)
  if ((run.pins.get(id)?.version ?? Infinity) <= upTo) run.pins.delete(id)
  if ((run.threads.get(id)?.version ?? Infinity) <= upTo) run.threads.delete(id)
}

function changesBetween(run: Run, from: number, to: number): RoomChange[] | undefined {
  const changes: RoomChange[] = []
  for (let version = from + 1; version <= to; version++) {
    const change = run.kept.get(version)
    if (!change) return undefined
    changes.push(change)
  }
  return changes
}

/** Lets go of what it does not hold any more, and of what `isOld`. */
export function sweep(run: Run, isOld: (row: { version: number }) => boolean = () => false): void {
  for (const [id, row] of run.rows) if (!run.holds(id) || isOld(row)) run.rows.delete(id)
  for (const rows of [run.pins, run.threads]) {
    for (const [id, row] of rows) if (!run.holds(id) || isOld(row)) rows.delete(id)
  }
  for (const [id, rows] of run.reactions) {
    const left = run.holds(id) ? rows.filter((row) => !isOld(row)) : []
    if (left.length === 0) run.reactions.delete(id)
    else run.reactions.set(id, left)
  }
}

export function clearRun(run: Run): void {
  run.isLoaded = false
  run.version = 0
  run.members = undefined
  for (const rows of [run.rows, run.reactions, run.pins, run.threads]) rows.clear()
}

/** All that hangs on its messages. */
export function attachedOf(run: Run) {
  const { reactions, pins, threads } = run
  return { reactions: [...reactions.values()].flat(), pins: [...pins.values()], threads: [...threads.values()] }
}

/** History rows carry their room's position; runs keep rows of one shape. */
function toRow(message: HistoryPage['results'][number]): MessageRow {
  const { room: _, ...row } = message
  return row
}
