import { sql } from 'kysely'
import type { OpenTransaction } from '../../database/database.ts'
import type { Row } from './rows.ts'

/** Columns of all rows, one array each. */
function columnsOf(rows: readonly Row[]) {
  return {
    methods: rows.map(({ method }) => method),
    payloads: rows.map(({ payload }) => JSON.stringify(payload)),
    partitions: rows.map(({ partition }) => partition),
    roomIds: rows.map(({ roomId }) => roomId),
  }
}

/**
 * Writes rows for Centrifugo's PostgreSQL consumer, in this order, and says which partitions they went to. Under the
 * room's lock: while older rows of the room wait, the new ones follow them, whatever the number of partitions is by now.
 */
export async function insertIntoOutbox(tx: OpenTransaction, rows: readonly Row[]): Promise<number[]> {
  if (rows.length === 0) return []
  const { methods, payloads, partitions, roomIds } = columnsOf(rows)
  const inserted = await sql<{ partition: number }>`
    insert into chat_outbox (method, payload, partition, room_id)
    select r.method, r.payload,
      coalesce(
        (select o.partition from chat_outbox o where o.room_id = r.room_id order by o.id desc limit 1), r.partition
      ),
      r.room_id
    from unnest(${methods}::text[], ${payloads}::jsonb[], ${partitions}::integer[], ${roomIds}::bigint[])
      with ordinality as r (method, payload, partition, room_id, n)
    order by r.n
    returning partition`.execute(tx)
  return inserted.rows.map(({ partition }) => partition)
}

/** Writes rows for Debezium, in this order. There is no partition whose reader wants to be woken. */
export async function insertIntoCdc(tx: OpenTransaction, rows: readonly Row[]): Promise<number[]> {
  if (rows.length === 0) return []
  const { methods, payloads, partitions } = columnsOf(rows)
  await sql`
    insert into chat_cdc (method, payload, partition)
    select r.method, r.payload, r.partition
    from unnest(${methods}::text[], ${payloads}::jsonb[], ${partitions}::integer[])
      with ordinality as r (method, payload, partition, n)
    order by r.n`.execute(tx)
  return []
}
