import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bob, type Fixture, startFixture } from '../testing/fixture.ts'
import type { ModelServer } from '../testing/model-server.ts'
import { settle } from '../testing/virtual-time.ts'

/** #general with ten unread messages, the first of which mentions Ann; a page shows the last two. */
async function start(isSyncDown: () => boolean = () => false): Promise<Fixture> {
  return startFixture({
    bounds: { pageRows: 2 },
    intercept: ({ path }) => (path === '/api/sync/' && isSyncDown() ? { status: 503 } : undefined),
    prepare(model: ModelServer) {
      for (let n = 1; n <= 10; n++) model.send(bob, 1, n === 1 ? 'one @ann' : `${n}`)
    },
  })
}

const idOf = ({ model }: Fixture, seq: number) =>
  [...model.rooms.get(1)!.messages.values()].find((row) => row.seq === seq)!.id
const mentions = ({ client }: Fixture) => client.rooms.get(1).get()?.unread_mentions

test('a mention comes with its message, goes with its deletion, and is read by reading', async () => {
  const fixture = await start()
  const { client, model } = fixture
  assert.deepEqual(mentions(fixture), [1])
  model.send(bob, 1, 'eleven @all')
  assert.deepEqual(mentions(fixture), [1, 11])
  model.change(1, idOf(fixture, 1), 'remove')
  assert.deepEqual(mentions(fixture), [11])
  client.readMarkers.mark(1, 11)
  assert.deepEqual(mentions(fixture), [])
  client.readMarkers.markUnread(1, 10)
  assert.deepEqual(mentions(fixture), [11], 'known before the server has answered')
  client.messages.send(1, 'mine')
  await settle()
  assert.deepEqual(mentions(fixture), [])
})

test('what is read on another device, and marked as unread there, is so here', async () => {
  const fixture = await start()
  fixture.model.moveMarker(1, 1, 10)
  assert.deepEqual(mentions(fixture), [])
  fixture.model.moveMarker(1, 1, 0)
  assert.deepEqual(mentions(fixture), [1])
})

test('a mention that was deleted above what is on screen goes, though a repair of the screen does not tell', async () => {
  let isSyncDown = false
  const fixture = await start(() => isSyncDown)
  const { client, model, time, withhold, emit, callsTo } = fixture
  model.tellsReceipts = false
  client.messages.open(1)
  await settle()
  withhold(() => model.change(1, idOf(fixture, 1), 'remove'))
  // The repair is first.
  isSyncDown = true
  const { id, version } = model.rooms.get(1)!.room
  emit({ type: 'room_changed', body: { room: { id, version } } })
  await time.pass(5_000)
  assert.ok(callsTo('/api/rooms/1/changes/').length > 0)
  assert.equal(client.rooms.get(1).get()?.version, version)
  assert.deepEqual(mentions(fixture), [1])
  isSyncDown = false
  await time.pass(60_000)
  assert.deepEqual(mentions(fixture), [])
})

test('a repair of all that is unread tells of mentions, too, and nothing more is asked', async () => {
  const fixture = await start()
  const { client, model, time, withhold, emit, calls } = fixture
  client.messages.open(1)
  client.readMarkers.mark(1, 9)
  await time.pass(1_000)
  withhold(() => model.send(bob, 1, 'eleven @ann'))
  const { id, version } = model.rooms.get(1)!.room
  calls.length = 0
  emit({ type: 'room_changed', body: { room: { id, version } } })
  await time.pass(10_000)
  assert.deepEqual(mentions(fixture), [11])
  assert.equal(calls.filter(({ path }) => path !== '/api/receipts/').length, 1)
})

test('a reload begins with the mentions that were known', async () => {
  const fixture = await start()
  fixture.model.send(bob, 1, 'eleven @ann')
  const client = await fixture.reload(() => fixture.model.send(bob, 1, 'twelve @ann'))
  assert.deepEqual(client.rooms.get(1).get()?.unread_mentions, [1, 11, 12])
})
