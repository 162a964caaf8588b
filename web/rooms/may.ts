import type { RoomView } from '@grandchat/client'

type Room = Pick<RoomView, 'kind' | 'role' | 'posting' | 'archived_at'>

/** What the server would let the viewer do: nothing else is offered. Nobody runs a direct room. */
export function mayRun({ kind, role }: Room): boolean {
  return kind !== 'direct' && role !== 'member'
}

export function mayChange(room: Room): boolean {
  return mayRun(room) && room.archived_at === null
}

export function isOwner({ kind, role }: Room): boolean {
  return kind !== 'direct' && role === 'owner'
}

export function mayAdd(room: Room): boolean {
  if (room.archived_at !== null) return false
  return room.kind === 'public' || mayChange(room)
}

export function mayWrite({ posting, role, archived_at }: Room): boolean {
  return archived_at === null && (posting === 'all' || role !== 'member')
}
