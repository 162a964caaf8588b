import { sql } from 'kysely'
import type { Delivery } from '@grandchat/contracts/rooms/schema'
import type { OpenTransaction } from '../database/database.ts'
import type { LockedRoom } from './access.ts'
import { type Announcement, changeRoom, type RoomChanger } from './change-room.ts'
import { deliveryOf } from './delivery.ts'

/**
 * At start: switches the rooms that the setting, or the other real-time layer, delivers in another way than so far. Each is
 * a change of its own, so that this can end at any point and be taken up by the next start.
 */
export async function settleDelivery(changer: RoomChanger): Promise<void> {
  const { db, largeRoomMembers } = changer
  const rooms = await db
    .selectFrom('rooms')
    .select(['id', 'kind', 'delivery', 'member_count'])
    .where((eb) => {
      const mayShrink = eb('delivery', '=', 'room')
      return largeRoomMembers === 0 ? mayShrink : eb.or([mayShrink, eb('member_count', '>', largeRoomMembers)])
    })
    .execute()
  for (const room of rooms) {
    if (deliveryOf(room, room.member_count, largeRoomMembers) === room.delivery) continue
    await changeRoom(changer, room.id, (tx, locked) => switchTo(tx, locked, largeRoomMembers))
  }
}

/** Has no event of its own: the nudge tells everyone, either way, to fetch the room. */
async function switchTo(tx: OpenTransaction, room: LockedRoom, largeRoomMembers: number): Promise<Announcement<void>> {
  const version = room.version + 1
  const delivery = deliveryOf(room, room.member_count, largeRoomMembers)
  await sql`
    update rooms set version = ${version}, members_version = ${version}, delivery = ${delivery}
    where id = ${room.id}`.execute(tx)
  const via: Delivery[] = [...new Set([room.delivery, delivery])]
  return { event: { type: 'room_changed', body: { room: { id: room.id, version } } }, own: [], via, result: undefined }
}
