import { Kysely, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'
import type { Tables } from './schema.ts'

export type Database = Kysely<Tables>
export type OpenTransaction = Transaction<Tables>

/** int8: ids and versions stay below 2^53 (`rest-and-events` promises JSON integers). */
pg.types.setTypeParser(pg.types.builtins.INT8, Number)
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, parseTime)

/** PostgreSQL's text of a timestamptz in UTC as RFC 3339 with six digits. Never a JavaScript Date: it cuts microseconds. */
export function parseTime(text: string): string {
  const [date, rest = ''] = text.split(' ')
  const time = rest.replace(/\+00$/, '')
  const [clock, fraction = ''] = time.split('.')
  return `${date}T${clock}.${fraction.padEnd(6, '0')}Z`
}

export type PoolState = { total: number; inUse: number; waiting: number }

export type DatabaseOptions = {
  connectionString: string
  maxConnections?: number
  onError?: (error: Error) => void
  /** Is given a way to look at the pool. */
  watch?: (state: () => PoolState) => void
}

export function openDatabase({ connectionString, maxConnections = 16, onError, watch }: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString,
    max: maxConnections,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    // The other side bounds statements too, but a connection that went silent hears of nothing.
    query_timeout: 20_000,
    application_name: 'grandchat',
    // A transaction that waits for a lock or for us must not hold others up.
    options:
      '-c timezone=UTC -c lock_timeout=2000 -c idle_in_transaction_session_timeout=5000 -c statement_timeout=15000',
  })
  // Without these listeners a terminated backend takes the whole process down.
  const report = onError ?? (() => undefined)
  pool.on('error', report)
  pool.on('connect', (client) => client.on('error', report))
  watch?.(() => ({ total: pool.totalCount, inUse: pool.totalCount - pool.idleCount, waiting: pool.waitingCount }))
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
}
