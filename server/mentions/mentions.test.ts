import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import type { OwnMembership } from '@grandchat/contracts/memberships/schema'
import type { Mentions } from '@grandchat/contracts/mentions/schema'
import type { HistoryPage, MessageAdded } from '@grandchat/contracts/messages/schema'
import type { OwnRow } from '@grandchat/contracts/own-rows/schema'
import type { RowsChanged } from '@grandchat/contracts/realtime/rows-changed'
import type { OwnRoom } from '@grandchat/contracts/rooms/schema'
import type { SyncAnswer } from '@grandchat/contracts/sync/schema'
import { type Cast, gatherCast, letIn, openRoom } from '../testing/cast.ts'
import type { Person } from '../testing/person.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

let server: TestServer
let cast: Cast
before(async () => {
  server = await startTestServer()
  cast = await gatherCast(server)
})
after(() => server.stop())

const messages = (roomId: number) => `/api/rooms/${roomId}/messages/`
const unread = async (person: Person, roomId: number) =>
  (await person.get<OwnRoom>(`/api/rooms/${roomId}/`)).unread_mentions
const users = (...ids: Person[]): Mentions => ({
  users: ids.map(({ id }) => id).toSorted((a, b) => a - b),
  all: false,
})

test('a member who is named is told of it until they have read it; others, and who left, are not', async () => {
  const { member, roomOwner, leaver, outsider } = cast
  const room = await openRoom(server, cast, 'public')
  const said = await roomOwner.send(room.id, 'hello @mia, @leo, @bob, @nobody-of-that-name and @rosa')
  assert.deepEqual(said.mentions, users(member))
  assert.deepEqual(await unread(member, room.id), [1])
  assert.deepEqual(await unread(roomOwner, room.id), [])
  assert.deepEqual(await roomOwner.send(room.id, 'nobody').then(({ mentions }) => mentions), null)
  for (const person of [leaver, outsider]) {
    assert.equal((await person.ask('GET', `/api/rooms/${room.id}/`)).status, 404)
    const { own } = await person.post<SyncAnswer>('/api/sync/', {})
    for (const row of own.memberships) assert.deepEqual(row.unread_mentions, [])
  }
  await member.ask('PUT', `/api/rooms/${room.id}/read-marker/`, { seq: 2 })
  assert.deepEqual(await unread(member, room.id), [])
  const back = await member.ask<{ unread_mentions: number[] }>('PUT', `/api/rooms/${room.id}/read-marker/`, { seq: 0 })
  assert.deepEqual(back.body.unread_mentions, [1])
})

test('the list, the room, a sync and the history say the same', async () => {
  const { member, roomOwner } = cast
  const room = await openRoom(server, cast, 'private')
  await roomOwner.send(room.id, '@mia')
  await roomOwner.send(room.id, 'and @all')
  const { results } = await member.get<{ results: OwnRoom[] }>('/api/rooms/')
  assert.deepEqual(results.find(({ id }) => id === room.id)?.unread_mentions, [1, 2])
  const { own, rooms } = await member.post<SyncAnswer>('/api/sync/', {})
  const row = own.memberships.find(({ room_id }) => room_id === room.id)
  assert.deepEqual(row?.unread_mentions, [1, 2])
  assert.equal(row?.mentions_version, rooms.find(({ id }) => id === room.id)?.version)
  const page = await member.get<HistoryPage>(`${messages(room.id)}?limit=2`)
  assert.deepEqual(
    page.results.map(({ mentions }) => mentions),
    [{ users: [], all: true }, users(member)],
  )
})

test('names are compared as they are looked up, code is left out, and fifty are enough', async () => {
  const { member, roomOwner } = cast
  const room = await openRoom(server, cast, 'private')
  assert.deepEqual((await roomOwner.send(room.id, '@MIA @mia @[Mia]')).mentions, users(member))
  assert.equal((await roomOwner.send(room.id, '`@mia` mail@mia \\@mia')).mentions, null)
  const { results } = await member.get<{ results: OwnRoom[] }>('/api/rooms/')
  assert.deepEqual(results.find(({ id }) => id === room.id)?.unread_mentions, [1])
  const many = Array.from({ length: 1_000 }, (_, n) => `@n${n}`).join(' ')
  assert.equal((await roomOwner.send(room.id, many.slice(0, 4_990))).mentions, null)
  assert.deepEqual((await roomOwner.send(room.id, `@mia ${many.slice(0, 4_990)}`)).mentions, users(member))
  assert.deepEqual((await roomOwner.send(room.id, '@mia'.padEnd(5_000, ' @mia'))).mentions, users(member))
})

test('an edit mentions whom it names now, a deletion nobody, and each is one version', async () => {
  const { member, roomOwner } = cast
  const room = await openRoom(server, cast, 'private')
  const said = await roomOwner.send(room.id, 'hello')
  const edit = async (content: string) =>
    (await roomOwner.ask<RowsChanged>('PATCH', `${messages(room.id)}${said.id}/`, { content })).body
  const named = await edit('hello @mia')
  assert.deepEqual(named.messages?.[0]?.mentions, users(member))
  assert.equal(named.room.version, said.version + 1)
  assert.deepEqual(await unread(member, room.id), [1])
  assert.equal((await edit('hello')).messages?.[0]?.mentions, null)
  assert.deepEqual(await unread(member, room.id), [])
  await edit('hello @all')
  assert.deepEqual(await unread(member, room.id), [1])
  const gone = await roomOwner.ask<RowsChanged>('DELETE', `${messages(room.id)}${said.id}/`)
  assert.equal(gone.body.messages?.[0]?.mentions, null)
  assert.deepEqual(await unread(member, room.id), [])
  const { rows } = await sql`select from mentions where message_id = ${said.id}`.execute(server.services.db)
  assert.equal(rows.length, 0)
})

test('a forwarded text mentions members of the room that it comes to, and a repeat changes nothing', async () => {
  const { member, roomOwner } = cast
  const [from, to] = [await openRoom(server, cast, 'private'), await openRoom(server, cast, 'private')]
  const said = await roomOwner.send(from.id, 'see @mia')
  const body = { forward: { room_id: from.id, message_id: said.id }, client_message_id: crypto.randomUUID() }
  for (const status of [201, 200]) {
    const answer = await roomOwner.ask<MessageAdded>('POST', messages(to.id), body)
    assert.equal(answer.status, status)
    assert.deepEqual(answer.body.mentions, users(member))
  }
  assert.deepEqual(await unread(member, to.id), [1])
})

test('in a large room all are called by whoever runs it, and by nobody else', async () => {
  const { member, roomOwner } = cast
  const room = await openRoom(server, cast, 'public')
  const setCount = (count: number) =>
    sql`update rooms set member_count = ${count} where id = ${room.id}`.execute(server.services.db)
  await setCount(32)
  assert.equal((await member.send(room.id, '@all')).mentions?.all, true)
  assert.deepEqual(await unread(member, room.id), [], 'nobody is mentioned by themselves')
  await setCount(33)
  assert.equal((await member.send(room.id, '@all')).mentions, null)
  assert.deepEqual((await member.send(room.id, '@here @rosa')).mentions, users(roomOwner))
  assert.equal((await roomOwner.send(room.id, '@here')).mentions?.all, true)
  assert.deepEqual(await unread(roomOwner, room.id), [], 'an own message has read everything')
  assert.deepEqual(await unread(member, room.id), [4])
})

test('who comes back has no mentions from before, and is mentioned again', async () => {
  const { leaver, roomOwner } = cast
  const room = await openRoom(server, cast, 'public')
  await letIn(server, room.id, leaver)
  await roomOwner.send(room.id, '@leo')
  assert.deepEqual(await unread(leaver, room.id), [1])
  await leaver.post(`/api/rooms/${room.id}/leave/`)
  await roomOwner.send(room.id, '@leo and @all')
  const { own } = await leaver.post<SyncAnswer>('/api/sync/', {})
  const row = own.memberships.find(({ room_id }) => room_id === room.id)
  assert.deepEqual(row?.unread_mentions, [])
  const left = await roomOwner.get<OwnRoom>(`/api/rooms/${room.id}/`)
  assert.ok((row?.mentions_version ?? 0) < left.version, 'nothing tells what has happened since')
  await leaver.post(`/api/rooms/${room.id}/join/`)
  assert.deepEqual(await unread(leaver, room.id), [])
  await roomOwner.send(room.id, '@leo')
  assert.deepEqual(await unread(leaver, room.id), [3])
})

test('whom a thread mentions follows it from there; all are not called from a thread', async () => {
  const { member, roomOwner, leaver } = cast
  const room = await openRoom(server, cast, 'public')
  await letIn(server, room.id, leaver)
  const root = await leaver.send(room.id, 'root')
  const answer = (content: string) =>
    roomOwner.post<MessageAdded>(messages(room.id), { content, thread_id: root.id }, 201)
  const following = async (person: Person) => {
    const { own } = await person.post<SyncAnswer>('/api/sync/', {})
    return own.rows.find((row: OwnRow) => row.kind === 'thread' && row.key === String(root.id))?.value
  }
  assert.equal((await answer('to @all')).mentions, null)
  assert.equal(await following(member), undefined)
  assert.deepEqual((await answer('to @mia and @bob')).mentions, users(member))
  assert.deepEqual(await following(member), { room_id: room.id, is_following: true, read_seq: 1 })
  assert.equal(await following(cast.outsider), undefined)
  const own = `/api/rooms/${room.id}/threads/${root.id}/own/`
  await member.ask('PATCH', own, { is_following: false, read_seq: 2 })
  await answer('more')
  await answer('@mia, please')
  assert.deepEqual(await following(member), { room_id: room.id, is_following: true, read_seq: 3 })
  assert.deepEqual(await unread(member, room.id), [], 'the room itself counts what is said in it')
})

test('of very many the newest hundred are told', async () => {
  const { member, roomOwner } = cast
  const room = await openRoom(server, cast, 'private')
  await Promise.all(Array.from({ length: 103 }, () => roomOwner.send(room.id, '@mia @all')))
  assert.deepEqual(
    await unread(member, room.id),
    Array.from({ length: 100 }, (_, n) => n + 4),
  )
})

test('a marker that moves is told with what it leaves unread', async () => {
  const { member, roomOwner } = cast
  const room = await openRoom(server, cast, 'private')
  for (const content of ['@mia', 'no', '@all']) await roomOwner.send(room.id, content)
  const changed = await member.ask<OwnMembership>('PATCH', `/api/rooms/${room.id}/own/`, { muted: true })
  assert.deepEqual(changed.body.unread_mentions, [1, 3])
  const { body } = await member.ask<OwnMembership>('PUT', `/api/rooms/${room.id}/read-marker/`, { seq: 1 })
  assert.deepEqual(body.unread_mentions, [3])
})
