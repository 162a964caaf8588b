import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { createTestDatabase } from '../server/testing/database.ts'
import { deliver } from './deliver.ts'
import { hub } from './hub/figure.ts'
import { closedLoop, openLoop } from './load.ts'
import { processTree } from './process-tree.ts'
import { printReport } from './report.ts'
import { scale } from './scale/figure.ts'
import { type Way, ways } from './scale/ways.ts'
import { durableFolder, Scope } from './scope.ts'
import { search } from './search/figure.ts'
import { send } from './send.ts'
import { addRooms, addUsers, checkRooms, openDatabase } from './world.ts'

async function temporaryFolder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(durableFolder(), 'grandchat-bench-test-'))
  t.after(() => rm(path, { recursive: true, force: true }))
  return path
}

const few = { perSecond: 100, count: 5 }

test('sending is measured, counted and compared with SQL alone', async (t) => {
  const scope = new Scope()
  t.after(() => scope.end())
  const sizes = { members: 4, rooms: 2, senders: 2, repeats: 1, seconds: 0.2, warmUpSeconds: 0.1, calm: few }
  const rows = await send(scope, sizes)
  assert.ok(rows.length > 10)
  for (const { name, value } of rows) assert.ok(Number.isFinite(value), `${name}: ${value}`)
  assert.match(scope.facts['postgresql'] ?? '', /fsync on, synchronous_commit on/)
  assert.match(
    printReport({ at: '', facts: scope.facts, figures: { send: rows } }),
    /one room, acknowledged .* >= 2,000/,
  )
})

test('every message that one client sends is shown by the other', async (t) => {
  const scope = new Scope()
  t.after(() => scope.end())
  const rows = await deliver(scope, { rooms: [2, 5], repeats: 1, ...few })
  assert.equal(rows.length, 4)
  for (const { name, value } of rows) assert.ok(value > 0, name)
})

test('rooms of every size are measured by every way, and what cannot be had is told', async (t) => {
  const scope = new Scope()
  t.after(() => scope.end())
  const missing: Way = {
    name: 'away',
    isAlwaysPersonal: false,
    start: () => Promise.reject(new Error('not to be had')),
  }
  const rows = await scale(scope, { rooms: [3, 1_002], messages: 2, warmUp: 1, ways: [ways[0]!, missing] })
  const measured = rows.slice(0, -1)
  assert.equal(measured.length, 6, 'a large room has no copies to compare with')
  for (const { name, value } of measured) assert.ok(value > 0, name)
  assert.match(rows.at(-1)!.void ?? '', /not run: .*not to be had/)
})

test('searching is measured by kind and searcher, next to what it costs to send', async (t) => {
  const scope = new Scope()
  t.after(() => scope.end())
  const sizes = { messages: 2_000, rooms: 20, authors: 50, few: 2, many: 10, requests: 2, repeats: 1, sends: few }
  const rows = await search(scope, sizes)
  assert.equal(rows.length, 46)
  for (const { name, value } of rows) assert.ok(value >= 0, `${name}: ${value}`)
})

test('the hub is measured next to bare sockets', async (t) => {
  const scope = new Scope()
  t.after(() => scope.end())
  const sizes = {
    subscribers: [3],
    broadcasts: [
      { channels: 4, online: 4 },
      { channels: 20, online: 4 },
    ],
    connections: 5,
    storm: 5,
    repeats: 1,
    deliveries: 60,
    calmMs: 100,
  }
  const rows = await hub(scope, sizes, async () => [])
  assert.equal(rows.length, 17)
  for (const { name, value } of rows) assert.ok(Number.isFinite(value), `${name}: ${value}`)
  assert.match(rows[0]?.note ?? '', /x of bare sockets/)
})

test('a message that was acknowledged and is not there, or a gap, is no figure', async (t) => {
  const database = await createTestDatabase()
  const scope = new Scope()
  scope.onEnd(() => database.drop())
  t.after(() => scope.end())
  const db = await openDatabase(scope, { databaseUrl: async () => database.url })
  const users = await addUsers(db, 'user', 3)
  const rooms = await addRooms(db, 'Room', 2, users)
  const texts = ['one', 'two', 'three']
  await db.query('select * from send_messages($1, $2::bigint[], array[null, null, null]::uuid[], $3::text[])', [
    rooms[0],
    users.map(({ id }) => id),
    texts,
  ])
  await checkRooms(db, rooms, 3)
  await db.query('update rooms set version = version + 1 where id = $1', [rooms[0]])
  await checkRooms(db, rooms, 3)
  await db.query('update rooms set member_count = 33 where id = $1', [rooms[0]])
  await assert.rejects(checkRooms(db, rooms, 3), /gaps/)
  await db.query('update rooms set member_count = 3, version = version - 1 where id = $1', [rooms[0]])
  await assert.rejects(checkRooms(db, rooms, 4), /4 sends were acknowledged, but there are 3 messages/)
  await db.query(`delete from messages where content = 'two'`)
  await assert.rejects(checkRooms(db, rooms, 2), /gaps/)
})

test('loads count what was done and what was refused', async () => {
  const open = await openLoop(async (n) => n % 2 === 0, { perSecond: 1_000, count: 10 })
  assert.deepEqual([open.latenciesMs.length, open.refused], [5, 5])
  let done = 0
  const act = (n: number) => new Promise<boolean>((resolve) => setImmediate(() => resolve((done++, n > 0))))
  const closed = await closedLoop(act, { workers: 2, seconds: 0.05 })
  assert.deepEqual([closed.latenciesMs.length, closed.refused], [done - 1, 1])
})

test('Ctrl-C ends everything that was started and removes every file', async (t) => {
  const TMPDIR = await temporaryFolder(t)
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), 'send'], {
    env: { ...process.env, TMPDIR },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  t.after(() => child.kill('SIGKILL'))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  await new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => text.includes('sends a second') && resolve())
    void ended.then((code) => reject(new Error(`ended with ${code}`)))
  })
  const started = processTree(child.pid!)
  child.kill('SIGINT')
  assert.equal(await ended, 130)
  assert.deepEqual(await readdir(TMPDIR), [])
  for (const pid of started) assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' })
})
