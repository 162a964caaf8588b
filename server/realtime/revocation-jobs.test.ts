import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { sql } from 'kysely'
import { type Database, openDatabase } from '../database/database.ts'
import { afterwards } from '../testing/afterwards.ts'
import { createTestDatabase } from '../testing/database.ts'
import { RevocationJobs, type RevocationJobsOptions } from './revocation-jobs.ts'
import { Revocations } from './revocations.ts'

type Call = { user: string; channel: string | null }

/** A database with one user, and a Centrifugo that answers as told. */
async function setUp(t: TestContext) {
  const database = await createTestDatabase()
  afterwards(t, () => database.drop())
  const db = openDatabase({ connectionString: database.url })
  afterwards(t, () => db.destroy())
  const { rows } = await sql<{ id: number }>`
    insert into users (username, username_folded) values ('ann', 'ann') returning id`.execute(db)
  const userId = rows[0]!.id
  const calls: Call[] = []
  let wake = () => {}
  const centrifugo = { isAway: false }
  const revoke = async (user: string, channel: string | null) => {
    calls.push({ user, channel })
    wake()
    if (centrifugo.isAway) throw new Error('away')
  }
  const startBackend = (options: Partial<RevocationJobsOptions> = {}) => {
    const jobs = new RevocationJobs({ db, revoke, onError: () => undefined, ...options })
    afterwards(t, () => jobs.stop())
    jobs.wake()
    return jobs
  }
  const called = async (times: number) => {
    while (calls.length < times) await new Promise<void>((resolve) => (wake = resolve))
  }
  return { db, userId, calls, called, centrifugo, startBackend }
}

/** Writes it as the transaction that takes the right away does. */
function write(db: Database, userId: number, channel: string | null = null): Promise<void> {
  return db
    .transaction()
    .execute((tx) => new Revocations(() => assert.fail('not by this one')).write(tx, { userId, channel }))
}

type Row = { isDue: boolean; isOver: boolean; is_repeat: boolean; failures: number; inSeconds: number }

async function readJob(db: Database): Promise<Row> {
  const { rows } = await sql<Row>`
    select coalesce(due_at <= clock_timestamp(), false) as "isDue", due_at is null as "isOver", is_repeat, failures,
      extract(epoch from due_at - clock_timestamp())::float8 as "inSeconds"
    from revocations`.execute(db)
  return rows[0]!
}

const until = async (isSo: () => Promise<boolean>) => {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 10))
}
const makeDue = (db: Database) => sql`update revocations set due_at = clock_timestamp()`.execute(db)

test('a revocation is carried out, and once more when no older token can be presented', async (t) => {
  const { db, userId, calls, called, startBackend } = await setUp(t)
  const jobs = startBackend()
  await write(db, userId)
  jobs.wake()
  await called(1)
  await until(async () => (await readJob(db)).is_repeat)
  const { inSeconds, isOver } = await readJob(db)
  assert.ok(!isOver && inSeconds > 300 && inSeconds <= 315, `own channel: 300 s (${inSeconds})`)
  await makeDue(db)
  jobs.wake()
  await called(2)
  await until(async () => (await readJob(db)).isOver)
  const call = { user: String(userId), channel: null }
  assert.deepEqual(calls, [call, call])
})

test('the token of a room is presentable for a minute, and cut again after that', async (t) => {
  const { db, userId, called, startBackend } = await setUp(t)
  await write(db, userId, 'room:1')
  startBackend()
  await called(1)
  await until(async () => (await readJob(db)).is_repeat)
  const { inSeconds } = await readJob(db)
  assert.ok(inSeconds > 60 && inSeconds <= 75, String(inSeconds))
})

test('while Centrifugo is away it is tried until it said yes', async (t) => {
  const { db, userId, calls, called, centrifugo, startBackend } = await setUp(t)
  centrifugo.isAway = true
  await write(db, userId)
  startBackend()
  await called(2)
  await until(async () => (await readJob(db)).failures >= 2)
  centrifugo.isAway = false
  await until(async () => (await readJob(db)).is_repeat)
  assert.ok(calls.length >= 3)
  assert.equal((await readJob(db)).failures, 0)
})

test('what a backend took and did not finish is taken over by another', async (t) => {
  const { db, userId, calls, called, startBackend } = await setUp(t)
  await write(db, userId)
  let reached = () => {}
  const isReached = new Promise<void>((resolve) => (reached = resolve))
  let letGo = () => {}
  const dying = startBackend({
    revoke: () => {
      reached()
      return new Promise((_, reject) => (letGo = () => reject(new Error('died'))))
    },
  })
  await isReached
  const other = startBackend()
  assert.equal((await readJob(db)).isDue, false, 'for a while it is the other one’s')
  await makeDue(db)
  other.wake()
  await called(1)
  await until(async () => (await readJob(db)).is_repeat)
  assert.equal(calls.length, 1)
  letGo()
  await dying.stop()
})

test('of two backends that look at once one carries it out', async (t) => {
  const { db, userId, calls, startBackend } = await setUp(t)
  const backends = [startBackend(), startBackend(), startBackend()]
  for (let n = 0; n < 30; n++) await write(db, userId)
  for (const jobs of backends) jobs.wake()
  await until(async () => {
    const { rows } = await sql`select 1 from revocations where not is_repeat`.execute(db)
    return rows.length === 0
  })
  assert.equal(calls.length, 30)
})

test('a right that was given again is left alone', async (t) => {
  const { db, userId, calls, startBackend } = await setUp(t)
  const { rows } = await sql<{ id: number }>`
    insert into rooms (kind, name, version) values ('public', 'Kitchen', 1) returning id`.execute(db)
  const roomId = rows[0]!.id
  await sql`
    insert into memberships (room_id, user_id, joined_at, version, own_version)
    values (${roomId}, ${userId}, now(), 1, 1)`.execute(db)
  await write(db, userId, `here:${roomId}`)
  startBackend()
  await until(async () => (await readJob(db)).is_repeat)
  assert.deepEqual(calls, [])
})
