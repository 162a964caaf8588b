import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import { after, test, type TestContext } from 'node:test'
import pg from 'pg'
import { afterwards } from '../../../server/testing/afterwards.ts'
import { createTestDatabase } from '../../../server/testing/database.ts'
import { until } from '../ports.ts'
import { makeDispatch } from './dispatch.ts'
import { OutboxConsumer, type OutboxSettings } from './outbox-consumer.ts'

const database = await createTestDatabase()
const db = new pg.Pool({ connectionString: database.url })
db.on('error', () => {})
after(async () => {
  await db.end()
  await database.drop()
})

type Call = { method: string; text: string }
type Answer = { status?: number; body?: object }

/** A server API that writes down what it is asked, and answers as it is told. */
async function openApi(
  t: TestContext,
  answer: (call: Call, calls: readonly Call[]) => Answer = () => ({}),
  beforeFirst: () => Promise<void> = async () => {},
) {
  const calls: Call[] = []
  const server = createServer((request, response) => {
    void json(request).then(async (payload) => {
      const call = { method: (request.url ?? '').slice('/api/'.length), text: (payload as { text: string }).text }
      const { status = 200, body = { result: {} } } = answer(call, calls)
      calls.push(call)
      if (calls.length === 1) await beforeFirst()
      response.writeHead(status).end(JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterwards(t, () => new Promise((resolve) => server.close(resolve)))
  afterwards(t, () => server.closeAllConnections())
  const { port } = server.address() as { port: number }
  return { calls, texts: () => calls.map(({ text }) => text), endpoint: `http://127.0.0.1:${port}/api` }
}

let tables = 0

/** A table of this test's own, and what reads it. */
async function makeOutbox() {
  const table = `outbox_${++tables}`
  await db.query(`create table ${table} (like chat_outbox including all)`)
  const add = (text: string, partition = 0, method = 'publish') =>
    db.query(`insert into ${table} (method, payload, partition) values ($1, $2, $3)`, [method, { text }, partition])
  const left = async () => (await db.query(`select id from ${table}`)).rowCount
  return { table, add, left, isEmpty: () => until(async () => (await left()) === 0) }
}

function consume(t: TestContext, table: string, endpoint: string, more: Partial<OutboxSettings> = {}) {
  const said: string[] = []
  const log = (line: string) => void said.push(line)
  const settings: OutboxSettings = {
    name: table,
    dsn: database.url,
    outbox_table_name: table,
    num_partitions: 2,
    partition_select_limit: 100,
    pollIntervalMs: 20,
    partition_notification_channel: `${table}_changed`,
    use_try_lock: true,
    ...more,
  }
  const consumer = new OutboxConsumer({ settings, dispatch: makeDispatch({ endpoint, key: 'key' }, log), log })
  afterwards(t, () => consumer.stop())
  return { consumer, said }
}

const numbered = (count: number) => Array.from({ length: count }, (_, n) => `number ${n}`)

test('rows go out once, in the order of their ids, and are gone then', async (t) => {
  const api = await openApi(t)
  const outbox = await makeOutbox()
  for (const text of numbered(25)) await outbox.add(text)
  consume(t, outbox.table, api.endpoint, { partition_select_limit: 10 })
  await outbox.isEmpty()
  assert.deepEqual(api.texts(), numbered(25))
})

test('a notification wakes the one who sleeps', async (t) => {
  const api = await openApi(t)
  const outbox = await makeOutbox()
  const { said } = consume(t, outbox.table, api.endpoint, { pollIntervalMs: 3_600_000 })
  const isListening = async () =>
    (await db.query("select from pg_stat_activity where query = 'listen ' || $1", [`${outbox.table}_changed`])).rowCount
  await until(async () => (await isListening()) === 1)
  await outbox.add('wake up', 1)
  await until(async () => {
    await db.query('select pg_notify($1, $2)', [`${outbox.table}_changed`, '1'])
    return api.calls.length === 1
  })
  await db.query('select pg_notify($1, $2)', [`${outbox.table}_changed`, '7'])
  await until(() => said.some((line) => line.includes('"7", which is not read')))
})

test('what Centrifugo cannot do now is tried again, and holds up its own partition alone', async (t) => {
  let isDown = true
  const trouble: Answer[] = [{ status: 500 }, { body: { error: { code: 100, message: 'internal server error' } } }]
  const api = await openApi(t, ({ text }, calls) =>
    isDown && text === 'hard' ? (trouble[calls.length % 2] ?? {}) : {},
  )
  const outbox = await makeOutbox()
  await outbox.add('easy')
  await outbox.add('hard')
  await outbox.add('behind')
  await outbox.add('beside', 1)
  consume(t, outbox.table, api.endpoint)
  await until(() => api.texts().filter((text) => text === 'hard').length >= 3 && api.texts().includes('beside'))
  assert.ok(!api.texts().includes('behind'))
  assert.equal(await outbox.left(), 2)
  isDown = false
  await outbox.isEmpty()
  assert.equal(api.texts().filter((text) => text === 'easy').length, 1)
  assert.equal(api.texts().at(-1), 'behind')
})

test('who loses the database while a call is out goes on when it is back', async (t) => {
  let answerFirst = () => {}
  const isOut = Promise.withResolvers<void>()
  const api = await openApi(
    t,
    () => ({}),
    () => {
      isOut.resolve()
      return new Promise<void>((resolve) => (answerFirst = resolve))
    },
  )
  const outbox = await makeOutbox()
  await outbox.add('once')
  consume(t, outbox.table, api.endpoint)
  await isOut.promise
  await db.query(`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and query like '%${outbox.table}%'`)
  answerFirst()
  await outbox.isEmpty()
  assert.deepEqual(api.texts(), ['once', 'once'])
})

test('a broadcast that failed for one channel by an internal error goes out to all of them again', async (t) => {
  const half = { result: { responses: [{ result: {} }, { error: { code: 100, message: 'internal server error' } }] } }
  const api = await openApi(t, (_, calls) => (calls.length === 0 ? { body: half } : {}))
  const outbox = await makeOutbox()
  await outbox.add('to two', 0, 'broadcast')
  consume(t, outbox.table, api.endpoint)
  await outbox.isEmpty()
  const call = { method: 'broadcast', text: 'to two' }
  assert.deepEqual(api.calls, [call, call])
})

test('what can never be done is told and counts as done', async (t) => {
  const refusals: Record<string, Answer> = {
    limited: { body: { error: { code: 106, message: 'limit exceeded' } } },
    malformed: { status: 400 },
  }
  const api = await openApi(t, ({ text }) => refusals[text] ?? {})
  const outbox = await makeOutbox()
  for (const text of Object.keys(refusals)) await outbox.add(text)
  await outbox.add('x', 0, 'presence')
  await outbox.add('good')
  const { said } = consume(t, outbox.table, api.endpoint)
  await outbox.isEmpty()
  assert.deepEqual(api.texts(), ['limited', 'malformed', 'good'])
  assert.equal(said.length, 3)
})

test('two consumers take turns: nothing goes out twice, and order stays', async (t) => {
  const api = await openApi(t)
  const outbox = await makeOutbox()
  for (const isTry of [true, false]) {
    consume(t, outbox.table, api.endpoint, { use_try_lock: isTry, partition_select_limit: 3, name: outbox.table })
  }
  for (const text of numbered(60)) await outbox.add(text)
  await outbox.isEmpty()
  assert.deepEqual(api.texts(), numbered(60))
})

test('a row whose transaction commits after a later one is not skipped', async (t) => {
  const api = await openApi(t)
  const outbox = await makeOutbox()
  const slow = await db.connect()
  afterwards(t, () => slow.release())
  await slow.query('begin')
  await slow.query(`insert into ${outbox.table} (method, payload) values ('publish', '{"text": "first id"}')`)
  await outbox.add('second id')
  consume(t, outbox.table, api.endpoint)
  await until(() => api.calls.length === 1)
  await slow.query('commit')
  await outbox.isEmpty()
  assert.deepEqual(api.texts(), ['second id', 'first id'])
})

test('a partition beyond those that are read waits for ever', async (t) => {
  const api = await openApi(t)
  const outbox = await makeOutbox()
  await outbox.add('nobody reads this', 2)
  await outbox.add('read', 1)
  consume(t, outbox.table, api.endpoint)
  await until(async () => (await outbox.left()) === 1)
  assert.deepEqual(api.texts(), ['read'])
})
