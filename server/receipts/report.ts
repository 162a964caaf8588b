import { sql } from 'kysely'
import { limits } from '@grandchat/contracts/limits'
import type { ReceiptReport } from '@grandchat/contracts/receipts/schema'
import type { Database } from '../database/database.ts'
import type { Receipts } from './receipts.ts'

/** Notes what a device of this user has been told of: in small rooms of theirs, as far as that is news. */
export async function reportDelivered(
  db: Database,
  receipts: Receipts,
  userId: number,
  { rooms }: ReceiptReport,
): Promise<void> {
  const roomIds = Object.keys(rooms).map(Number)
  const { rows } = await sql<{ room_id: number; seq: number }>`
    select m.room_id, least(reported.seq, r.last_seq) as seq
    from unnest(${roomIds}::bigint[], ${Object.values(rooms)}::bigint[]) as reported (room_id, seq)
    join memberships m on m.room_id = reported.room_id and m.user_id = ${userId} and m.left_at is null
    join rooms r on r.id = m.room_id
    where r.member_count <= ${limits.receiptMembers} and least(reported.seq, r.last_seq) > m.delivered_seq`.execute(db)
  for (const { room_id, seq } of rows) receipts.noteDelivered(room_id, userId, seq)
}
