import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import type { Head, RoomChanges, SyncAnswer, SyncRequest } from '@grandchat/contracts/sync/schema'
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

const sync = (person: Person, known: SyncRequest = {}) => person.post<SyncAnswer>('/api/sync/', known)
const changes = (person: Person, roomId: number, query: string) =>
  person.get<RoomChanges>(`/api/rooms/${roomId}/changes/?${query}`)
const versionsOf = (answer: SyncAnswer) => Object.fromEntries(answer.rooms.map(({ id, version }) => [id, version]))

test('who knows nothing gets the summaries of all own rooms and no messages', async () => {
  const cat = await server.member('cat')
  const room = await cat.createRoom('First')
  const message = await cat.send(room.id, 'hello')
  const answer = await sync(cat)
  assert.deepEqual(answer.rooms, [message.room])
  assert.deepEqual(
    answer.own.memberships.map(({ room_id, read_seq }) => [room_id, read_seq]),
    [[room.id, 1]],
  )
  assert.deepEqual([answer.gone, answer.changes, answer.user_version], [[], {}, 1])
})

test('who knows all gets nothing but versions', async () => {
  await ann.createRoom('Known')
  const known = await sync(ann)
  const { user_version, workspace_version } = known
  const again = await sync(ann, { epoch: known.epoch, user_version, workspace_version, rooms: versionsOf(known) })
  assert.deepEqual([again.rooms, again.own.memberships, again.gone], [[], [], []])
})

test('a client of another database is told everything', async () => {
  await ann.createRoom('Epoch')
  const known = await sync(ann)
  const { user_version, workspace_version } = known
  const answer = await sync(ann, { epoch: 'another', user_version, workspace_version, rooms: versionsOf(known) })
  assert.equal(answer.rooms.length, known.rooms.length)
})

test('rooms that are not (any more) the caller’s are gone, whether they exist or not', async () => {
  const left = await ann.createRoom('Left')
  const secret = await ann.createRoom('Secret', 'private')
  await bob.join(left.id)
  await bob.post(`/api/rooms/${left.id}/leave/`)
  const rooms = { [left.id]: 1, [secret.id]: 1, 999_999: 1 }
  const open = Object.keys(rooms).map((id) => ({ id: Number(id), since: 0 }))
  const answer = await sync(bob, { rooms, open })
  assert.deepEqual(new Set(answer.gone), new Set([left.id, secret.id, 999_999]))
  assert.deepEqual(answer.changes, {})
})

test('own rows come with every room that differs: an own message on another device moves the marker without an event', async () => {
  const room = await ann.createRoom('Devices')
  const known = await sync(ann)
  await ann.send(room.id, 'from my phone')
  const answer = await sync(ann, { epoch: known.epoch, user_version: known.user_version, rooms: versionsOf(known) })
  assert.equal(answer.user_version, known.user_version)
  assert.deepEqual(
    answer.own.memberships.map(({ room_id, read_seq }) => [room_id, read_seq]),
    [[room.id, 1]],
  )
})

test('changes are the current rows since a version, without messages below the window', async () => {
  const room = await ann.createRoom('Changes')
  const messages = []
  for (let i = 0; i < 5; i++) messages.push(await ann.send(room.id, `m${i}`))
  await bob.join(room.id)
  const answer = await changes(ann, room.id, `since=2&low=${messages[3]!.id}`)
  assert.deepEqual(
    answer.messages.map(({ content }) => content),
    ['m3', 'm4', 'joined'],
  )
  assert.deepEqual(
    answer.members!.map(({ user }) => user.username),
    ['bob'],
  )
  assert.deepEqual([answer.since, answer.to, answer.more], [2, 7, false])
  const same = await changes(bob, room.id, `since=2&low=${messages[3]!.id}`)
  assert.deepEqual(same, answer, 'equal questions of entitled viewers share one answer')
})

test('long changes come in pieces that are cut between versions and add up', async () => {
  const room = await ann.createRoom('Long')
  const contents = Array.from({ length: 1_100 }, (_, i) => `m${i}`)
  await sql`
    select count(*) from send_messages(${room.id}, ${contents.map(() => ann.id)}::bigint[],
      ${contents.map(() => null)}::uuid[], ${contents}::text[])`.execute(server.services.db)
  let since = 1
  const seen: string[] = []
  for (;;) {
    const { messages, to, more } = await changes(ann, room.id, `since=${since}`)
    assert.ok(messages.length <= 500)
    seen.push(...messages.map(({ content }) => content))
    since = to
    if (!more) break
  }
  assert.deepEqual(seen, contents)
})

test('long messages are bounded by bytes', async () => {
  const room = await ann.createRoom('Bytes')
  for (let i = 0; i < 30; i++) await ann.send(room.id, 'я'.repeat(5_000))
  const first = await changes(ann, room.id, 'since=1')
  assert.ok(first.more)
  assert.ok(JSON.stringify(first.messages).length < 256 * 1024)
  const rest = await changes(ann, room.id, `since=${first.to}`)
  assert.equal(first.messages.length + rest.messages.length, 30)
})

/** A room in which every version after the fifth changed one row of reactions, or one pin. */
async function attached(rows: number) {
  const room = await ann.createRoom('Attached')
  const { db } = server.services
  await sql`
    insert into messages (room_id, seq, version, user_id, content, created_at)
    select ${room.id}, 1000 + n, 5, ${ann.id}, 'old', clock_timestamp() from generate_series(1, ${rows}::integer) n`.execute(
    db,
  )
  await sql`
    insert into reaction_rows (message_id, emoji, room_id, version, count)
    select id, '👍', room_id, 5 + row_number() over (order by id), 0 from messages where room_id = ${room.id} and seq > 1000`.execute(
    db,
  )
  await sql`
    insert into pins (message_id, room_id, user_id, pinned_at, version)
    select id, room_id, user_id, now(), ${rows + 5} + row_number() over (order by id)
    from messages where room_id = ${room.id} and seq > 1000`.execute(db)
  const version = 5 + rows * 2
  await sql`update rooms set version = ${version} where id = ${room.id}`.execute(db)
  return { room, version }
}

test('rows that hang on messages are counted among the changes, cut between versions, and add up', async () => {
  const { room, version } = await attached(400)
  let since = 5
  const pieces = []
  do {
    const { reactions, pins, to, messages } = await changes(ann, room.id, `since=${since}`)
    assert.ok(reactions.length + pins.length <= 500)
    assert.deepEqual(messages, [])
    assert.ok([...reactions, ...pins].every((row) => row.version > since && row.version <= to))
    pieces.push({ reactions: reactions.length, pins: pins.length })
    since = to
  } while (since < version)
  assert.deepEqual(pieces, [
    { reactions: 400, pins: 100 },
    { reactions: 0, pins: 300 },
  ])
})

test('popular rows are bounded by bytes', async () => {
  const { room } = await attached(100)
  const { db } = server.services
  await sql`
    with people as (
      insert into users (username, username_folded) select 'fan' || n, 'fan' || n from generate_series(1, 1000) n returning id
    )
    insert into reactions (message_id, emoji, user_id)
    select m.id, '👍', p.id from people p, messages m where m.room_id = ${room.id} and m.seq > 1000`.execute(db)
  await sql`update reaction_rows set count = 1000 where room_id = ${room.id}`.execute(db)
  const first = await changes(ann, room.id, 'since=5')
  assert.ok(first.more)
  assert.ok(JSON.stringify(first.reactions).length < 256 * 1024)
  assert.ok(first.reactions.length > 10)
  assert.ok(first.reactions.every(({ user_ids }) => user_ids.length === 1_000))
})

test('what hangs on messages below the window is left out', async () => {
  const room = await ann.createRoom('Below')
  const [old, young] = [await ann.send(room.id, 'old'), await ann.send(room.id, 'young')]
  for (const { id } of [old, young]) {
    await ann.put(`/api/rooms/${room.id}/messages/${id}/reactions/${encodeURIComponent('👍')}/`)
    await ann.put(`/api/rooms/${room.id}/pins/${id}/`)
  }
  const { reactions, pins, messages } = await changes(ann, room.id, `since=3&low=${young.id}`)
  assert.deepEqual(
    [reactions, pins].map((rows) => rows.map(({ message_id }) => message_id)),
    [[young.id], [young.id]],
  )
  assert.deepEqual(
    messages.map(({ content }) => content),
    ['pinned a message', 'pinned a message'],
  )
})

test('who is too far behind, or ahead of the room, starts its window afresh', async () => {
  const room = await ann.createRoom('Far')
  const ahead = await changes(ann, room.id, 'since=99')
  assert.deepEqual(ahead, { epoch: server.services.epoch, reset: true })
  await sql`update rooms set changes_floor = 1 where id = ${room.id}`.execute(server.services.db)
  assert.deepEqual(await changes(ann, room.id, 'since=0'), { epoch: server.services.epoch, reset: true })
})

test('rows that share one version are never cut apart', async () => {
  const room = await ann.createRoom('Shared version')
  for (let i = 0; i < 3; i++) await ann.send(room.id, `m${i}`)
  await sql`
    insert into messages (room_id, seq, version, user_id, content, created_at)
    select ${room.id}, 1000 + n, 5, ${ann.id}, 'same', clock_timestamp() from generate_series(1, 499) n`.execute(
    server.services.db,
  )
  await sql`update rooms set version = 5 where id = ${room.id}`.execute(server.services.db)
  const first = await changes(ann, room.id, 'since=1')
  assert.deepEqual([first.to, first.more, first.messages.length], [4, true, 3])
  const second = await changes(ann, room.id, 'since=4')
  assert.deepEqual([second.to, second.more, second.messages.length], [5, false, 499])
})

test('the head is 204 while nothing changed, and tells what did', async () => {
  const dan = await server.member('dan')
  const room = await dan.createRoom('Head')
  const head = await dan.get<Head>('/api/sync/head/')
  assert.deepEqual(head.rooms, [[room.id, 1]])
  const digest = ({ epoch, workspace_version, user_version, rooms }: Head) =>
    `${epoch}.${workspace_version}.${user_version}.${rooms.reduce((sum, [, version]) => sum + version, 0)}`
  await dan.get(`/api/sync/head/?d=${digest(head)}`, 204)
  await dan.send(room.id, 'the last message before a silence')
  const changed = await dan.get<Head>(`/api/sync/head/?d=${digest(head)}`)
  assert.deepEqual(changed.rooms, [[room.id, 2]])
})

test('people who ask at once are told of their own rooms alone', async () => {
  const [one, other] = [await server.member('una'), await server.member('otto')]
  const rooms = [await one.createRoom('Mine', 'private'), await other.createRoom('Hers', 'private')]
  const asked = [one, other, one, other].map((person) => person.get<Head>('/api/sync/head/'))
  const heads = (await Promise.all(asked)).map(({ rooms }) => rooms.map(([id]) => id))
  const [own, others] = rooms.map(({ id }) => [id])
  assert.deepEqual(heads, [own, others, own, others])
})

test('leaving one room and joining another of the same version changes the digest', async () => {
  const eve = await server.member('eve')
  const [one, two] = [await ann.createRoom('Same 1'), await ann.createRoom('Same 2')]
  await eve.join(one.id)
  const { epoch, workspace_version, user_version } = await eve.get<Head>('/api/sync/head/')
  await eve.post(`/api/rooms/${one.id}/leave/`)
  await eve.join(two.id)
  await eve.get(`/api/sync/head/?d=${epoch}.${workspace_version}.${user_version}.2`, 200)
})

test('a sync may name a room once', async () => {
  const room = await ann.createRoom('Twice')
  await ann.post(
    '/api/sync/',
    {
      open: [
        { id: room.id, since: 0 },
        { id: room.id, since: 0 },
      ],
    },
    400,
  )
})
