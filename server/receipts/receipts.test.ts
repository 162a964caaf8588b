import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Member } from '@grandchat/contracts/memberships/schema'
import type { SeenBy } from '@grandchat/contracts/receipts/schema'
import type { RoomChanges } from '@grandchat/contracts/sync/schema'
import type { OwnRoom } from '@grandchat/contracts/rooms/schema'
import { fingerprint } from '../testing/bad-input.ts'
import { type Cast, gatherCast, letIn, openRoom } from '../testing/cast.ts'
import type { Person } from '../testing/person.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

let server: TestServer
let cast: Cast
let crowd: Person[]
before(async () => {
  server = await startTestServer()
  cast = await gatherCast(server)
  crowd = []
  for (let n = 0; n < 31; n++) crowd.push(await server.member(`crowd${n}`))
})
after(() => server.stop())

const report = (person: Person, rooms: unknown) => person.ask('POST', '/api/receipts/', { rooms })
const read = (person: Person, roomId: number, seq: number) => person.put(`/api/rooms/${roomId}/read-marker/`, { seq })
const flush = (of = server) => of.services.receipts.flush()
const versionOf = async (room: OwnRoom, person = cast.roomOwner) =>
  (await person.get<OwnRoom>(`/api/rooms/${room.id}/`)).version
const seenBy = (person: Person, roomId: number, messageId: number) =>
  person.ask<SeenBy>('GET', `/api/rooms/${roomId}/messages/${messageId}/seen/`)

/** What the member is shown of somebody: how far their messages were delivered and seen. */
async function marksOf(person: Person, room: OwnRoom): Promise<[delivered: number, seen: number]> {
  const { results } = await cast.roomOwner.get<{ results: Member[] }>(`/api/rooms/${room.id}/members/`)
  const { delivered_seq, seen_seq } = results.find(({ user }) => user.id === person.id)!
  return [delivered_seq, seen_seq]
}

async function roomWithThree(): Promise<OwnRoom> {
  const room = await openRoom(server, cast, 'private')
  for (const text of ['one', 'two', 'three']) await cast.roomOwner.send(room.id, text)
  return room
}

test('what was delivered and what was read is told with the room’s next version, in one event', async () => {
  const { roomOwner, member } = cast
  const room = await roomWithThree()
  const before = await versionOf(room)
  const heard = await server.listen(roomOwner)
  await report(member, { [room.id]: 3 })
  await report(member, { [room.id]: 2 })
  await read(member, room.id, 1)
  await read(member, room.id, 2)
  await flush()
  await heard.until((events) => events.length > 0)
  const [event] = heard.events
  assert.ok(event?.type === 'rows_changed' && event.body.members)
  const told = event.body.members.map(({ user, delivered_seq, seen_seq }) => [user.id, delivered_seq, seen_seq])
  // An author has read what they wrote.
  assert.deepEqual(
    told.toSorted(([a = 0], [b = 0]) => a - b),
    [
      [member.id, 3, 2],
      [roomOwner.id, 3, 3],
    ].toSorted(([a = 0], [b = 0]) => a - b),
  )
  assert.deepEqual([event.body.room.version, await versionOf(room)], [before + 1, before + 1])
  assert.deepEqual(await marksOf(member, room), [3, 2])
  const { members_version } = await server.services.db
    .selectFrom('rooms')
    .select('members_version')
    .where('id', '=', room.id)
    .executeTakeFirstOrThrow()
  assert.ok(members_version < before, 'nobody came or went')
})

test('a repeat is told to nobody', async () => {
  const { member } = cast
  const room = await roomWithThree()
  await report(member, { [room.id]: 3 })
  await read(member, room.id, 3)
  await flush()
  const before = await versionOf(room)
  await report(member, { [room.id]: 3 })
  await report(member, { [room.id]: 1 })
  await read(member, room.id, 3)
  server.services.receipts.noteRead(room.id)
  await flush()
  assert.equal(await versionOf(room), before)
})

test('what was seen stays seen when it is marked as unread, told or not', async () => {
  const { member, roomOwner } = cast
  const room = await roomWithThree()
  await read(member, room.id, 2)
  await flush()
  await read(member, room.id, 3)
  await read(member, room.id, 0)
  await flush()
  assert.deepEqual(await marksOf(member, room), [3, 3])
  assert.equal((await member.get<OwnRoom>(`/api/rooms/${room.id}/`)).read_seq, 0)
  const last = await roomOwner.send(room.id, 'four')
  assert.deepEqual((await seenBy(roomOwner, room.id, last.id)).body.count, 0)
  await flush()
  assert.deepEqual(await marksOf(member, room), [3, 3])
})

test('who keeps their reading to themselves is told to have it, and never to have read it, until they allow it', async () => {
  const { member, roomOwner } = cast
  const room = await roomWithThree()
  const message = await roomOwner.send(room.id, 'four')
  const setting = (value: unknown) => member.ask('PUT', '/api/own/setting/read_receipts/', { value })
  assert.equal((await setting('off')).status, 200)
  await read(member, room.id, 4)
  await flush()
  assert.deepEqual(await marksOf(member, room), [4, 0])
  assert.equal((await seenBy(roomOwner, room.id, message.id)).body.count, 0)
  const before = await versionOf(room)
  await read(member, room.id, 3)
  await read(member, room.id, 4)
  await flush()
  assert.equal(await versionOf(room), before, 'nobody can tell that they read on')
  assert.equal((await setting('on')).status, 200)
  assert.equal((await seenBy(roomOwner, room.id, message.id)).body.count, 1)
  server.services.receipts.noteRead(room.id)
  await flush()
  assert.deepEqual(await marksOf(member, room), [4, 4])
  assert.equal((await setting('perhaps')).status, 400)
})

test('no report goes beyond the last message, and reports of rooms that are not one’s own count for nothing', async () => {
  const { member, outsider, leaver, owner } = cast
  const room = await roomWithThree()
  await report(member, { [room.id]: 1_000_000 })
  await flush()
  assert.deepEqual(await marksOf(member, room), [3, 0])
  await cast.roomOwner.send(room.id, 'four')
  const before = await fingerprint(server.services)
  for (const person of [outsider, leaver, owner]) {
    const [toOurs, toNone] = [await report(person, { [room.id]: 4 }), await report(person, { 999999: 4 })]
    assert.deepEqual([toOurs.status, toOurs.text], [200, toNone.text])
  }
  await flush()
  assert.equal(await fingerprint(server.services), before)
})

test('a report that is none is refused', async () => {
  const { member } = cast
  const many = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [i + 1, 1]))
  for (const rooms of [
    undefined,
    null,
    [],
    'x',
    { x: 1 },
    { 0: 1 },
    { 1: -1 },
    { 1: 1.5 },
    { 1: '1' },
    { 1: 1e300 },
    many,
  ])
    assert.equal((await report(member, rooms)).status, 400, JSON.stringify(rooms))
  const { 101: _, ...most } = many
  assert.equal((await report(member, most)).status, 200)
  assert.equal((await report(member, {})).status, 200)
})

test('a room of 32 tells, one of 33 does not, and goes on with its last marks', async () => {
  const { roomOwner } = cast
  const room = await roomOwner.createRoom('Crowded', 'private')
  for (const person of crowd) await letIn(server, room.id, person)
  const [first, second] = crowd as [Person, Person]
  await roomOwner.send(room.id, 'one')
  await report(first, { [room.id]: 1 })
  await read(second, room.id, 1)
  await flush()
  assert.deepEqual(
    [await marksOf(first, room), await marksOf(second, room)],
    [
      [1, 0],
      [1, 1],
    ],
  )
  await letIn(server, room.id, cast.member)
  await roomOwner.send(room.id, 'two')
  const before = await versionOf(room)
  await report(first, { [room.id]: 2 })
  await read(second, room.id, 2)
  server.services.receipts.noteRead(room.id)
  await flush()
  assert.deepEqual(
    [await marksOf(first, room), await marksOf(second, room)],
    [
      [1, 0],
      [1, 1],
    ],
  )
  assert.equal(await versionOf(room), before)
})

test('who has seen a message: not its author, not those who joined later, not those who left', async () => {
  const { roomOwner, member } = cast
  const [reader, slow, late, gone] = crowd as [Person, Person, Person, Person]
  const room = await openRoom(server, cast, 'private')
  for (const person of [reader, slow, gone]) await letIn(server, room.id, person)
  const { id } = await roomOwner.send(room.id, 'who has seen this')
  for (const person of [reader, gone]) await read(person, room.id, 1)
  await member.send(room.id, 'I have')
  await letIn(server, room.id, late)
  await gone.post(`/api/rooms/${room.id}/leave/`)
  const { body } = await seenBy(roomOwner, room.id, id)
  assert.deepEqual(
    { ...body, users: body.users.map((user) => user.id) },
    { count: 2, member_count: 3, users: [member.id, reader.id], more: false },
  )
})

test('of very many who have seen a message the first fifty are named', async () => {
  const { roomOwner } = cast
  const room = await roomOwner.createRoom('Hall', 'private')
  const extra = []
  for (let n = 0; n < 25; n++) extra.push(await server.member(`extra${n}`))
  for (const person of [...crowd, ...extra]) await letIn(server, room.id, person)
  const { id } = await roomOwner.send(room.id, 'hello, all of you')
  for (const person of [...crowd, ...extra]) await read(person, room.id, 1)
  const { body } = await seenBy(roomOwner, room.id, id)
  assert.deepEqual([body.count, body.member_count, body.users.length, body.more], [56, 56, 50, true])
})

test('there is no list for what is deleted, a system line, in a thread, in another room, or not one’s own', async () => {
  const { roomOwner, member, outsider, leaver, owner } = cast
  const [room, other] = [await openRoom(server, cast, 'public'), await roomOwner.createRoom('Other')]
  const [{ id }, removed] = [await roomOwner.send(room.id, 'stays'), await roomOwner.send(room.id, 'goes')]
  await roomOwner.remove(`/api/rooms/${room.id}/messages/${removed.id}/`)
  const inThread = await roomOwner.post<{ id: number }>(
    `/api/rooms/${room.id}/messages/`,
    { content: 'aside', thread_id: id },
    201,
  )
  const line = await server.services.db
    .selectFrom('messages')
    .select('id')
    .where('room_id', '=', room.id)
    .where('kind', '=', 'system')
    .executeTakeFirstOrThrow()
  const missing = (await seenBy(roomOwner, room.id, 999_999)).text
  for (const messageId of [removed.id, inThread.id, line.id]) {
    const answer = await seenBy(roomOwner, room.id, messageId)
    assert.deepEqual([answer.status, answer.text], [404, missing])
  }
  assert.equal((await seenBy(roomOwner, other.id, id)).status, 404)
  for (const person of [outsider, leaver, owner]) {
    const answer = await seenBy(person, room.id, id)
    assert.deepEqual([answer.status, answer.text], [404, missing])
  }
  assert.equal((await seenBy(member, room.id, id)).status, 200)
})

test('a read position that nobody told because a backend died is told with the next one', async () => {
  const { member, roomOwner } = cast
  const room = await roomWithThree()
  await letIn(server, room.id, crowd[0]!)
  const dying = await startTestServer({}, { databaseUrl: server.databaseUrl })
  member.url = dying.url
  await read(member, room.id, 3)
  member.url = server.url
  // It ends without telling: nothing of what it noted was written anywhere.
  assert.deepEqual(await marksOf(member, room), [0, 0])
  await report(crowd[0]!, { [room.id]: 3 })
  await roomOwner.send(room.id, 'four')
  await report(crowd[0]!, { [room.id]: 4 })
  await flush()
  assert.deepEqual(await marksOf(member, room), [3, 3])
  await dying.stop()
})

test('a backend that stops tells what waits', async () => {
  const { member } = cast
  const room = await roomWithThree()
  const stopping = await startTestServer({}, { databaseUrl: server.databaseUrl })
  member.url = stopping.url
  await report(member, { [room.id]: 2 })
  member.url = server.url
  await stopping.stop()
  assert.deepEqual(await marksOf(member, room), [2, 0])
})

test('two backends at once: the highest of all marks, one event for each version', async () => {
  const { member, roomOwner } = cast
  const room = await roomWithThree()
  const other = await startTestServer({}, { databaseUrl: server.databaseUrl })
  const reader = crowd[1]!
  await letIn(server, room.id, reader)
  for (let seq = 4; seq <= 12; seq++) {
    await roomOwner.send(room.id, `m${seq}`)
    member.url = seq % 2 === 0 ? other.url : server.url
    await report(member, { [room.id]: seq - (seq % 3) })
    reader.url = seq % 2 === 0 ? server.url : other.url
    await Promise.all([read(reader, room.id, seq), flush(server), flush(other)])
  }
  await Promise.all([flush(server), flush(other)])
  member.url = server.url
  reader.url = server.url
  assert.deepEqual(
    [await marksOf(member, room), await marksOf(reader, room)],
    [
      [12, 0],
      [12, 12],
    ],
  )
  const changes = await roomOwner.get<RoomChanges>(`/api/rooms/${room.id}/changes/?since=0`)
  const marks = changes.members!.map(({ user, delivered_seq, seen_seq }) => [user.id, delivered_seq, seen_seq])
  assert.deepEqual(
    marks.filter(([id]) => id === member.id || id === reader.id),
    [
      [member.id, 12, 0],
      [reader.id, 12, 12],
    ].toSorted(([a = 0], [b = 0]) => marks.findIndex(([id]) => id === a) - marks.findIndex(([id]) => id === b)),
  )
  await other.stop()
})
