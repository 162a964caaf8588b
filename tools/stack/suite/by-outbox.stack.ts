import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import pg from 'pg'
import type { Backend } from '../backend.ts'
import { until } from '../ports.ts'
import { hear, heardAll, heardExactly } from './hearing.ts'
import { openClient, openRoom, owner, seen } from './people.ts'
import { numbered, roomsOfTwo, sendAll, type Site, testRows } from './rows.ts'
import { stackFor } from './stack.ts'

const stack = await stackFor({ after }, 'outbox')
const db = new pg.Pool({ connectionString: stack.databaseUrl })
db.on('error', () => {})
const olga = await owner(stack)
// Centrifugo reads the rows by itself; the hub needs somebody who does.
const consumer = stack.consumers ?? stack.centrifugo.service
const skip = stack.consumers === undefined && 'Centrifugo cannot be told not to read.'
const site: Site = { stack, olga, db, consumer }
after(() => db.end())

testRows(site, 'outbox')

const metricsOf = async ({ metricsUrl }: Backend) => (await fetch(metricsUrl)).text()
const waiting = async () => Number((await db.query('select count(*) from chat_outbox')).rows[0].count)
const add = (method: string, payload: object, partition: number) =>
  db.query('insert into chat_outbox (method, payload, partition) values ($1, $2, $3)', [method, payload, partition])

void test('while nobody reads, sends wait in their partitions; then each room comes in order', { skip }, async (t) => {
  const { ann, bob, rooms } = await roomsOfTwo(site, 6)
  const ear = await hear(t, bob)
  await until(async () => (await waiting()) === 0)
  await consumer.stop()
  const acked = await Promise.all(rooms.map((room) => sendAll(ann, room, numbered(5))))
  const { rows } = await db.query('select partition, count(*)::int as count from chat_outbox group by partition')
  assert.ok(rows.length > 1)
  assert.ok(rows.every(({ partition }) => partition >= 0 && partition < 8))
  await until(async () => /^grandchat_outbox_rows [1-9]/m.test(await metricsOf(stack.backends[0]!)))
  await consumer.start()
  for (const [n, room] of rooms.entries()) await heardExactly(ear, room, acked[n]!)
  await until(async () => (await waiting()) === 0)
})

void test('rows that can never be done, or are in no partition, hold nobody up', async (t) => {
  const { ann, bob, rooms } = await roomsOfTwo(site, 4)
  const ear = await hear(t, bob)
  for (let partition = 0; partition < 8; partition++) {
    await add('no_such_method', {}, partition)
    await add('publish', { channel: 'no-such-namespace:x', data: {} }, partition)
    await add('publish', { nonsense: true }, partition)
  }
  await add('publish', { channel: `personal:${bob.id}`, data: { type: 'astray', body: {} } }, 99)
  for (const room of rooms) await heardExactly(ear, room, await sendAll(ann, room, numbered(3)))
  // Its partition is none; a backend brings it back into one of those that are read.
  await ear.until((events) => events.some(({ type }) => (type as string) === 'astray'))
  await until(async () => (await waiting()) === 0)
})

void test('without real time sends are acked all the same, and nobody misses anything in the end', async (t) => {
  const { ann, names, room } = await roomsOfTwo(site)
  const client = await openClient(t, stack, names[1])
  const timeline = await openRoom(client, room)
  await stack.centrifugo.service.kill()
  await sendAll(ann, room, numbered(10))
  assert.ok((await waiting()) > 0)
  await stack.centrifugo.service.start()
  const later = await sendAll(ann, room, ['later'])
  await seen(timeline, ({ messages }) => messages.length === 11)
  assert.equal(timeline.get().messages.at(-1)?.id, later[0]?.id)
  await seen(client.connection, (state) => state === 'live')
  await until(async () => (await waiting()) === 0)
  const ear = await hear(t, ann)
  await heardAll(ear, room, await sendAll(ann, room, ['live again']))
})
