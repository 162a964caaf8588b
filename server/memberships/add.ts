import type { Membership } from '@grandchat/contracts/memberships/schema'
import type { User } from '@grandchat/contracts/users/schema'
import type { Database, OpenTransaction } from '../database/database.ts'
import { notFound, permissionDenied } from '../errors.ts'
import type { LockedRoom } from '../rooms/access.ts'
import { changeAsMember, type Outcome, type RoomChanger, unchanged } from '../rooms/change-room.ts'
import { addMember, findMembership } from './join.ts'
import { readMember } from './present.ts'

/**
 * Brings somebody into a room: any member into a public one, those who run it into a private one. Nobody into a direct
 * room, which would let newcomers read what was said among others. Who is in it already stays as they are.
 */
export function addToRoom(changer: RoomChanger, user: User, roomId: number, userId: number): Promise<Membership> {
  return changeAsMember(changer, user.id, roomId, async (tx, room, role) => {
    if (room.kind === 'direct' || (room.kind === 'private' && role === 'member')) throw permissionDenied()
    const added = await findPerson(tx, userId)
    if (!added) throw notFound()
    if (await findMembership(tx, roomId, userId)) return asItIs(tx, room, added)
    return addMember(tx, room, added, { type: 'added', user: added }, changer.largeRoomMembers, user)
  })
}

function findPerson(db: Database, userId: number): Promise<User | undefined> {
  return db
    .selectFrom('users')
    .select(['id', 'username', 'display_name', 'avatar'])
    .where('id', '=', userId)
    .where('disabled_at', 'is', null)
    .executeTakeFirst()
}

async function asItIs(tx: OpenTransaction, room: LockedRoom, user: User): Promise<Outcome<Membership>> {
  const { result } = await unchanged(tx, room, {})
  const members = [await readMember(tx, room.id, user.id)]
  return { event: null, result: { room: result.room, user, members, message: null } }
}
