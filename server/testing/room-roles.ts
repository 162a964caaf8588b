import assert from 'node:assert/strict'
import type { OwnRoom } from '@grandchat/contracts/rooms/schema'
import type { Answer, Person } from './person.ts'
import type { TestServer } from './server.ts'

/** Those who may stand in a room, by what they may do there, and one who may not. */
export const roomRoles = ['owner', 'admin', 'member', 'leaver', 'outsider'] as const
export type RoomRole = (typeof roomRoles)[number]
export type RoomCast = Record<RoomRole, Person>

export async function gatherRoomCast(server: TestServer): Promise<RoomCast> {
  const people = await Promise.all(roomRoles.map(async (role) => [role, await server.member(`the.${role}`)] as const))
  return Object.fromEntries(people) as RoomCast
}

/** A room in which each of the cast has their role. */
export async function openRoomOf(cast: RoomCast, kind: 'public' | 'private' = 'public'): Promise<OwnRoom> {
  const { owner, admin, member, leaver } = cast
  const room = await owner.createRoom(`A ${kind} room`, kind)
  for (const person of [admin, member, leaver]) await owner.put(`/api/rooms/${room.id}/members/${person.id}/`, {})
  await owner.patch(`/api/rooms/${room.id}/members/${admin.id}/`, { role: 'admin' })
  await leaver.post(`/api/rooms/${room.id}/leave/`)
  return owner.get<OwnRoom>(`/api/rooms/${room.id}/`)
}

/** One request by each role, in a room of its own; returns the statuses in the order of `roomRoles`. */
export async function askEach(
  cast: RoomCast,
  kind: 'public' | 'private',
  ask: (person: Person, room: OwnRoom) => Promise<Answer>,
): Promise<number[]> {
  const statuses: number[] = []
  for (const role of roomRoles) {
    const answer = await ask(cast[role], await openRoomOf(cast, kind))
    assert.ok(answer.status < 500, answer.text)
    statuses.push(answer.status)
  }
  return statuses
}
