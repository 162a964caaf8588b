import { sql } from 'kysely'
import type { Event } from '@grandchat/contracts/realtime/events'
import type { Database } from '../database/database.ts'

/** Centrifugo that nobody answers for: events are rows, and no row needs it. */
export const unreachableCentrifugo = {
  CENTRIFUGO_HTTP_API_ENDPOINT: 'http://127.0.0.1:1/api',
  CENTRIFUGO_HTTP_API_KEY: 'a key of at least sixteen characters',
  CENTRIFUGO_TOKEN_SECRET: 'a secret of at least thirty-two characters',
}

type Payload = { channel?: string; channels?: string[]; data: Event; idempotency_key?: string }
type StoredRow = { id: number; method: string; payload: Payload; partition: number }

/** A row of either table as a test looks at it. `version`: of the stream that its event belongs to. */
export type WrittenRow = {
  id: number
  partition: number
  method: string
  channels: string[]
  type: Event['type']
  version: number
  key: string
}

/** Everything that was written, in order. */
export async function readRows(db: Database, table: 'chat_outbox' | 'chat_cdc' = 'chat_outbox'): Promise<WrittenRow[]> {
  const { rows } = await sql<StoredRow>`
    select id, method, payload, partition from ${sql.table(table)} order by id`.execute(db)
  return rows.map(presentRow)
}

export async function clearRows(db: Database): Promise<void> {
  await sql`truncate chat_outbox, chat_cdc`.execute(db)
}

/** What Centrifugo's consumer does in one turn: takes a partition's first rows in order, and deletes them. */
export function consume(db: Database, partition: number, limit = 100): Promise<WrittenRow[]> {
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext(${`partition ${partition}`}))`.execute(tx)
    const { rows } = await sql<StoredRow>`
      select id, method, payload, partition from chat_outbox
      where partition = ${partition} order by id limit ${limit}`.execute(tx)
    await sql`delete from chat_outbox where id = any(${rows.map(({ id }) => id)}::bigint[])`.execute(tx)
    return rows.map(presentRow)
  })
}

function presentRow({ id, partition, method, payload }: StoredRow): WrittenRow {
  const { channel, channels = [], data, idempotency_key: key = '' } = payload
  const version = Number(/_v(\d+)$/.exec(key)?.[1])
  return {
    id,
    partition,
    method,
    channels: channel === undefined ? channels : [channel],
    type: data.type,
    version,
    key,
  }
}
