import { sql } from 'kysely'
import type { Membership } from '@grandchat/contracts/memberships/schema'
import type { SystemLine } from '@grandchat/contracts/messages/schema'
import type { User } from '@grandchat/contracts/users/schema'
import type { Database, OpenTransaction } from '../database/database.ts'
import { AppError, notFound } from '../errors.ts'
import { insertSystemLine } from '../messages/system-line.ts'
import { isMember, roomArchived, type LockedRoom } from '../rooms/access.ts'
import { type Announcement, bumpMembers, changeRoom, type RoomChanger } from '../rooms/change-room.ts'
import { bumpOwnMembership } from './own-membership.ts'
import { presentMember, selectMembers } from './present.ts'

/** Joins a public room. A room that one cannot see is 404, a member already 409, and neither leaves a trace. */
export async function joinRoom(changer: RoomChanger, user: User, roomId: number): Promise<Membership> {
  await assertCanSee(changer.db, user.id, roomId)
  return changeRoom(changer, roomId, async (tx, room) => {
    const member = await findMembership(tx, roomId, user.id)
    if (member) throw new AppError(409, 'already_member', 'already a member')
    if (room.kind !== 'public') throw notFound()
    if (room.archived_at !== null) throw roomArchived()
    return addMember(tx, room, user, { type: 'joined' }, changer.largeRoomMembers)
  })
}

/** Outsiders are refused at the door: they do not wait in the lane of a room that is none of their business. */
async function assertCanSee(db: Database, userId: number, roomId: number): Promise<void> {
  const room = await db.selectFrom('rooms').select('kind').where('id', '=', roomId).executeTakeFirst()
  const canSee = room?.kind === 'public' || (await isMember(db, userId, roomId))
  if (!canSee) throw notFound()
}

/** Makes someone a member of a locked room; in a room without any, its owner. `actor`: who brought them in, if not they. */
export async function addMember(
  tx: OpenTransaction,
  room: LockedRoom,
  user: User,
  line: SystemLine,
  largeRoomMembers: number,
  actor = user,
): Promise<Announcement<Membership>> {
  const role = room.member_count === 0 ? 'owner' : 'member'
  const version = room.version + 1
  await sql`
    insert into memberships (
      room_id, user_id, role, joined_at, version, own_version, read_seq, delivered_seq, seen_seq, read_at_version
    )
    values (
      ${room.id}, ${user.id}, ${role}, clock_timestamp(), ${version}, 0,
      ${room.last_seq}, ${room.last_seq}, ${room.last_seq}, ${version}
    )
    on conflict (room_id, user_id) do update set
      role = excluded.role, joined_at = excluded.joined_at, left_at = null, version = excluded.version,
      read_seq = excluded.read_seq, delivered_seq = excluded.delivered_seq, seen_seq = excluded.seen_seq,
      read_at_version = excluded.read_at_version, level = 'all', muted = false`.execute(tx)
  const change: MemberChange = { type: 'user_joined', user, by: 1, ownersOfRows: [user.id], line, actor }
  return announceMember(tx, room, change, largeRoomMembers)
}

export type MemberChange = {
  type: 'user_joined' | 'user_left'
  user: User
  /** How many more members the room has. */
  by: number
  /** Those whose own side of it changed. */
  ownersOfRows: readonly number[]
  /** What the timeline says of it, and who did it if it was not `user`. Null: nothing. */
  line: SystemLine | null
  actor?: User
}

/** Bumps room and user, and tells both streams: the room that its members changed, the user what is theirs. */
export async function announceMember(
  tx: OpenTransaction,
  locked: LockedRoom,
  { type, user, by, ownersOfRows, line, actor = user }: MemberChange,
  largeRoomMembers: number,
): Promise<Announcement<Membership>> {
  const roomId = locked.id
  // In a large room they would be all that there is to read.
  const message = line && locked.delivery === 'personal' ? await insertSystemLine(tx, locked, actor, line) : null
  const { room, via } = await bumpMembers(tx, locked, by, largeRoomMembers)
  const own: Announcement<Membership>['own'] = []
  for (const userId of ownersOfRows.toSorted((a, b) => a - b)) own.push(await bumpOwnMembership(tx, roomId, userId))
  const changed = await selectMembers(tx, roomId).where('memberships.version', '=', room.version).execute()
  const membership: Membership = { room, user, members: changed.map(presentMember), message }
  return {
    event: { type, body: membership },
    own,
    via,
    // Who leaves is no member any more, and who joins a large room does not listen to its channel yet.
    alsoTo: [user.id],
    result: membership,
  }
}

export function findMembership(tx: OpenTransaction, roomId: number, userId: number) {
  return tx
    .selectFrom('memberships')
    .select('role')
    .where('room_id', '=', roomId)
    .where('user_id', '=', userId)
    .where('left_at', 'is', null)
    .executeTakeFirst()
}
