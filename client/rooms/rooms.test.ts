import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ann, bob, startFixture } from '../testing/fixture.ts'
import type { ModelServer } from '../testing/model-server.ts'
import { settle } from '../testing/virtual-time.ts'

const withOther = { prepare: (model: ModelServer) => void model.addRoom('other', bob) }

test('a room that was joined is in the list when joining has resolved, whatever comes first', async () => {
  const { client, model, withhold, time, emit } = await startFixture(withOther)
  await client.rooms.join(2)
  assert.ok(client.rooms.get(2).get())
  await client.rooms.leave(2)
  assert.equal(client.rooms.get(2).get(), undefined)

  // Once more from elsewhere, with the events in the wrong order.
  const events = withhold(() => model.join(ann, 2))
  for (const event of events.toReversed()) emit(event)
  await time.pass(3_000)
  assert.equal(client.rooms.get(2).get()?.member_count, 2)
})

test('joining a room that one is in already, or leaving one that one has left, is success', async () => {
  const { client } = await startFixture(withOther)
  await client.rooms.join(1)
  await client.rooms.leave(2)
  assert.deepEqual(
    client.rooms.list.get().rooms.map((room) => room.id),
    [1],
  )
})

test('a room that cannot be seen cannot be joined, and the error says why', async () => {
  const { client } = await startFixture()
  await assert.rejects(client.rooms.join(99), { name: 'RequestError', status: 404, code: 'not_found' })
})

test('someone who is removed sees the room go, and whoever looks at it sees that it is gone', async () => {
  const { client, model, timeline } = await startFixture()
  client.messages.open(1)
  await settle()
  model.leave(ann, 1)
  await settle()
  assert.deepEqual(client.rooms.list.get().rooms, [])
  assert.equal(timeline().status, 'gone')
  assert.deepEqual(timeline().messages, [])
  model.join(ann, 1)
  await settle()
  assert.equal(timeline().status, 'ready')
})

test('a removal of which no event arrived is found by the next look', async () => {
  const { client, model, timeline, withhold, time } = await startFixture()
  client.messages.open(1)
  withhold(() => model.leave(ann, 1))
  await time.pass(75_000)
  assert.deepEqual(client.rooms.list.get().rooms, [])
  assert.equal(timeline().status, 'gone')
})

test('a late word of having left does not remove a room that was joined again', async () => {
  const { client, model, withhold, emit, time } = await startFixture()
  const events = withhold(() => {
    model.leave(ann, 1)
    model.join(ann, 1)
  })
  for (const event of events.toReversed()) emit(event)
  await time.pass(3_000)
  assert.equal(client.rooms.get(1).get()?.version, 4)
})

test('a room that does not exist is gone once the rooms are known', async () => {
  const { client, timeline } = await startFixture()
  client.messages.open(99)
  await settle()
  assert.equal(timeline(99).status, 'gone')
})

test('what others write is unread until it is read, and what one writes oneself never is', async () => {
  const { client, model, callsTo, time } = await startFixture()
  const unread = () => client.rooms.get(1).get()?.unread
  model.send(bob, 1, 'one')
  model.send(bob, 1, 'two')
  assert.equal(unread(), 2)
  client.readMarkers.mark(1, 1)
  assert.equal(unread(), 1)
  client.readMarkers.mark(1, 2)
  assert.equal(unread(), 0)
  await time.pass(1_000)
  assert.deepEqual(
    callsTo('/api/rooms/1/read-marker/').map(({ body }) => body),
    [{ seq: 2 }],
  )
  // From another device of hers.
  model.send(bob, 1, 'three')
  model.send(ann, 1, 'four')
  assert.equal(unread(), 0)
  model.moveMarker(ann, 1, 1)
  assert.equal(unread(), 3)
})

test('a read marker that cannot be sent is kept and sent later', async () => {
  let isDown = true
  const { client, model, time } = await startFixture({
    intercept: ({ method }) => (method === 'PUT' && isDown ? { status: 503 } : undefined),
  })
  model.send(bob, 1, 'one')
  client.readMarkers.mark(1, 1)
  await time.pass(5_000)
  assert.equal(client.rooms.get(1).get()?.unread, 0)
  isDown = false
  await time.pass(30_000)
  assert.equal(model.own(ann, 1)?.read_seq, 1)
})

test('the divider of new messages stands where the reader was when the room was opened', async () => {
  const { client, model, timeline } = await startFixture()
  model.send(bob, 1, 'one')
  client.readMarkers.mark(1, 1)
  const close = client.messages.open(1)
  assert.equal(timeline().dividerAfterSeq, null)
  close()
  model.send(bob, 1, 'two')
  client.messages.open(1)
  client.readMarkers.mark(1, 2)
  await settle()
  assert.equal(timeline().dividerAfterSeq, 1)
})

test('the members of a room are kept current while they are shown', async () => {
  const { client, model, withhold, time } = await startFixture({
    prepare: (model) => void model.addUser('cleo'),
  })
  const names = () =>
    client.members
      .list(1)
      .get()
      .members.map(({ user }) => user.username)
  const close = client.members.open(1)
  await settle()
  assert.deepEqual(names(), ['bob', 'ann'])
  model.join(3, 1)
  assert.deepEqual(names(), ['bob', 'ann', 'cleo'])
  withhold(() => model.leave(3, 1))
  model.send(bob, 1, 'a later version')
  await time.pass(3_000)
  assert.deepEqual(names(), ['bob', 'ann'])
  close()
})
