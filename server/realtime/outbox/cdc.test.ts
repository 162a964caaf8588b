import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { type Database, openDatabase } from '../../database/database.ts'
import { migrate } from '../../database/migrate.ts'
import { startTestPostgres } from '../../embedded-postgres/testing.ts'
import { afterwards } from '../../testing/afterwards.ts'
import { insertIntoCdc } from './insert.ts'
import { measure } from './measure.ts'
import { rowsOf } from './rows.ts'
import { trimCdc } from './trim.ts'

function write(db: Database, version: number): Promise<unknown> {
  const event = { type: 'room_changed', body: { room: { id: 7, version } } } as const
  return db
    .transaction()
    .execute((tx) =>
      insertIntoCdc(tx, rowsOf(['personal:1'], event, `e_room_7_v${version}`, { partition: 7, roomId: 7 })),
    )
}

/** What a reader of the write-ahead log is told: the letter of each message, and its bytes as text. */
async function readLog(db: Database): Promise<{ kind: string; text: string }[]> {
  const { rows } = await sql<{ data: Buffer }>`
    select data from pg_logical_slot_get_binary_changes('cdc', null, null,
      'proto_version', '1', 'publication_names', 'grandchat_cdc')`.execute(db)
  return rows.map(({ data }) => ({ kind: data.toString('latin1', 0, 1), text: data.toString('utf8') }))
}

test('[F17] the log carries the committed rows in order and no deletes, and a slot that fell too far behind is seen', async (t) => {
  const postgres = await startTestPostgres({ wal_level: 'logical', max_slot_wal_keep_size: '16MB' })
  afterwards(t, () => postgres.stop())
  await migrate(postgres.url)
  const db = openDatabase({ connectionString: postgres.url })
  afterwards(t, () => db.destroy())
  await sql`select pg_create_logical_replication_slot('cdc', 'pgoutput')`.execute(db)

  await write(db, 1)
  await assert.rejects(
    db.transaction().execute(async (tx) => {
      await insertIntoCdc(tx, rowsOf(['personal:1'], {} as never, 'taken back', { partition: 7, roomId: 7 }))
      throw new Error('changed my mind')
    }),
  )
  await write(db, 2)
  await sql`insert into chat_outbox (method, payload) values ('publish', '{}')`.execute(db)
  await db.transaction().execute((tx) => trimCdc(tx, 0))
  const [slot] = (await measure(db)).slots
  assert.ok(slot!.name === 'cdc' && slot!.lagBytes > 0 && !slot!.isLost)

  const log = await readLog(db)
  assert.deepEqual(
    log.filter(({ kind }) => kind === 'D'),
    [],
  )
  const keys = log.filter(({ kind }) => kind === 'I').map(({ text }) => /e_room_7_v\d|taken back/.exec(text)?.[0])
  assert.deepEqual(keys, ['e_room_7_v1', 'e_room_7_v2'])

  for (let n = 0; n < 4; n++) {
    await sql`select pg_switch_wal()`.execute(db)
    await write(db, 3 + n)
  }
  await sql`checkpoint`.execute(db)
  assert.deepEqual(
    (await measure(db)).slots.map(({ isLost }) => isLost),
    [true],
  )
})
