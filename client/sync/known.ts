import type { Head, SyncAnswer, SyncRequest } from '@grandchat/contracts/sync/schema'
import type { Pane } from '../messages/pane.ts'
import { isMember, knownVersion } from '../rooms/entry.ts'
import type { Rooms } from '../rooms/rooms.ts'
import type { Stream } from './stream.ts'

/** What this client knows, as the sync endpoints ask for it. */
export type Known = { epoch: string | undefined; own: Stream; workspace: Stream; rooms: Rooms }

/** The versions of the viewer's rooms; 0 asks for a room anew. */
function nameRooms(rooms: Rooms): Record<string, number> {
  const named: Record<string, number> = {}
  for (const entry of rooms.entries()) {
    if (isMember(entry) && entry.room) named[entry.id] = knownVersion(entry)
  }
  return named
}

/** All of it, and where the windows of these panes stand. */
export function describe({ epoch, own, workspace, rooms }: Known, panes: readonly Pane[]): SyncRequest {
  return {
    ...(epoch === undefined ? {} : { epoch }),
    user_version: own.version,
    workspace_version: workspace.version,
    rooms: nameRooms(rooms),
    open: panes.map(({ window: { roomId, version, low } }) => ({ id: roomId, since: version, low })),
  }
}

/** Something is known to be missing. */
export function hasGaps({ own, workspace, rooms }: Known): boolean {
  if (own.hasGap || workspace.hasGap) return true
  for (const entry of rooms.entries()) {
    if (!entry.own) return true
    if (isMember(entry) && knownVersion(entry) < Math.max(1, entry.head)) return true
  }
  return false
}

export function digestOf({ epoch, own, workspace, rooms }: Known): string {
  let sum = 0
  for (const entry of rooms.entries()) if (isMember(entry)) sum += knownVersion(entry)
  return `${epoch ?? ''}.${workspace.version}.${own.version}.${sum}`
}

/** Does the head tell of anything that is not known by now? What is known beyond it does not count. */
export function differsFrom(head: Head, { epoch, own, workspace, rooms }: Known): boolean {
  if (head.epoch !== epoch || workspace.version < head.workspace_version) return true
  if (own.version < head.user_version) return true
  for (const [id, version] of head.rooms) {
    const entry = rooms.entry(id)
    if (entry && isMember(entry) ? knownVersion(entry) < version : own.version === head.user_version) return true
  }
  if (own.version > head.user_version) return false
  const listed = new Set(head.rooms.map(([id]) => id))
  return [...rooms.entries()].some((entry) => isMember(entry) && !listed.has(entry.id))
}

/**
 * The answer is of an earlier state than what was known when it was asked for: the server went back. What an event has
 * brought since does not count.
 */
export function precedes(answer: SyncAnswer, asked: SyncRequest): boolean {
  if (asked.epoch !== answer.epoch) return false
  return isBelow(answer, asked) || answer.rooms.some(({ id, version }) => version < (asked.rooms?.[id] ?? 0))
}

export function headPrecedes(head: Head, asked: SyncRequest): boolean {
  return isBelow(head, asked) || head.rooms.some(([id, version]) => version < (asked.rooms?.[id] ?? 0))
}

type UserVersions = Pick<Head, 'user_version' | 'workspace_version'>

function isBelow(answer: UserVersions, { user_version = 0, workspace_version = 0 }: SyncRequest): boolean {
  return answer.user_version < user_version || answer.workspace_version < workspace_version
}
