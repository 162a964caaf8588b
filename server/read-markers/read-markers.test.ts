import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ReadMarker } from '@grandchat/contracts/read-markers/schema'
import type { OwnRoom } from '@grandchat/contracts/rooms/schema'
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

const mark = (person: Person, roomId: number, seq: number, status = 200) =>
  person.put<ReadMarker>(`/api/rooms/${roomId}/read-marker/`, { seq }, status)
const readSeq = async (person: Person, roomId: number) => (await person.get<OwnRoom>(`/api/rooms/${roomId}/`)).read_seq

test('a marker moves forward, back to mark unread, and never past the last message', async () => {
  const room = await ann.createRoom('Marks')
  await bob.join(room.id)
  for (let i = 0; i < 3; i++) await ann.send(room.id, `m${i}`)
  assert.equal(await readSeq(bob, room.id), 0)
  assert.equal((await mark(bob, room.id, 2)).read_seq, 2)
  assert.equal((await mark(bob, room.id, 1)).read_seq, 1)
  assert.equal((await mark(bob, room.id, 1_000)).read_seq, 3)
  assert.equal(await readSeq(bob, room.id), 3)
})

test('all devices of the user hear of it, nobody else does, and the room does not change', async () => {
  const room = await ann.createRoom('Devices')
  await bob.join(room.id)
  await ann.send(room.id, 'hello')
  const [phone, laptop, others] = [await server.listen(bob), await server.listen(bob), await server.listen(ann)]
  const { user_version, read_at_version } = await mark(bob, room.id, 1)
  for (const device of [phone, laptop]) {
    await device.until((events) => events.length > 0)
    const [event] = device.events
    assert.ok(event?.type === 'own_changed')
    assert.equal(event.body.user_version, user_version)
    assert.equal(event.body.memberships[0]!.read_seq, 1)
    assert.equal(event.body.memberships[0]!.read_at_version, read_at_version)
  }
  assert.equal((await ann.send(room.id, 'next')).version, 4)
  await others.until((events) => events.length > 0)
  assert.deepEqual(
    others.events.map(({ type }) => type),
    ['message_added'],
  )
})

test('an own message moves the marker without an event of its own', async () => {
  const room = await ann.createRoom('Own')
  await bob.join(room.id)
  await ann.send(room.id, 'question')
  const before = (await bob.get<OwnRoom>(`/api/rooms/${room.id}/`)).read_seq
  await bob.send(room.id, 'answer')
  assert.deepEqual([before, await readSeq(bob, room.id)], [0, 2])
})

test('markers and own messages at once: what the answers say last is what is stored', async () => {
  const room = await ann.createRoom('Races')
  await bob.join(room.id)
  for (let round = 0; round < 20; round++) {
    const [sent, marked] = await Promise.all([bob.send(room.id, `m${round}`), mark(bob, room.id, 0)])
    const expected = sent.version > marked.read_at_version ? sent.seq : 0
    assert.equal(await readSeq(bob, room.id), expected)
  }
})

test('a marker in a room that one is not in is refused', async () => {
  const room = await ann.createRoom('Not yours')
  await mark(bob, room.id, 1, 404)
  await mark(ann, room.id, 1)
})
