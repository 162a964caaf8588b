import { sql } from 'kysely'
import { limits } from '@grandchat/contracts/limits'
import type { OpenTransaction } from '../database/database.ts'
import { presentMember, selectMembers } from '../memberships/present.ts'
import type { LockedRoom } from '../rooms/access.ts'
import { bumpRoom, changeRoom, nextVersion, type RoomChanger, unchanged } from '../rooms/change-room.ts'
import { tellsReading } from './private.ts'

/**
 * Tells the members of a small room how far its messages got since they were told last: `delivered` by user, as far as it was
 * reported, and what all of them have read. Marks are raised and never lowered, so it does not matter who tells first, how
 * often, or what was told meanwhile.
 */
export async function tellReceipts(
  changer: RoomChanger,
  roomId: number,
  delivered: ReadonlyMap<number, number>,
): Promise<void> {
  await changeRoom(changer, roomId, async (tx, room) => {
    if (room.member_count > limits.receiptMembers || !(await raise(tx, room, delivered))) return unchanged(tx, room, {})
    const rows = await selectMembers(tx, roomId).where('memberships.version', '=', nextVersion(room)).execute()
    return bumpRoom(tx, room, { members: rows.map(presentMember) })
  })
}

/** Returns whether anything rose. What was read has been delivered, also to those who keep their reading to themselves. */
async function raise(tx: OpenTransaction, room: LockedRoom, delivered: ReadonlyMap<number, number>): Promise<boolean> {
  const { numAffectedRows } = await sql`
    with reached as (
      select m.user_id, greatest(m.seen_seq, m.read_seq, m.furthest_seq) as read_to, coalesce(reported.seq, 0) as seq,
        ${tellsReading} as is_told
      from memberships m
      left join unnest(${[...delivered.keys()]}::bigint[], ${[...delivered.values()]}::bigint[])
        as reported (user_id, seq) on reported.user_id = m.user_id
      where m.room_id = ${room.id} and m.left_at is null
    )
    update memberships m set
      seen_seq = case when is_told then read_to else m.seen_seq end,
      delivered_seq = greatest(m.delivered_seq, read_to, least(seq, ${room.last_seq})),
      version = ${nextVersion(room)}
    from reached
    where m.room_id = ${room.id} and m.user_id = reached.user_id
      and ((is_told and read_to > m.seen_seq) or greatest(read_to, least(seq, ${room.last_seq})) > m.delivered_seq)`.execute(
    tx,
  )
  return (numAffectedRows ?? 0n) > 0n
}
