import type { HistoryPage, MessageRow } from '@grandchat/contracts/messages/schema'
import type { CachedWindow } from '../storage/cache-storage.ts'
import type { RoomChange } from '../sync/change.ts'

/** Events of a room that are kept to be replayed over pages older than the window. */
const keptChanges = 256

/**
 * A run of messages, and the version up to which every change inside it is known. Rows are whole and the higher row
 * version wins; only a contiguous event or the end of an answer moves `version`.
 */
export type Window = {
  readonly roomId: number
  isLoaded: boolean
  version: number
  /** The lowest id of the run; 0 when it begins with the room. Changes below are not followed. */
  low: number
  rows: Map<number, MessageRow>
  kept: Map<number, RoomChange>
}

export function createWindow(roomId: number): Window {
  return { roomId, isLoaded: false, version: 0, low: 0, rows: new Map(), kept: new Map() }
}

export function hasOlder(window: Window): boolean {
  return window.isLoaded && window.low > 0
}

/** Forgets everything but the events, which may lie above the page that is loaded next. */
export function unload(window: Window): void {
  Object.assign(window, { isLoaded: false, version: 0, low: 0 })
  window.rows.clear()
}

/** Merges rows without moving the version: an event's, or the answer to a send. */
export function mergeRows(window: Window, rows: readonly MessageRow[]): void {
  for (const row of rows) {
    const known = window.rows.get(row.id)
    if (row.id >= window.low && (!known || row.version > known.version)) window.rows.set(row.id, row)
  }
}

/** Merges rows that were read just now: of two of one version, theirs has the newer names. */
function mergeRead(window: Window, rows: readonly MessageRow[]): void {
  for (const row of rows) {
    const known = window.rows.get(row.id)
    if (row.id >= window.low && (!known || row.version >= known.version)) window.rows.set(row.id, row)
  }
}

/** Takes an event. It moves the window if it is the next, and every kept one that follows. */
export function receiveChange(window: Window, change: RoomChange): void {
  window.kept.set(change.version, change)
  if (window.kept.size > keptChanges) window.kept.delete(Math.min(...window.kept.keys()))
  advance(window)
}

function advance(window: Window): void {
  if (!window.isLoaded) return
  for (let next = window.kept.get(window.version + 1); next; next = window.kept.get(window.version + 1)) {
    mergeRows(window, next.messages)
    window.version = next.version
  }
}

/** The newest page becomes the window: what came earlier and is not in it is there no more, with or without a trace. */
export function startWith(window: Window, page: HistoryPage): void {
  window.isLoaded = true
  window.version = page.version
  for (const [id, row] of window.rows) if (row.version <= page.version) window.rows.delete(id)
  dropBelow(window, lowOf(page))
  mergeRead(window, page.results.map(toRow))
  advance(window)
}

/** What an earlier client knew becomes the window: as right as it was then, and followed on from its version. */
export function startWithKept(window: Window, { version, low, rows }: CachedWindow): void {
  window.isLoaded = true
  window.version = version
  dropBelow(window, low)
  mergeRows(window, rows)
  advance(window)
}

/**
 * Puts an older page in front. A page read before the window's version may show rows as they were before events that
 * the window, not holding them, dropped: those are replayed. False if they are not all kept: load the page again.
 */
export function mergePage(window: Window, page: HistoryPage): boolean {
  const missed = changesBetween(window, page.version, window.version)
  if (!missed) return false
  window.low = lowOf(page)
  mergeRead(window, page.results.map(toRow))
  for (const change of missed) mergeRows(window, change.messages)
  return true
}

function changesBetween(window: Window, from: number, to: number): RoomChange[] | undefined {
  const changes: RoomChange[] = []
  for (let version = from + 1; version <= to; version++) {
    const change = window.kept.get(version)
    if (!change) return undefined
    changes.push(change)
  }
  return changes
}

/** Applies everything that changed up to `to`, from an answer that began no later than the window's version. */
export function mergeRepair(window: Window, rows: readonly MessageRow[], to: number): void {
  mergeRead(window, rows)
  window.version = Math.max(window.version, to)
  advance(window)
}

/** Keeps the newest `count` rows. */
export function trim(window: Window, count: number): void {
  if (window.rows.size <= count) return
  const low = sortedRows(window).at(-count)?.id
  if (low !== undefined) dropBelow(window, low)
}

/** Seqs rise with ids; rows without one are none of the numbered. */
export function newestSeq(window: Window): number {
  let newest = 0
  for (const { seq } of window.rows.values()) newest = Math.max(newest, seq ?? 0)
  return newest
}

export function sortedRows(window: Window): MessageRow[] {
  return [...window.rows.values()].sort((a, b) => a.id - b.id)
}

function dropBelow(window: Window, low: number): void {
  window.low = low
  for (const id of window.rows.keys()) if (id < low) window.rows.delete(id)
}

function lowOf(page: HistoryPage): number {
  return page.more ? Math.min(...page.results.map((row) => row.id)) : 0
}

/** History rows carry their room's position; windows keep rows of one shape. */
function toRow(message: HistoryPage['results'][number]): MessageRow {
  const { room: _, ...row } = message
  return row
}
