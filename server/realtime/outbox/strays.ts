import { sql } from 'kysely'
import type { OpenTransaction } from '../../database/database.ts'

const batch = 20_000

/**
 * Brings rows back into the partitions that are read, after their number was made smaller. Ids stay, and new rows follow
 * the last one of their room (insert.ts): a room's order survives. Returns the partitions that have something to read now.
 */
export async function moveStrays(tx: OpenTransaction, partitions: number): Promise<number[]> {
  const moved = await sql<{ partition: number }>`
    with strays as (
      select id from chat_outbox where partition >= ${partitions} or partition < 0
      order by id limit ${batch} for update skip locked
    )
    update chat_outbox set partition = mod(abs(coalesce(room_id, partition)), ${partitions})
    where id in (select id from strays)
    returning partition`.execute(tx)
  return [...new Set(moved.rows.map(({ partition }) => partition))]
}
