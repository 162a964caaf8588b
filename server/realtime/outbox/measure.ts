import { sql } from 'kysely'
import type { Database } from '../../database/database.ts'
import { outboxBounds } from './trim.ts'

export type Measures = {
  outboxRows: number
  outboxOldestSeconds: number
  quarantined: number
  cdcRows: number
  slots: { name: string; lagBytes: number; isLost: boolean }[]
}

/** How the tables and the logical replication slots of this database are. Counts stop where they could get slow. */
export async function measure(db: Database): Promise<Measures> {
  const { rows } = await sql<Omit<Measures, 'slots'>>`
    select
      (select count(*) from (select 1 from chat_outbox limit ${outboxBounds.rows * 2}) as counted) as "outboxRows",
      coalesce(
        (select extract(epoch from clock_timestamp() - created_at)::float8 from chat_outbox order by id limit 1), 0
      ) as "outboxOldestSeconds",
      (select count(*) from chat_outbox_quarantine) as "quarantined",
      coalesce((select max(id) - min(id) + 1 from chat_cdc), 0) as "cdcRows"`.execute(db)
  return { ...rows[0]!, slots: await readSlots(db) }
}

async function readSlots(db: Database): Promise<Measures['slots']> {
  const { rows } = await sql<Measures['slots'][number]>`
    select slot_name as name,
      coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn), 0)::float8 as "lagBytes",
      coalesce(wal_status = 'lost', false) as "isLost"
    from pg_replication_slots
    where slot_type = 'logical' and database = current_database()`.execute(db)
  return rows
}
