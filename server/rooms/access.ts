import type { Selectable } from 'kysely'
import type { MemberRole } from '@grandchat/contracts/rooms/schema'
import type { Database, OpenTransaction } from '../database/database.ts'
import type { Tables } from '../database/schema.ts'
import { AppError, notFound, permissionDenied } from '../errors.ts'
import { unreadMentions } from '../mentions/unread.ts'
import { selectRooms } from './present.ts'

const viewerColumns = [
  'memberships.role',
  'memberships.read_seq',
  'memberships.level',
  'memberships.muted',
  unreadMentions.as('unread_mentions'),
] as const

/** The rooms that a user is a member of, with what is the viewer's alone. The one way to a room's content. */
export function selectOwnRooms(db: Database, userId: number) {
  return selectRooms(db)
    .innerJoin('memberships', 'memberships.room_id', 'rooms.id')
    .where('memberships.user_id', '=', userId)
    .where('memberships.left_at', 'is', null)
    .select([...viewerColumns])
}

/** A room as its member holds it; for anyone else it does not exist. */
export async function accessRoom(db: Database, userId: number, roomId: number) {
  const room = await selectOwnRooms(db, userId).where('rooms.id', '=', roomId).executeTakeFirst()
  if (!room) throw notFound()
  return room
}

/** Is this user a member now? For outsiders of rooms that do not exist the answer is the same. */
export async function isMember(db: Database, userId: number, roomId: number): Promise<boolean> {
  const membership = await db
    .selectFrom('memberships')
    .select('user_id')
    .where('room_id', '=', roomId)
    .where('user_id', '=', userId)
    .where('left_at', 'is', null)
    .executeTakeFirst()
  return membership !== undefined
}

export type LockedRoom = Selectable<Tables['rooms']>

/**
 * Locks a room's row, first of all locks, so that what is read after it is what was committed before.
 * FOR NO KEY UPDATE: FOR UPDATE would block every foreign key that points here.
 */
export async function lockRoom(db: Database, roomId: number): Promise<LockedRoom> {
  const room = await db.selectFrom('rooms').selectAll().where('id', '=', roomId).forNoKeyUpdate().executeTakeFirst()
  if (!room) throw notFound()
  return room
}

/** A member's role in a locked room; for anyone else the room does not exist. */
export async function accessRole(tx: OpenTransaction, room: LockedRoom, userId: number): Promise<MemberRole> {
  const membership = await tx
    .selectFrom('memberships')
    .select('role')
    .where('room_id', '=', room.id)
    .where('user_id', '=', userId)
    .where('left_at', 'is', null)
    .executeTakeFirst()
  if (!membership) throw notFound()
  return membership.role
}

/** The same of a room that may be written in. */
export async function accessWritable(tx: OpenTransaction, room: LockedRoom, userId: number): Promise<MemberRole> {
  const role = await accessRole(tx, room, userId)
  if (room.archived_at !== null) throw roomArchived()
  return role
}

/** Nobody runs a direct room. */
export function assertRuns({ kind }: LockedRoom, role: MemberRole): void {
  if (kind === 'direct' || role === 'member') throw permissionDenied()
}

export const roomArchived = () => new AppError(403, 'room_archived', 'this room is archived, nothing can be written')
