import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import pg from 'pg'
import type { Database } from './database.ts'

/**
 * The identity of this database: its cluster, its timeline and a random id that a restore changes. It stands in every
 * sync answer; a client that sees another one drops what it cached. Without dots: the head digest is split by them.
 */
export async function readEpoch(db: Database): Promise<string> {
  const { rows } = await sql<{ identity: string }>`
    select concat_ws(':', s.system_identifier, c.timeline_id, w.instance_id) as identity
    from pg_control_system() s, pg_control_checkpoint() c, workspace w`.execute(db)
  return createHash('sha256').update(rows[0]!.identity).digest('base64url').slice(0, 16)
}

/**
 * Makes this another database in the eyes of clients. For one that was put back to an older state: its versions will be
 * given out a second time, and what clients know under them would never be put right.
 */
export async function renewEpoch(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    await client.query('update workspace set instance_id = gen_random_uuid()')
  } finally {
    await client.end()
  }
}
