import { channels } from '@grandchat/contracts/realtime/channels'
import type { Delivery } from '@grandchat/contracts/rooms/schema'

/** Which way a change of a room goes, and to whom besides. */
export type Route = {
  roomId: number
  /** Under which the room's members are known. */
  membersVersion: number
  /** The room's delivery; before and after, where this change switched it. */
  via: readonly Delivery[]
  /** Users whom the room's own ways do not reach: who left, and in a large room who joined. */
  alsoTo?: readonly number[]
}

export type MembersOf = (roomId: number, membersVersion: number) => Promise<readonly number[]>

/**
 * The channels that a change goes to, each once: the personal one of every member, or the room's own, which costs by who
 * is online and not by who is a member.
 */
export async function channelsOf(
  { roomId, membersVersion, via, alsoTo }: Route,
  membersOf: MembersOf,
): Promise<string[]> {
  const names = new Set<string>()
  if (via.includes('room')) names.add(channels.room(roomId))
  const members = via.includes('personal') ? await membersOf(roomId, membersVersion) : []
  for (const id of [...members, ...(alsoTo ?? [])]) names.add(channels.personal(id))
  return [...names]
}
