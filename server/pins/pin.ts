import { sql } from 'kysely'
import { limits } from '@grandchat/contracts/limits'
import type { RowsChanged } from '@grandchat/contracts/realtime/rows-changed'
import type { User } from '@grandchat/contracts/users/schema'
import type { OpenTransaction } from '../database/database.ts'
import { AppError } from '../errors.ts'
import { accessMessage } from '../messages/access.ts'
import { insertSystemLine } from '../messages/system-line.ts'
import type { LockedRoom } from '../rooms/access.ts'
import { bumpRoom, changeAsMember, nextVersion, type RoomChanger, unchanged } from '../rooms/change-room.ts'
import { readPins } from './present.ts'

/** Keeps a message at hand for the whole room, and says so in it; what is pinned already stays as it was pinned. */
export function pinMessage(changer: RoomChanger, user: User, roomId: number, messageId: number): Promise<RowsChanged> {
  return changeAsMember(changer, user.id, roomId, async (tx, room) => {
    await accessMessage(tx, roomId, messageId)
    if (!(await addPin(tx, room, user.id, messageId))) {
      return unchanged(tx, room, { pins: await readPins(tx, roomId, [messageId]) })
    }
    await assertHasPlace(tx, roomId)
    const line = await insertSystemLine(tx, room, user, { type: 'pinned', message_id: messageId })
    return bumpRoom(tx, room, { messages: [line], pins: await readPins(tx, roomId, [messageId]) })
  })
}

/** False if it is pinned already. */
async function addPin(tx: OpenTransaction, room: LockedRoom, userId: number, messageId: number): Promise<boolean> {
  const { rows } = await sql`
    insert into pins (message_id, room_id, user_id, pinned_at, version)
    values (${messageId}, ${room.id}, ${userId}, clock_timestamp(), ${nextVersion(room)})
    on conflict (message_id) do update set
      user_id = excluded.user_id, pinned_at = excluded.pinned_at, unpinned_at = null, version = excluded.version
    where pins.unpinned_at is not null
    returning 1`.execute(tx)
  return rows.length > 0
}

async function assertHasPlace(tx: OpenTransaction, roomId: number): Promise<void> {
  const { count } = await tx
    .selectFrom('pins')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('room_id', '=', roomId)
    .where('unpinned_at', 'is', null)
    .executeTakeFirstOrThrow()
  if (count > limits.pins) throw new AppError(409, 'too_many_pins', `a room has at most ${limits.pins} pinned messages`)
}
