import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import pg from 'pg'
import type { MessageAdded } from '@grandchat/contracts/messages/schema'
import type { Person } from '../testing/person.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

let server: TestServer
let ann: Person
let bob: Person

before(async () => {
  server = await startTestServer()
  ann = await server.member('ann')
  bob = await server.member('bob')
})
after(() => server.stop())

async function roomState(id: number) {
  const room = await server.services.db
    .selectFrom('rooms')
    .select(['version', 'last_seq', 'member_count'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const rows = await server.services.db
    .selectFrom('messages')
    .select(['seq', 'version', 'content'])
    .where('room_id', '=', id)
    .where('kind', '=', 'user')
    .orderBy('id')
    .execute()
  return { ...room, rows }
}

const path = (roomId: number) => `/api/rooms/${roomId}/messages/`

test('a sent message is the last one of its room, with the next seq and version', async () => {
  const room = await ann.createRoom('General')
  const message = await ann.send(room.id, '  hello\r\nthere ')
  assert.equal(message.content, 'hello\nthere')
  assert.equal(message.seq, 1)
  assert.equal(message.version, room.version + 1)
  assert.equal(message.room.version, message.version)
  assert.equal(message.room.bumped_at, message.created_at)
  assert.deepEqual(await ann.get(`/api/rooms/${room.id}/`), {
    ...message.room,
    role: 'owner',
    read_seq: 1,
    level: 'all',
    muted: false,
    unread_mentions: [],
  })
})

test('two hundred parallel repeats of one key make one message and leave no version gap', async () => {
  const room = await ann.createRoom('Repeats')
  const key = randomUUID()
  const answers = await Promise.all(
    Array.from({ length: 200 }, () =>
      ann.ask<MessageAdded>('POST', path(room.id), { content: 'once', client_message_id: key }),
    ),
  )
  assert.deepEqual(new Set(answers.map(({ body }) => `${body.id} ${body.seq} ${body.version}`)).size, 1)
  assert.equal(answers.filter(({ status }) => status === 201).length, 1)
  assert.equal(answers.filter(({ headers }) => headers.get('idempotent-replayed') === 'true').length, 199)
  const { version, last_seq, rows } = await roomState(room.id)
  assert.deepEqual({ version, last_seq, count: rows.length }, { version: room.version + 1, last_seq: 1, count: 1 })
})

test('repeats that reach the database itself in parallel make one message too', async () => {
  const room = await ann.createRoom('Direct repeats')
  const key = randomUUID()
  const call = () =>
    sql<{ status: string }>`
      select status from send_messages(${room.id}, ${[ann.id]}::bigint[], ${[key]}::uuid[], ${['once']}::text[])`.execute(
      server.services.db,
    )
  const statuses = (await Promise.all(Array.from({ length: 50 }, call))).map(({ rows }) => rows[0]!.status)
  assert.equal(statuses.filter((status) => status === 'new').length, 1)
  assert.equal(statuses.filter((status) => status === 'repeat').length, 49)
  const state = await roomState(room.id)
  assert.equal(state.version, room.version + 1)
  assert.equal(state.last_seq, 1)
})

test('one key with another text is refused, in another room it is another message', async () => {
  const room = await ann.createRoom('Keys')
  const other = await ann.createRoom('Other keys')
  const key = randomUUID()
  await ann.send(room.id, 'first', key)
  await ann.post(path(room.id), { content: 'second', client_message_id: key }, 422)
  assert.equal((await ann.send(other.id, 'second', key)).seq, 1)
  const { rows } = await roomState(room.id)
  assert.deepEqual(
    rows.map((row) => row.content),
    ['first'],
  )
})

test('two people may use the same key', async () => {
  const room = await ann.createRoom('Shared key')
  await bob.join(room.id)
  const key = randomUUID()
  await ann.send(room.id, 'from ann', key)
  assert.equal((await bob.send(room.id, 'from bob', key)).seq, 2)
})

test('a member who is removed while the send waits for the room is refused, and nothing is numbered', async () => {
  const room = await ann.createRoom('Removal')
  await bob.join(room.id)
  const blocker = new pg.Client({ connectionString: server.databaseUrl })
  await blocker.connect()
  await blocker.query('begin')
  await blocker.query('select 1 from rooms where id = $1 for no key update', [room.id])
  const sending = bob.ask('POST', path(room.id), { content: 'am I still here?', client_message_id: randomUUID() })
  await waitUntilBlocked(server)
  await blocker.query('update memberships set left_at = clock_timestamp() where room_id = $1 and user_id = $2', [
    room.id,
    bob.id,
  ])
  await blocker.query('commit')
  await blocker.end()
  assert.equal((await sending).status, 404)
  const { version, last_seq } = await roomState(room.id)
  assert.deepEqual({ version, last_seq }, { version: 2, last_seq: 0 })
})

test('while one room is locked, sends there wait or are refused, and other rooms do not notice', async (t) => {
  // So that what waits for the lock is still waiting when the others are done.
  const server = await startTestServer({}, { lockTimeoutMs: 60_000 })
  t.after(() => server.stop())
  const [ann, bob] = [await server.member('ann'), await server.member('bob')]
  const [locked, free] = [await ann.createRoom('Locked'), await bob.createRoom('Free')]
  const blocker = new pg.Client({ connectionString: server.databaseUrl })
  await blocker.connect()
  await blocker.query('begin')
  await blocker.query('select 1 from rooms where id = $1 for no key update', [locked.id])
  // More than the pool has connections and a batch has places.
  const stuck = Array.from({ length: 100 }, (_, i) => ann.ask('POST', path(locked.id), { content: `stuck ${i}` }))
  await waitUntilBlocked(server)
  for (let i = 0; i < 20; i++) assert.equal((await bob.send(free.id, `free ${i}`)).seq, i + 1)
  await blocker.query('rollback')
  await blocker.end()
  const answers = await Promise.all(stuck)
  assert.ok(answers.every(({ status, headers }) => status === 201 || (status === 503 && headers.get('retry-after'))))
  assert.ok(answers.some(({ status }) => status === 201))
})

test('a send that the lock keeps waiting for too long is refused, to be tried again', async () => {
  const room = await ann.createRoom('Locked for long')
  const blocker = new pg.Client({ connectionString: server.databaseUrl })
  await blocker.connect()
  await blocker.query('begin')
  await blocker.query('select 1 from rooms where id = $1 for no key update', [room.id])
  const { status, headers } = await ann.ask('POST', path(room.id), { content: 'stuck' })
  assert.equal(status, 503)
  assert.ok(headers.get('retry-after'))
  await blocker.query('rollback')
  await blocker.end()
  assert.equal((await ann.send(room.id, 'unlocked')).seq, 1)
})

test('connections that are cut while many send cost nothing: after retries every message is there once, without gaps', async () => {
  const rooms = await Promise.all([ann.createRoom('Cut 1'), ann.createRoom('Cut 2')])
  const sends = Array.from({ length: 200 }, (_, i) => ({ room: rooms[i % 2]!, content: `m${i}`, key: randomUUID() }))
  let isDone = false
  let cut = 0
  const cutter = (async () => {
    for (;;) {
      if (isDone) return
      const { rows } = await sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and query like '%send_messages%'`
        .execute(server.services.db)
        .catch(() => ({ rows: [] }))
      cut += rows.length
      await new Promise((resolve) => setImmediate(resolve))
    }
  })()
  const sendUntilDefinite = async ({ room, content, key }: (typeof sends)[number]) => {
    for (;;) {
      const { status } = await ann.ask('POST', path(room.id), { content, client_message_id: key })
      if (status < 500 && status !== 429) return status
    }
  }
  const statuses: Promise<number>[] = []
  for (const send of sends) {
    statuses.push(sendUntilDefinite(send))
    await new Promise((resolve) => setImmediate(resolve))
    if (statuses.length === 150) isDone = true
  }
  assert.ok((await Promise.all(statuses)).every((status) => status === 200 || status === 201))
  isDone = true
  await cutter
  assert.ok(cut > 0)
  for (const room of rooms) {
    const { version, last_seq, rows } = await roomState(room.id)
    assert.equal(rows.length, 100)
    assert.equal(last_seq, 100)
    assert.equal(version, room.version + 100)
    assert.deepEqual(
      rows.map((row) => row.seq),
      Array.from({ length: 100 }, (_, i) => i + 1),
    )
  }
})

test('times within a room only rise, also when the clock stands still or steps back', async () => {
  const room = await ann.createRoom('Times')
  await sql`update rooms set bumped_at = clock_timestamp() + interval '1 hour' where id = ${room.id}`.execute(
    server.services.db,
  )
  const first = await ann.send(room.id, 'one')
  const second = await ann.send(room.id, 'two')
  assert.ok(first.created_at < second.created_at)
  assert.match(second.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
})

async function waitUntilBlocked({ services }: TestServer): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(services.db)
    if (rows[0]!.count > 0) return
  }
}

test('who waits beside what is taken back at the last moment is sent, and no version is missing', async () => {
  const room = await ann.createRoom('Beside')
  await bob.post(`/api/rooms/${room.id}/join/`)
  const { version } = await roomState(room.id)
  const { sender, db } = server.services
  const send = ({ id, username }: Person, content: string) => {
    const author = { id, username, display_name: null, avatar: null }
    return { author, content, clientMessageId: randomUUID(), replyTo: null, forwarded: null }
  }
  const all = await db.transaction().execute(async (tx) => {
    await sql`select 1 from rooms where id = ${room.id} for update`.execute(tx)
    // The first waits for the room, and the others for the first.
    const first = sender.send(room.id, send(bob, 'first'))
    const withdrawn = sender.send(room.id, { ...send(ann, 'no'), isWanted: async () => false })
    const wanted = sender.send(room.id, { ...send(ann, 'yes'), isWanted: async () => true })
    return [
      assert.rejects(withdrawn, /taken back by its author/),
      first,
      wanted,
      sender.send(room.id, send(bob, 'last')),
    ]
  })
  await Promise.all(all)
  const after = await roomState(room.id)
  assert.deepEqual(after.rows.map(({ content }) => content).toSorted(), ['first', 'last', 'yes'])
  assert.deepEqual([after.version, after.last_seq], [version + 3, 3])
})
