import { type RawBuilder, sql } from 'kysely'
import type { OwnMembership } from '@grandchat/contracts/memberships/schema'
import type { OwnRow } from '@grandchat/contracts/own-rows/schema'
import type { RowsChanged } from '@grandchat/contracts/realtime/rows-changed'
import type { Delivery, MemberRole, Posting, Room } from '@grandchat/contracts/rooms/schema'
import type { Database, OpenTransaction } from '../database/database.ts'
import { notFound } from '../errors.ts'
import type { Announcer, Change } from '../realtime/announcer.ts'
import type { RoomChange } from '../realtime/publisher.ts'
import { type accessRole, accessWritable, isMember, lockRoom, type LockedRoom } from './access.ts'
import type { Lanes } from './lanes.ts'
import { deliveryOf } from './delivery.ts'
import { presentRoom, selectRooms } from './present.ts'

/** What use cases that change a room need. */
export type RoomChanger = { db: Database; lanes: Lanes; announcer: Announcer; largeRoomMembers: number }

/** What a change announces: one event for everyone, own rows for some. `via` and `alsoTo`: realtime/targets.ts. */
export type Announcement<T> = {
  event: RoomChange['event']
  own: { userId: number; userVersion: number; membership?: OwnMembership; rows?: OwnRow[] }[]
  via: readonly Delivery[]
  alsoTo?: readonly number[]
  /** Under which the room's members are known; left out, they changed with this. */
  membersVersion?: number
  result: T
}

/** A repeat, which found everything as it wants it: the version stays and nobody is told. */
export type Unchanged<T> = { event: null; result: T }

export type Outcome<T> = Announcement<T> | Unchanged<T>

/**
 * Every change of a room but sending goes through here: the same lane, the same order of locks, the room's row first.
 * `change` sees the room as it is under the lock and must raise its version by one (`bumpRoom`, `bumpMembers`), or say
 * that there is nothing to change.
 */
export function changeRoom<T>(
  { db, lanes, announcer }: RoomChanger,
  roomId: number,
  change: (tx: OpenTransaction, room: LockedRoom) => Promise<Outcome<T>>,
): Promise<T> {
  return lanes.run(roomId, () =>
    announcer.within(db, async (tx, announce) => {
      const done = await change(tx, await lockRoom(tx, roomId))
      if (done.event !== null) await announce(changesOf(done))
      return done.result
    }),
  )
}

/**
 * A change that members make. Outsiders are refused at the door, so that they do not wait in the lane of a room that is
 * none of their business; whether they may is looked at again under the lock, by `access`: archived rooms stay as they are.
 */
export async function changeAsMember<T>(
  changer: RoomChanger,
  userId: number,
  roomId: number,
  change: (tx: OpenTransaction, room: LockedRoom, role: MemberRole) => Promise<Outcome<T>>,
  access: typeof accessRole = accessWritable,
): Promise<T> {
  if (!(await isMember(changer.db, userId, roomId))) throw notFound()
  return changeRoom(changer, roomId, async (tx, room) => change(tx, room, await access(tx, room, userId)))
}

/** Own rows go first: who joined knows the room as theirs before its events arrive. */
export function changesOf({ event, own, via, alsoTo, membersVersion }: Announcement<unknown>): Change[] {
  const { id: roomId, version } = event.body.room
  const ownChanges = own.map(({ userId, userVersion, membership, rows }): Change => {
    const body = { user_version: userVersion, memberships: membership ? [membership] : [], ...(rows && { rows }) }
    return { stream: 'own', roomId, userId, version: userVersion, event: { type: 'own_changed', body } }
  })
  return [
    ...ownChanges,
    {
      stream: 'room',
      roomId,
      version,
      membersVersion: membersVersion ?? version,
      event,
      via,
      ...(alsoTo && { alsoTo }),
    },
  ]
}

/** What changed in a room beside its members: rows, and columns of the room itself. */
export type ChangedRows = Omit<RowsChanged, 'room'>
type ChangedColumns = {
  last_message_id?: number | null
  name?: string | undefined
  topic?: string | undefined
  posting?: Posting | undefined
  archived_at?: RawBuilder<string> | null
}

/**
 * Raises the room's version after rows of it changed, to the version that they bear (`nextVersion`). The event, and the
 * answer to who changed them, is those rows.
 */
export async function bumpRoom(
  tx: OpenTransaction,
  locked: LockedRoom,
  rows: ChangedRows,
  columns: ChangedColumns = {},
): Promise<Announcement<RowsChanged>> {
  await tx
    .updateTable('rooms')
    .set({ ...columns, version: nextVersion(locked) })
    .where('id', '=', locked.id)
    .execute()
  const body = { room: await readRoom(tx, locked.id), ...rows }
  return {
    event: { type: 'rows_changed', body },
    own: [],
    via: [locked.delivery],
    membersVersion: locked.members_version,
    result: body,
  }
}

/** The version that everything bears which changes with this change of the room. */
export function nextVersion(locked: LockedRoom): number {
  return locked.version + 1
}

/** The answer to a repeat: the rows and the room as they are. */
export async function unchanged(
  tx: OpenTransaction,
  { id }: LockedRoom,
  rows: ChangedRows,
): Promise<Unchanged<RowsChanged>> {
  return { event: null, result: { room: await readRoom(tx, id), ...rows } }
}

async function readRoom(tx: OpenTransaction, roomId: number): Promise<Room> {
  return presentRoom(await selectRooms(tx).where('rooms.id', '=', roomId).executeTakeFirstOrThrow())
}

/**
 * Raises the room's version after its members changed, and reads it as everyone will see it. If that switches its
 * delivery, the change goes both ways.
 */
export async function bumpMembers(
  tx: OpenTransaction,
  room: LockedRoom,
  by: number,
  largeRoomMembers: number,
): Promise<{ room: Room; via: Delivery[] }> {
  const delivery = deliveryOf(room, room.member_count + by, largeRoomMembers)
  await sql`
    update rooms set
      version = version + 1, members_version = version + 1, member_count = member_count + ${by}, delivery = ${delivery}
    where id = ${room.id}`.execute(tx)
  return { room: await readRoom(tx, room.id), via: [...new Set([room.delivery, delivery])] }
}

/** Raises a user's own version. Users are locked after rooms, by ascending id. */
export async function bumpUser(tx: OpenTransaction, userId: number): Promise<number> {
  const { version } = await tx
    .updateTable('users')
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where('id', '=', userId)
    .returning('version')
    .executeTakeFirstOrThrow()
  return version
}
