import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { sql } from 'kysely'
import { type Database, openDatabase } from '../../database/database.ts'
import { afterwards } from '../../testing/afterwards.ts'
import { createTestDatabase } from '../../testing/database.ts'
import { consume, readRows } from '../../testing/outbox.ts'
import { Housekeeper, type HousekeeperOptions } from './housekeeper.ts'
import type { Measures } from './measure.ts'
import { PartitionNotifier } from './notifier.ts'
import { PoisonWatch, poisonMs } from './poison.ts'

async function setUp(t: TestContext, options: Partial<HousekeeperOptions> = {}) {
  const database = await createTestDatabase()
  afterwards(t, () => database.drop())
  const db = openDatabase({ connectionString: database.url })
  afterwards(t, () => db.destroy())
  const clock = { ms: 0 }
  const notifier = new PartitionNotifier(db)
  afterwards(t, () => notifier.drained())
  const measured: Measures[] = []
  const dropped: number[] = []
  const housekeeper = new Housekeeper({
    db,
    partitions: 4,
    notifier,
    onError: (error) => assert.fail(String(error)),
    onMeasured: (measures) => measured.push(measures),
    onDropped: (rows) => dropped.push(rows),
    poison: new PoisonWatch({ now: () => clock.ms }),
    ...options,
  })
  /** Rounds five seconds apart, with the consumer's turns between them. */
  const rounds = async (seconds: number, turn: () => Promise<unknown> = async () => undefined) => {
    for (let past = 0; past < seconds; past += 5) {
      await turn()
      clock.ms += 5_000
      await housekeeper.round()
    }
  }
  return { db, housekeeper, rounds, measured, dropped }
}

async function write(
  db: Database,
  roomId: number,
  versions: number[],
  { partition = roomId % 4, ageSeconds = 0 } = {},
) {
  for (const version of versions) {
    const payload = JSON.stringify({ channel: 'personal:1', data: {}, idempotency_key: `e_room_${roomId}_v${version}` })
    await sql`
      insert into chat_outbox (method, payload, partition, room_id, created_at)
      values ('publish', ${payload}, ${partition}, ${roomId}, clock_timestamp() - make_interval(secs => ${ageSeconds}))`.execute(
      db,
    )
  }
}

const keysOf = async (db: Database) => (await readRows(db)).map(({ key }) => key).filter(Boolean)

const quarantine = async (db: Database) =>
  (
    await sql<{ key: string; reason: string }>`
    select payload->>'idempotency_key' as key, reason from chat_outbox_quarantine`.execute(db)
  ).rows

test('[F12] a row that the consumer cannot get rid of is set aside, and what waited behind it goes', async (t) => {
  const { db, rounds, measured } = await setUp(t)
  await write(db, 1, [7, 8])
  const consumerThatChokesOnRoomOne = async () => {
    for (const partition of [0, 2, 3]) await consume(db, partition)
  }
  await rounds(poisonMs / 1000 - 5, consumerThatChokesOnRoomOne)
  assert.deepEqual(await quarantine(db), [])
  await rounds(20, consumerThatChokesOnRoomOne)
  assert.deepEqual(await keysOf(db), ['e_room_1_v8'])
  const [row] = await quarantine(db)
  assert.equal(row!.key, 'e_room_1_v7')
  assert.match(row!.reason, /held its partition up for 60 s while others moved/)
  assert.equal(measured.at(-1)!.quarantined, 1)
})

test('[F14] a row that a consumer holds in an open transaction is left to it, and nothing waits for that', async (t) => {
  const { db, rounds } = await setUp(t)
  await write(db, 1, [7])
  const others = async () => {
    for (const partition of [0, 2, 3]) await consume(db, partition)
  }
  const undo = new Error('the consumer dies')
  const holding = db.transaction().execute(async (tx) => {
    await sql`delete from chat_outbox where partition = 1`.execute(tx)
    await rounds(poisonMs / 1000 + 10, others)
    throw undo
  })
  await assert.rejects(holding, undo)
  assert.deepEqual(await quarantine(db), [])
  assert.deepEqual(await keysOf(db), ['e_room_1_v7'])
})

test('[F12] while nobody reads anything no row is to blame, however long it takes', async (t) => {
  const { db, rounds, measured } = await setUp(t)
  await write(db, 1, [1])
  await write(db, 2, [1])
  await rounds(400)
  assert.deepEqual(await quarantine(db), [])
  assert.deepEqual(await keysOf(db), ['e_room_1_v1', 'e_room_2_v1'])
  const probes = measured.at(-1)!.outboxRows - 2
  assert.ok(probes <= 2, `one probe for each empty partition at most: ${probes}`)
  // The consumer comes back, one partition after the other.
  await rounds(5, () => consume(db, 2))
  await rounds(5, () => consume(db, 0))
  await rounds(5, () => consume(db, 1))
  assert.deepEqual(await quarantine(db), [])
})

test('[F13] rows of partitions that nobody reads are brought back, in their rooms’ order', async (t) => {
  const { db, housekeeper } = await setUp(t)
  await write(db, 5, [1, 2], { partition: 13 })
  await write(db, 6, [1], { partition: 6 })
  await write(db, 5, [3], { partition: 13 })
  await write(db, 7, [1], { partition: -2 })
  await housekeeper.round()
  assert.deepEqual(
    (await readRows(db)).map(({ partition, key }) => [partition, key]),
    [
      [1, 'e_room_5_v1'],
      [1, 'e_room_5_v2'],
      [2, 'e_room_6_v1'],
      [1, 'e_room_5_v3'],
      [3, 'e_room_7_v1'],
    ],
  )
})

test('an outbox that nobody reads stays small: the oldest rows are dropped, and counted', async (t) => {
  const { db, rounds, dropped, measured } = await setUp(t, { bounds: { rows: 3, seconds: 600 } })
  await write(db, 1, [1, 2], { ageSeconds: 601 })
  await write(db, 2, [1], { ageSeconds: 599 })
  await rounds(5)
  assert.deepEqual(await keysOf(db), ['e_room_2_v1'])
  assert.ok(measured.at(-1)!.outboxOldestSeconds >= 599)
  await write(db, 1, [3, 4, 5, 6])
  await rounds(5)
  assert.deepEqual(await keysOf(db), ['e_room_1_v4', 'e_room_1_v5', 'e_room_1_v6'])
  assert.deepEqual(dropped, [2, 2])
  await rounds(100)
  assert.deepEqual(await quarantine(db), [], 'what was dropped shows nothing about a reader')
})

test('[F17] rows of the CDC table go after ten minutes, and the rest is counted', async (t) => {
  const { db, housekeeper, measured } = await setUp(t)
  for (const age of [1200, 601, 598, 0]) {
    await sql`
      insert into chat_cdc (method, payload, created_at)
      values ('publish', '{"data": {}}', clock_timestamp() - make_interval(secs => ${age}))`.execute(db)
  }
  await housekeeper.round()
  assert.equal((await readRows(db, 'chat_cdc')).length, 2)
  assert.deepEqual([measured.at(-1)!.cdcRows, measured.at(-1)!.slots], [2, []])
})

test('of several backends one tidies up at a time, and all of them see', async (t) => {
  const { db, housekeeper, measured } = await setUp(t, { bounds: { rows: 0, seconds: 0 } })
  await write(db, 1, [1])
  await db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(7261845903)`.execute(tx)
    await housekeeper.round()
    assert.deepEqual(await keysOf(db), ['e_room_1_v1'])
    assert.equal(measured.at(-1)!.outboxRows, 1)
  })
  await housekeeper.round()
  assert.deepEqual(await keysOf(db), [])
})
