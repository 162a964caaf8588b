import { sql } from 'kysely'
import type { OwnMembership } from '@grandchat/contracts/memberships/schema'
import type { OwnRow } from '@grandchat/contracts/own-rows/schema'
import type { Delivery, Room } from '@grandchat/contracts/rooms/schema'
import type { Database, OpenTransaction } from '../database/database.ts'
import type { Announcer, Change } from '../realtime/announcer.ts'
import type { RoomChange } from '../realtime/publisher.ts'
import { lockRoom, type LockedRoom } from './access.ts'
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
  result: T
}

/**
 * Every change of a room but sending goes through here: the same lane, the same order of locks, the room's row first.
 * `change` sees the room as it is under the lock and must raise its version by one (`bumpRoom`).
 */
export function changeRoom<T>(
  { db, lanes, announcer }: RoomChanger,
  roomId: number,
  change: (tx: OpenTransaction, room: LockedRoom) => Promise<Announcement<T>>,
): Promise<T> {
  return lanes.run(roomId, () =>
    announcer.within(db, async (tx, announce) => {
      const done = await change(tx, await lockRoom(tx, roomId))
      await announce(changesOf(done))
      return done.result
    }),
  )
}

/** Own rows go first: who joined knows the room as theirs before its events arrive. */
export function changesOf({ event, own, via, alsoTo }: Announcement<unknown>): Change[] {
  const { id: roomId, version } = event.body.room
  const ownChanges = own.map(({ userId, userVersion, membership, rows }): Change => {
    const body = { user_version: userVersion, memberships: membership ? [membership] : [], ...(rows && { rows }) }
    return { stream: 'own', roomId, userId, version: userVersion, event: { type: 'own_changed', body } }
  })
  return [
    ...ownChanges,
    { stream: 'room', roomId, version, membersVersion: version, event, via, ...(alsoTo && { alsoTo }) },
  ]
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
  const bumped = presentRoom(await selectRooms(tx).where('rooms.id', '=', room.id).executeTakeFirstOrThrow())
  return { room: bumped, via: [...new Set([room.delivery, delivery])] }
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
