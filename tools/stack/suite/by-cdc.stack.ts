import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import type { Backend } from '../backend.ts'
import { until } from '../ports.ts'
import { hear, heardAll, heardExactly, messagesHeard } from './hearing.ts'
import { openClient, openRoom, owner, seen } from './people.ts'
import { numbered, roomsOfTwo, sendAll, type Site, storedIn, testRows } from './rows.ts'
import { stackFor } from './stack.ts'

// Kafka takes seconds to start, and memory: one of it for both modes.
const stack = await stackFor({ after }, 'cdc')
const cdc = stack.cdc!
const db = new pg.Pool({ connectionString: stack.databaseUrl })
db.on('error', () => {})
const olga = await owner(stack)
// Centrifugo reads Kafka by itself; the hub needs somebody who does.
const site: Site = { stack, olga, db, consumer: stack.consumers ?? stack.centrifugo.service }
after(() => db.end())

await db.query('create table noise (text text)')
const noise = (rows: number) =>
  db.query("insert into noise select repeat('x', 1000) from generate_series(1, $1::int)", [rows])
const metricsOf = async ({ metricsUrl }: Backend) => (await fetch(metricsUrl)).text()

testRows(site, 'cdc')

void test('records that can never be done hold nobody up', async (t) => {
  const { ann, bob, rooms } = await roomsOfTwo(site, 4)
  const ear = await hear(t, bob)
  for (let partition = 0; partition < 8; partition++) {
    const wrong = [
      ['no_such_method', {}],
      ['publish', { channel: 'no-such-namespace:x', data: {} }],
      ['publish', { nonsense: true }],
    ] as const
    for (const [method, payload] of wrong) {
      const row = [method, JSON.stringify(payload), partition]
      await db.query('insert into chat_cdc (method, payload, partition) values ($1, $2, $3)', row)
    }
  }
  for (const room of rooms) await heardExactly(ear, room, await sendAll(ann, room, numbered(3)))
})

void test('while Kafka Connect is away sends are acked; what it missed comes late, whole and in order', async (t) => {
  const { ann, bob, rooms } = await roomsOfTwo(site, 2)
  const ear = await hear(t, bob)
  const before = await Promise.all(rooms.map((room) => sendAll(ann, room, numbered(5))))
  await cdc.connect.kill()
  const meanwhile = await Promise.all(rooms.map((room) => sendAll(ann, room, numbered(10))))
  await cdc.connect.start()
  for (const [n, room] of rooms.entries()) await heardExactly(ear, room, [...before[n]!, ...meanwhile[n]!])
})

void test('while Kafka is away sends are acked; what waited comes late, whole and in order', async (t) => {
  const { ann, bob, room } = await roomsOfTwo(site)
  const ear = await hear(t, bob)
  // The client of Kafka in the test's own reader does not always survive this; Centrifugo's has to.
  await stack.consumers?.kill()
  await cdc.kafka.kill()
  const acked = await sendAll(ann, room, numbered(10))
  await cdc.kafka.start()
  await stack.consumers?.start()
  await heardExactly(ear, room, acked)
})

/** Writes until PostgreSQL gives the slot up, as it does where Debezium is away for too long. */
async function loseSlot(): Promise<void> {
  const status = async () => (await db.query('select wal_status from pg_replication_slots')).rows[0]?.wal_status
  while ((await status()) !== 'lost') {
    await noise(10_000)
    await db.query('select pg_switch_wal()')
    await db.query('checkpoint')
  }
}

void test('a lost slot loses nothing: it is told, clients ask by themselves, and Debezium reads the table', async (t) => {
  const { ann, bob, names, room } = await roomsOfTwo(site)
  const ear = await hear(t, bob)
  const client = await openClient(t, stack, names[1])
  const timeline = await openRoom(client, room)
  await cdc.connect.stop()
  await loseSlot()
  const acked = await sendAll(ann, room, numbered(5))
  // They ask when somebody comes back to the window, and every minute.
  const asking = setInterval(() => client.focus(), 1000)
  t.after(() => clearInterval(asking))
  await seen(timeline, ({ messages }) => messages.length === 5)
  assert.deepEqual(messagesHeard(ear, room), [])
  await until(async () => /^grandchat_cdc_slots_lost 1$/m.test(await metricsOf(stack.backends[1]!)))
  // As deploy/README.md says.
  await db.query("select pg_drop_replication_slot('grandchat_cdc')")
  await cdc.connect.start()
  await heardExactly(ear, room, acked)
  await heardExactly(ear, room, [...acked, ...(await sendAll(ann, room, ['after that']))])
})

void test('an idle table does not keep the write-ahead log from being cleared away', async () => {
  const at = async (): Promise<string> =>
    (await db.query("select confirmed_flush_lsn::text as at from pg_replication_slots where slot_type = 'logical'"))
      .rows[0].at
  await noise(1000)
  const { rows } = await db.query('select pg_current_wal_lsn()::text as now')
  const hasPassed = async () =>
    (await db.query('select $1::pg_lsn >= $2::pg_lsn as passed', [await at(), rows[0].now])).rows[0].passed === true
  await until(async () => {
    await pause(500)
    return hasPassed()
  })
})

void test('api_cdc: backends take on the mode one after the other', async () => {
  for (const backend of stack.backends) {
    await backend.stop()
    backend.settings['CENTRIFUGO_BROADCAST_MODE'] = 'api_cdc'
    await backend.start()
  }
})

void test('api_cdc: events come at once while Kafka Connect is away, and their second copies are not told', async (t) => {
  const { ann, bob, room } = await roomsOfTwo(site)
  const ear = await hear(t, bob)
  ann.url = stack.backends[0]!.url
  await cdc.connect.stop()
  const acked = await sendAll(ann, room, numbered(10))
  await heardExactly(ear, room, acked)
  const sentinel = JSON.stringify({ channel: `personal:${bob.id}`, data: { type: 'all copies came', body: {} } })
  const { rows } = await db.query('select distinct partition from chat_cdc order by 1')
  for (const { partition } of rows) {
    const row = ['publish', sentinel, partition]
    await db.query('insert into chat_cdc (method, payload, partition) values ($1, $2, $3)', row)
  }
  await cdc.connect.start()
  await ear.until(
    (events) => events.filter(({ type }) => (type as string) === 'all copies came').length === rows.length,
  )
  await heardExactly(ear, room, acked)
})

void test('api_cdc: a backend that is killed after its commit leaves nothing untold', async (t) => {
  const { ann, bob, room } = await roomsOfTwo(site)
  const ear = await hear(t, bob)
  const backend = stack.backends[0]!
  ann.url = backend.url
  await ann.csrf()
  const settled = Promise.allSettled(numbered(60).map((text) => ann.send(room, text)))
  await until(async () => (await storedIn(db, room)).length > 0)
  await backend.kill()
  await settled
  await heardAll(ear, room, await storedIn(db, room))
  await backend.start()
})
