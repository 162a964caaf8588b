import type { OwnRoom } from '@grandchat/contracts/rooms/schema'
import { addMember } from '../memberships/join.ts'
import { changeRoom } from '../rooms/change-room.ts'
import type { Person } from './person.ts'
import type { TestServer } from './server.ts'

/** Everyone who may stand before a door. */
export type Cast = {
  /** Has no account. */
  visitor: Person
  /** Has an account and is in no room. */
  outsider: Person
  member: Person
  roomOwner: Person
  /** Owns the installation and is in no room. */
  owner: Person
  /** Was in the room. */
  leaver: Person
}
export type Role = keyof Cast
export const roles: Role[] = ['visitor', 'outsider', 'member', 'roomOwner', 'owner', 'leaver']

export async function gatherCast(server: TestServer): Promise<Cast> {
  return {
    visitor: server.visitor(),
    owner: await server.owner(),
    outsider: await server.member('bob'),
    member: await server.member('mia'),
    roomOwner: await server.member('rosa'),
    leaver: await server.member('leo'),
  }
}

/** A room of the cast: its owner and member in it, its leaver gone again. */
export async function openRoom(
  server: TestServer,
  { roomOwner, member, leaver }: Cast,
  kind: 'public' | 'private',
): Promise<OwnRoom> {
  const room = await roomOwner.createRoom(`A ${kind} room`, kind)
  await letIn(server, room.id, member)
  await letIn(server, room.id, leaver)
  await leaver.post(`/api/rooms/${room.id}/leave/`)
  return room
}

/** Makes someone a member, also of a private room. */
export function letIn({ services }: TestServer, roomId: number, person: Person): Promise<unknown> {
  const user = { id: person.id, username: person.username, display_name: null }
  return changeRoom(services, roomId, (tx, room) =>
    addMember(tx, room, user, { type: 'joined' }, services.largeRoomMembers),
  )
}
