import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ann, bob, startFixture } from '../testing/fixture.ts'
import type { ModelServer } from '../testing/model-server.ts'

async function start() {
  const state = { isDown: false }
  const fixture = await startFixture({
    prepare(model: ModelServer) {
      model.addRoom('other', bob)
      model.join(ann, 2)
      for (const content of ['one', 'two', 'three']) for (const room of [1, 2]) model.send(bob, room, content)
    },
    intercept: ({ method }) => (method === 'PUT' && state.isDown ? { status: 503 } : undefined),
  })
  const seen = (roomId = 1) => fixture.client.rooms.get(roomId).get()?.read_seq
  const sent = () => fixture.calls.filter(({ path }) => path.endsWith('/read-marker/')).map(({ body }) => body)
  return { ...fixture, state, seen, sent, stored: (roomId = 1) => fixture.model.own(ann, roomId)?.read_seq }
}

test('marking as unread is shown at once, wins over a move that waits, and stays', async () => {
  const { client, time, seen, sent, stored } = await start()
  client.readMarkers.mark(1, 3)
  client.readMarkers.markUnread(1, 1)
  assert.equal(seen(), 1)
  await time.pass(5_000)
  assert.deepEqual([seen(), stored(), sent()], [1, 1, [{ seq: 1 }]])
  client.readMarkers.mark(1, 3)
  await time.pass(5_000)
  assert.deepEqual([seen(), stored()], [3, 3])
})

test('marking as unread does not flicker while it is on its way, also after a move that the server has taken', async () => {
  const { client, time, hold, network, seen, stored } = await start()
  const shown: (number | undefined)[] = []
  client.rooms.get(1).subscribe(() => shown.push(seen()))
  client.readMarkers.mark(1, 3)
  hold()
  await time.pass(400)
  client.readMarkers.markUnread(1, 0)
  for (let turn = 0; turn < 6; turn++) {
    network.deliverAll()
    await time.pass(1_000)
  }
  assert.deepEqual([seen(), stored()], [0, 0])
  assert.deepEqual([...new Set(shown)], [3, 0])
})

test('what cannot be sent is sent later', async () => {
  const { client, time, state, seen, stored } = await start()
  client.readMarkers.mark(1, 3)
  await time.pass(2_000)
  state.isDown = true
  client.readMarkers.markUnread(1, 2)
  await time.pass(5_000)
  assert.deepEqual([seen(), stored()], [2, 3])
  state.isDown = false
  await time.pass(60_000)
  assert.deepEqual([seen(), stored()], [2, 2])
})

test('another device shows what was marked as unread; an own message reads on from there', async () => {
  const { client, model, time, seen } = await start()
  client.readMarkers.mark(1, 3)
  await time.pass(2_000)
  model.moveMarker(ann, 1, 1)
  assert.equal(seen(), 1)
  model.send(ann, 1, 'mine')
  assert.equal(seen(), 4)
})

test('who writes after marking as unread has read, although the mark was never sent', async () => {
  const { client, model, time, seen, sent, stored } = await start()
  client.readMarkers.mark(1, 3)
  await time.pass(2_000)
  client.readMarkers.markUnread(1, 1)
  model.send(ann, 1, 'mine')
  assert.equal(seen(), 4)
  await time.pass(5_000)
  assert.deepEqual([seen(), stored(), sent()], [4, 4, [{ seq: 3 }]])
})

test('all rooms are marked as read, one request after the other, and each can be put back', async () => {
  const { client, time, seen, stored, sent } = await start()
  client.readMarkers.markAll()
  assert.deepEqual([seen(1), seen(2)], [3, 3])
  await time.pass(2_000)
  assert.deepEqual([stored(1), stored(2), sent().length], [3, 3, 2])
  client.readMarkers.markAll()
  client.readMarkers.markUnread(2, 0)
  await time.pass(2_000)
  assert.deepEqual([stored(1), stored(2), sent().length], [3, 0, 3])
})

test('what one says while a move is on its way has read further, and the move does not take that back', async () => {
  const { client, time, hold, release, seen, stored } = await start()
  client.readMarkers.mark(1, 3)
  hold()
  client.messages.send(1, 'mine')
  await time.pass(400)
  await release()
  await time.pass(5_000)
  assert.deepEqual([seen(), stored(), client.rooms.get(1).get()?.unread], [4, 4, 0])
})
