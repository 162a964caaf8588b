import { attachedOf } from '../messages/run.ts'
import { type Window, hasNewer, sortedRows } from '../messages/window.ts'
import type { Entry } from '../rooms/entry.ts'
import { isMember } from '../rooms/entry.ts'
import type { MessageRow } from '@grandchat/contracts/messages/schema'
import type { CachedRoom, CachedThread, CachedThreadWindow, CachedWindow } from '../storage/cache-storage.ts'

/** The newest messages of a room that are kept. */
const maxRows = 100

/** Undefined for a room of which half is missing: the next sync brings it whole. */
export function toCachedRoom(entry: Entry): CachedRoom | undefined {
  const { id, room, own, marker, ownMessage, mentions, seen, isOwnUnsure } = entry
  if (!own || (isMember(entry) && !room)) return undefined
  return { id, room, own, marker, ownMessage, mentions, seen: isOwnUnsure ? 0 : seen.version }
}

/** Parts are replaced, never changed: what is the same object says the same. */
export function isSameRoom(a: CachedRoom | undefined, b: CachedRoom): boolean {
  return (
    a?.room === b.room &&
    a?.own === b.own &&
    a.marker === b.marker &&
    a.ownMessage === b.ownMessage &&
    a.mentions === b.mentions &&
    a.seen === b.seen
  )
}

/** Those that do not reach the newest message are no place to begin with. */
export function isWorthKeeping(window: Window): boolean {
  return window.isLoaded && !hasNewer(window)
}

export function toCachedWindow(window: Window): CachedWindow {
  const rows = sortedRows(window)
  const newest = rows.slice(-maxRows)
  const low = rows.length > maxRows ? (newest[0]?.id ?? window.low) : window.low
  const { reactions, pins, threads } = attachedOf(window)
  return {
    id: window.roomId,
    version: window.version,
    low,
    rows: newest,
    ...(window.members && { members: [...window.members.values()] }),
    reactions: reactions.filter(({ message_id }) => message_id >= low),
    pins: pins.filter(({ message_id }) => message_id >= low),
    threads: threads.filter(({ id }) => id >= low),
  }
}

export function toCachedThreadWindow(window: Window, root: MessageRow | undefined): CachedThreadWindow {
  return { ...toCachedWindow(window), id: window.key, room_id: window.roomId, ...(root && { root }) }
}

export function threadStampOf({ row, messages }: CachedThread): string {
  return [row, ...messages].map(({ id, version }) => `${id}.${version}`).join(' ')
}

/** What changes whenever a window does, sooner or later. */
export function stampOf({ version, low, rows }: Window): string {
  return `${version}.${low}.${rows.size}`
}
