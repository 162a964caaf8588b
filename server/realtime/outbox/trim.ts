import { sql } from 'kysely'
import type { OpenTransaction } from '../../database/database.ts'

export type OutboxBounds = { rows: number; seconds: number }

/**
 * What waits at most while nobody reads it. A channel's history is as long (namespaces.ts), and clients have asked by
 * themselves long before: what is dropped here would bring them nothing new.
 */
export const outboxBounds: OutboxBounds = { rows: 100_000, seconds: 600 }
/** By then Debezium, or nobody, has read the insert: it stands in the write-ahead log, not in the table. */
export const cdcSeconds = 600
/** For somebody to look at; its rows hold what people wrote. */
const quarantined = { rows: 10_000, days: 30 }
/** Rows of one table in one round. */
const batch = 20_000

/** Drops the oldest rows above the bounds; says how many. Rows that the consumer is deleting are its own business. */
export async function dropOldest(tx: OpenTransaction, { rows, seconds }: OutboxBounds = outboxBounds): Promise<number> {
  const dropped = await sql`
    with oldest as (
      select id, created_at, row_number() over (order by id) as n
      from (select id, created_at from chat_outbox order by id limit ${batch}) as first
    ), doomed as (
      select id from chat_outbox where id in (
        select id from oldest
        where created_at < clock_timestamp() - make_interval(secs => ${seconds})
          or n <= (select count(*) from chat_outbox) - ${rows}
      )
      for update skip locked
    )
    delete from chat_outbox where id in (select id from doomed)`.execute(tx)
  return Number(dropped.numAffectedRows ?? 0)
}

export async function trimCdc(tx: OpenTransaction, seconds = cdcSeconds): Promise<void> {
  await sql`
    with oldest as (select id, created_at from chat_cdc order by id limit ${batch})
    delete from chat_cdc where id in (
      select id from oldest where created_at < clock_timestamp() - make_interval(secs => ${seconds})
    )`.execute(tx)
}

export async function trimQuarantine(tx: OpenTransaction): Promise<void> {
  await sql`
    delete from chat_outbox_quarantine where id in (
      select id from chat_outbox_quarantine order by id desc offset ${quarantined.rows}
    ) or quarantined_at < clock_timestamp() - make_interval(days => ${quarantined.days})`.execute(tx)
}
