import type { HistoryPage, MessageRow } from '@grandchat/contracts/messages/schema'
import type { Member } from '@grandchat/contracts/memberships/schema'
import type { CachedWindow } from '../storage/cache-storage.ts'
import { type Rows, type Run, advance, clearRun, createRun, mergePage, mergeRead } from './run.ts'
import { mergeRows, mergeSnapshot, sweep } from './run.ts'

/** The run of a room's own messages, or of a thread's, that is on screen: all from `low` to `high`. */
export type Window = Run & {
  /** What it is kept by: the id of its thread, or else of its room. */
  readonly key: number
  /** The lowest id of the run; 0 when it begins with the room. Changes below are not followed. */
  low: number
  /** The highest id of the run; Infinity when it reaches the newest message. Changes above are not followed. */
  high: number
}

/** `threadId`: 0 for the room's own timeline. */
export function createWindow(roomId: number, threadId = 0): Window {
  const bounds = { low: 0, high: Infinity, key: threadId === 0 ? roomId : threadId }
  const holds: Run['holds'] = (id, inThread = threadId) =>
    inThread === threadId && id >= window.low && id <= window.high
  const window: Window = Object.assign(createRun(roomId, holds), bounds)
  return window
}

export function hasOlder(window: Window): boolean {
  return window.isLoaded && window.low > 0
}

export function hasNewer(window: Window): boolean {
  return window.isLoaded && window.high < Infinity
}

/** Forgets everything but the events, which may lie above the page that is loaded next. */
export function unload(window: Window): void {
  clearRun(window)
  Object.assign(window, { low: 0, high: Infinity })
}

/** The page becomes the window: what came earlier and is not in it is there no more, with or without a trace. */
export function startWith(window: Window, page: HistoryPage): void {
  window.isLoaded = true
  window.version = page.version
  window.low = lowOf(page)
  window.high = highOf(page)
  sweep(window, (row) => row.version <= page.version)
  startMembers(window, page.members, page.version)
  mergeSnapshot(window, page)
  advance(window)
}

/** What an earlier client knew becomes the window: as right as it was then, and followed on from its version. */
export function startWithKept(window: Window, { version, low, rows, members, ...attached }: CachedWindow): void {
  window.isLoaded = true
  window.version = version
  window.low = low
  window.high = Infinity
  sweep(window)
  startMembers(window, members, version)
  mergeRows(window, { ...attached, messages: rows })
  advance(window)
}

/** `members` are all of a small room's at this version; of those known already, the later ones stay. */
function startMembers(window: Window, members: readonly Member[] | undefined, version: number): void {
  const later = [...(window.members?.values() ?? [])].filter((row) => row.version > version)
  window.members = members && new Map([...members, ...later].map((row) => [row.user.id, row]))
}

/** Puts an older page in front; false if it has to be loaded again. */
export function mergeOlder(window: Window, page: HistoryPage): boolean {
  return mergePage(window, page, () => (window.low = lowOf(page)))
}

/** Puts a newer page behind; false if it has to be loaded again. */
export function mergeNewer(window: Window, page: HistoryPage): boolean {
  return mergePage(window, page, () => (window.high = highOf(page)))
}

/** Applies everything that changed up to `to`, from an answer that began no later than the window's version. */
export function mergeRepair(window: Window, rows: Rows, to: number): void {
  mergeRead(window, rows)
  window.version = Math.max(window.version, to)
  advance(window)
}

/** Keeps the newest `count` rows. */
export function trim(window: Window, count: number): void {
  if (window.rows.size <= count) return
  const low = sortedRows(window).at(-count)?.id
  if (low === undefined) return
  window.low = low
  sweep(window)
}

/** Seqs rise with ids; rows without one are none of the numbered. */
export function newestSeq(window: Window): number {
  let newest = 0
  for (const { seq } of window.rows.values()) newest = Math.max(newest, seq ?? 0)
  return newest
}

/** The lowest seq from which on the window follows every change: 0 if it begins with the room. */
export function lowSeq(window: Window): number {
  if (window.low === 0) return 0
  let lowest = Infinity
  for (const { seq } of window.rows.values()) lowest = Math.min(lowest, seq ?? Infinity)
  return lowest
}

export function sortedRows({ rows }: Pick<Run, 'rows'>): MessageRow[] {
  return [...rows.values()].sort((a, b) => a.id - b.id)
}

function lowOf(page: HistoryPage): number {
  return page.more ? Math.min(...page.results.map((row) => row.id)) : 0
}

function highOf(page: HistoryPage): number {
  return page.more_after ? Math.max(...page.results.map((row) => row.id)) : Infinity
}
