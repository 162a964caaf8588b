import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { createServer, type Server, type Socket } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { sql } from 'kysely'
import pg from 'pg'
import { afterwards } from '../../testing/afterwards.ts'
import { consume, readRows, unreachableCentrifugo, type WrittenRow } from '../../testing/outbox.ts'
import { Person } from '../../testing/person.ts'
import { startTestServer, type TestServer } from '../../testing/server.ts'
import { Housekeeper } from './housekeeper.ts'
import { notificationChannel, PartitionNotifier } from './notifier.ts'

type Settings = Record<string, string>

async function start(t: TestContext, settings: Settings = {}, databaseUrl?: string): Promise<TestServer> {
  const server = await startTestServer({ ...unreachableCentrifugo, ...settings }, databaseUrl ? { databaseUrl } : {})
  afterwards(t, () => server.stop())
  // It would move rows and add probes of its own.
  await server.services.housekeeping.stop()
  return server
}

/** The same person at another backend of the installation. */
function at(server: TestServer, person: Person): Person {
  const elsewhere = new Person(server.url)
  elsewhere.cookie = person.cookie
  return elsewhere
}

const versionsOf = (rows: WrittenRow[], roomId: number) =>
  rows.filter(({ key }) => key.includes(`_room_${roomId}_`)).map(({ version }) => version)
const upTo = (last: number) => Array.from({ length: last }, (_, n) => n + 1)

test('[F2] two backends that send in the same rooms write each room’s versions in order', async (t) => {
  const one = await start(t)
  const other = await start(t, {}, one.databaseUrl)
  const ann = await one.member('ann')
  const rooms = await Promise.all(upTo(4).map((n) => ann.createRoom(`Room ${n}`)))
  const senders = [ann, at(other, ann)]
  await Promise.all(rooms.flatMap(({ id }) => upTo(12).map((n) => senders[n % 2]!.send(id, `Message ${n}`))))
  const rows = await readRows(one.services.db)
  for (const { id } of rooms) assert.deepEqual(versionsOf(rows, id), upTo(13))
})

test('[F1, F10] whatever connections are cut, every version has its row, once, and no row is without its version', async (t) => {
  const one = await start(t)
  const other = await start(t, {}, one.databaseUrl)
  const { db } = one.services
  const ann = await one.member('ann')
  const rooms = await Promise.all(upTo(3).map((n) => ann.createRoom(`Room ${n}`)))
  const senders = [ann, at(other, ann)]
  const load = { isOver: false }
  const nemesis = (async () => {
    const admin = new pg.Client({ connectionString: one.databaseUrl })
    await admin.connect()
    while (!load.isOver) {
      await admin.query(`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle' order by random() limit 1`)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    await admin.end()
  })()
  const statuses = await Promise.all(
    rooms.flatMap(({ id }) =>
      upTo(30).map(async (n) => {
        const content = { content: `Message ${n}`, client_message_id: randomUUID() }
        return (await senders[n % 2]!.ask('POST', `/api/rooms/${id}/messages/`, content)).status
      }),
    ),
  )
  load.isOver = true
  await nemesis
  assert.deepEqual(
    statuses.filter((status) => status !== 201 && status !== 503),
    [],
  )
  const rows = await readRows(db)
  for (const { id } of rooms) {
    const { version } = await db.selectFrom('rooms').select('version').where('id', '=', id).executeTakeFirstOrThrow()
    assert.deepEqual(versionsOf(rows, id), upTo(version))
  }
})

test('[F15] who reads while two backends write sees each room in order, and skips nothing', async (t) => {
  const one = await start(t)
  const other = await start(t, {}, one.databaseUrl)
  const ann = await one.member('ann')
  const rooms = await Promise.all(upTo(4).map((n) => ann.createRoom(`Room ${n}`)))
  const senders = [ann, at(other, ann)]
  const seen: WrittenRow[] = []
  const total = () => rooms.reduce((sum, { id }) => sum + versionsOf(seen, id).length, 0)
  const reader = (async () => {
    while (total() < 4 * 16)
      for (const partition of upTo(8)) seen.push(...(await consume(one.services.db, partition - 1)))
  })()
  await Promise.all(rooms.flatMap(({ id }) => upTo(15).map((n) => senders[n % 2]!.send(id, `Message ${n}`))))
  await reader
  for (const { id } of rooms) assert.deepEqual(versionsOf(seen, id), upTo(16))
})

test('[F13] a room keeps its order while the number of partitions is changed and rows wait', async (t) => {
  const narrow = await start(t, { CENTRIFUGO_OUTBOX_PARTITIONS: '1' })
  const wide = await start(t, { CENTRIFUGO_OUTBOX_PARTITIONS: '4' }, narrow.databaseUrl)
  const { db } = narrow.services
  const ann = await narrow.member('ann')
  const annAtWide = at(wide, ann)
  const rooms = await Promise.all(upTo(5).map((n) => ann.createRoom(`Room ${n}`)))
  const seen: WrittenRow[] = []
  const partitionsOf = async () => new Set((await readRows(db)).map(({ partition }) => partition))

  for (const { id } of rooms) await ann.send(id, 'With one partition')
  // The last partition first: what could overtake would.
  for (const { id } of rooms) await annAtWide.send(id, 'With four, while rows wait in the one')
  for (const partition of [3, 2, 1, 0]) seen.push(...(await consume(db, partition, 7)))
  for (const { id } of rooms) await annAtWide.send(id, 'With four, some rows still wait')
  for (const partition of [3, 2, 1, 0]) seen.push(...(await consume(db, partition)))
  assert.deepEqual(await partitionsOf(), new Set())

  for (const { id } of rooms) await annAtWide.send(id, 'With four')
  assert.ok((await partitionsOf()).size > 1, 'with nothing waiting the new number holds')
  for (const { id } of rooms) await ann.send(id, 'Back to one: nobody reads the other partitions any more')
  const notifier = new PartitionNotifier(db)
  await new Housekeeper({ db, partitions: 1, notifier, onError: (error) => assert.fail(String(error)) }).round()
  for (const { id } of rooms) await ann.send(id, 'One again')
  seen.push(...(await consume(db, 0)))
  await notifier.drained()
  for (const { id } of rooms) assert.deepEqual(versionsOf(seen, id), upTo(7))
})

test('[F16] the consumer is woken after the commit, once for many, and no trigger does it', async (t) => {
  const server = await start(t)
  const { db, announcer } = server.services
  const ann = await server.member('ann')
  const rooms = await Promise.all(upTo(3).map((n) => ann.createRoom(`Room ${n}`)))
  await announcer.drained()
  const listener = new pg.Client({ connectionString: server.databaseUrl })
  await listener.connect()
  afterwards(t, () => listener.end())
  await listener.query(`listen ${notificationChannel}`)
  const heard: string[] = []
  listener.on('notification', ({ payload }) => heard.push(payload ?? ''))
  const notifier = new PartitionNotifier(db)
  for (let n = 0; n < 100; n++) notifier.touch([n % 2])
  await notifier.drained()
  await listener.query('select 1')
  assert.deepEqual(heard.toSorted(), ['0', '1'])
  heard.length = 0
  await Promise.all(rooms.map(({ id }) => ann.send(id, 'Hello')))
  await announcer.drained()
  await listener.query('select 1')
  assert.deepEqual(new Set(heard), new Set(rooms.map(({ id }) => String(id % 8))))
  const triggers = await listener.query(`select tgname from pg_trigger where not tgisinternal`)
  assert.deepEqual(triggers.rows, [])
})

test('[F1] a process that dies between commit and wake-up loses nothing: the rows are there', async (t) => {
  const server = await start(t)
  const ann = await server.member('ann')
  const room = await ann.createRoom('Kitchen')
  const { db, announcer } = server.services
  // The notifier fails from here on, as it does with the process.
  await announcer.drained()
  t.mock.method(PartitionNotifier.prototype, 'touch', () => undefined)
  await ann.send(room.id, 'Last words')
  assert.deepEqual(versionsOf(await consume(db, room.id % 8), room.id), [1, 2])
})

test('[F14] a consumer that hangs with its transaction open holds up neither senders nor the housekeeping', async (t) => {
  const server = await start(t)
  const ann = await server.member('ann')
  const room = await ann.createRoom('Kitchen')
  const { db } = server.services
  const hanging = new pg.Client({ connectionString: server.databaseUrl })
  await hanging.connect()
  afterwards(t, () => hanging.end())
  await hanging.query('begin')
  await hanging.query('delete from chat_outbox')
  const message = await ann.send(room.id, 'Go on')
  const housekeeper = new Housekeeper({
    db,
    partitions: 1,
    notifier: new PartitionNotifier(db),
    bounds: { rows: 0, seconds: 0 },
    onError: (error) => assert.fail(String(error)),
  })
  await housekeeper.round()
  await hanging.query('rollback')
  assert.deepEqual(versionsOf(await readRows(db), room.id), [1], 'what the consumer had in hand is its own')
  assert.equal(message.version, 2)
})

test('an unreachable or silent Centrifugo is not even asked when a message is sent', async (t) => {
  const silent: Server = createServer()
  const sockets = new Set<Socket>()
  silent.on('connection', (socket) => sockets.add(socket))
  silent.listen(0, '127.0.0.1')
  await once(silent, 'listening')
  afterwards(t, () => {
    for (const socket of sockets) socket.destroy()
    silent.close()
  })
  const { port } = silent.address() as AddressInfo
  const server = await start(t, { CENTRIFUGO_HTTP_API_ENDPOINT: `http://127.0.0.1:${port}/api` })
  const ann = await server.member('ann')
  const room = await ann.createRoom('Kitchen')
  for (let n = 0; n < 20; n++) await ann.send(room.id, `Message ${n}`)
  await server.services.announcer.drained()
  assert.equal(sockets.size, 0)
})

test('[F18] a large room’s event is one row with one channel, and a long list of members is split', async (t) => {
  const server = await start(t, { LARGE_ROOM_MEMBERS: '2' })
  const [ann, bob, eve] = [await server.member('ann'), await server.member('bob'), await server.member('eve')]
  const room = await ann.createRoom('Square')
  await bob.join(room.id)
  await eve.join(room.id)
  await ann.send(room.id, 'Hello everybody')
  const { db } = server.services
  const last = (await readRows(db)).at(-1)!
  assert.deepEqual([last.method, last.channels, last.version], ['publish', [`room:${room.id}`], 4])

  const hall = await ann.createRoom('Hall', 'private')
  await sql`
    with crowd as (
      insert into users (username, username_folded) select 'u' || n, 'u' || n from generate_series(1, 2500) as n returning id
    )
    insert into memberships (room_id, user_id, joined_at, version, own_version)
    select ${hall.id}, id, now(), 1, 0 from crowd`.execute(db)
  await sql`update rooms set members_version = version, member_count = 2501 where id = ${hall.id}`.execute(db)
  await sql`delete from chat_outbox`.execute(db)
  const fresh = await start(t, { LARGE_ROOM_MEMBERS: '0' }, server.databaseUrl)
  await sql`delete from chat_outbox`.execute(db)
  await at(fresh, ann).send(hall.id, 'Hello hall')
  const parts = await readRows(db)
  assert.deepEqual(
    parts.map(({ channels }) => channels.length),
    [1000, 1000, 501],
  )
  assert.equal(new Set(parts.map(({ key }) => key)).size, 1)
  assert.equal(new Set(parts.flatMap(({ channels }) => channels)).size, 2501)
})
