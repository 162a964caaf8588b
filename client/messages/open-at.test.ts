import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type FixtureOptions, ann, bob, startFixture } from '../testing/fixture.ts'
import { MemoryCache } from '../testing/memory-cache.ts'
import { createMemoryStorage } from '../storage/memory.ts'
import { react } from '../testing/model-messages.ts'
import type { ModelServer } from '../testing/model-server.ts'
import { settle } from '../testing/virtual-time.ts'

/** #general with twenty messages, open at its newest, in pages of four. */
async function start(options: FixtureOptions = {}) {
  const fixture = await startFixture({
    bounds: { pageRows: 4 },
    prepare(model: ModelServer) {
      for (let n = 1; n <= 20; n++) model.send(bob, 1, `${n}`)
    },
    ...options,
  })
  const close = fixture.client.messages.open(1)
  await settle()
  return { ...fixture, close }
}

test('a room opens at a message and is read on in both directions, up to the newest', async () => {
  const { client, timeline, contents, model } = await start()
  assert.equal(await client.messages.openAt(1, 8), 'shown')
  assert.deepEqual(contents(), ['7', '8', '9', '10'])
  assert.deepEqual([timeline().hasOlder, timeline().hasNewer, timeline().target], [true, true, 8])
  model.send(bob, 1, '21')
  model.change(1, 9, 'edit')
  assert.deepEqual(contents(), ['7', '8', '9!', '10'])
  await client.messages.loadNewer(1)
  await client.messages.loadOlder(1)
  assert.deepEqual(contents(), ['3', '4', '5', '6', '7', '8', '9!', '10', '11', '12', '13', '14'])
  while (timeline().hasNewer) await client.messages.loadNewer(1)
  model.send(bob, 1, '22')
  assert.deepEqual(contents().slice(-3), ['20', '21', '22'])
})

test('a message that is on screen is only pointed at', async () => {
  const { client, timeline, callsTo } = await start()
  assert.equal(await client.messages.openAt(1, 18), 'shown')
  assert.deepEqual([timeline().target, timeline().hasNewer], [18, false])
  assert.equal(callsTo('/api/rooms/1/messages/').length, 1)
})

test('a message that is gone leaves the room as it is', async () => {
  const { client, contents, model } = await start()
  model.change(1, 3, 'remove')
  assert.equal(await client.messages.openAt(1, 3), 'gone')
  assert.equal(await client.messages.openAt(1, 99), 'gone')
  assert.deepEqual(contents(), ['17', '18', '19', '20'])
})

test('without a network opening a room at a message fails and leaves it as it is', async () => {
  let isDown = false
  const { client, contents } = await start({ intercept: () => (isDown ? { status: 503 } : undefined) })
  isDown = true
  assert.equal(await client.messages.openAt(1, 3), 'failed')
  assert.deepEqual(contents(), ['17', '18', '19', '20'])
})

test('a room that is closed before it opened at a message says that it did not', async () => {
  const { client, close, hold } = await start()
  hold()
  const reloading = client.messages.loadOlder(1)
  const opening = client.messages.openAt(1, 8)
  close()
  void reloading
  assert.equal(await opening, 'failed')
})

test('what happens while a newer page is on its way is not lost', async () => {
  const { client, contents, model, network, hold, release, timeline } = await start()
  await client.messages.openAt(1, 14)
  hold()
  const newer = client.messages.loadNewer(1)
  await settle()
  network.advance(network.flights[0]!)
  model.change(1, 18, 'edit')
  react(model, { userId: bob, roomId: 1, messageId: 19, emoji: '👍', isOn: true })
  await release()
  await newer
  assert.deepEqual(contents(), ['13', '14', '15', '16', '17', '18!', '19', '20'])
  assert.equal(timeline().messages[6]?.reactions.length, 1)
})

test('who writes in the middle of a room is taken to its newest messages', async () => {
  const { client, contents, timeline } = await start()
  await client.messages.openAt(1, 8)
  client.messages.send(1, 'here I am')
  await settle()
  await settle()
  assert.deepEqual(contents(), ['18', '19', '20', 'here I am'])
  assert.deepEqual([timeline().hasNewer, timeline().target, timeline().pending], [false, null, []])
})

test('who leaves a room in the middle finds the newest messages when they come back', async () => {
  const { client, contents, close } = await start()
  await client.messages.openAt(1, 8)
  close()
  client.messages.open(1)
  await settle()
  assert.deepEqual(contents(), ['17', '18', '19', '20'])
})

test('a middle of a room that fell too far behind is read anew where it was', async () => {
  const { client, contents, model, withhold, time } = await start({ bounds: { pageRows: 4, maxBehind: 5 } })
  await client.messages.openAt(1, 8)
  withhold(() => {
    for (let n = 0; n < 10; n++) model.change(1, 8, 'edit')
  })
  model.send(bob, 1, '21')
  await time.pass(5_000)
  assert.deepEqual(contents(), ['7', '8!!!!!!!!!!', '9', '10'])
})

test('a reload begins with the newest messages, not with the middle of a room', async () => {
  const cache = new MemoryCache()
  const { client, reload, contents, time, model, timeline } = await start({
    options: { storage: { ...createMemoryStorage(), cache } },
  })
  react(model, { userId: bob, roomId: 1, messageId: 20, emoji: '👍', isOn: true })
  await time.pass(2_000)
  await client.messages.openAt(1, 8)
  assert.equal(timeline().hasNewer, true)
  await time.pass(2_000)
  const next = await reload()
  next.messages.open(1)
  await settle()
  assert.deepEqual(contents(), ['17', '18', '19', '20'])
  assert.deepEqual(
    next.messages
      .timeline(1)
      .get()
      .messages.at(-1)
      ?.reactions.map(({ count }) => count),
    [1],
  )
})

test('a message is sent on to another room, as a reply or with whom it is from while it is on its way', async () => {
  const { client, model, timeline, hold, release } = await start({
    prepare(model) {
      model.send(bob, 1, 'said here')
      model.addRoom('other', bob)
      model.join(ann, 2)
    },
  })
  client.messages.open(2)
  await settle()
  hold()
  client.messages.forward({ roomId: 1, messageId: 1 }, 2)
  client.messages.send(1, 'an answer', { replyTo: 1 })
  await settle()
  const [forwarded] = timeline(2).pending
  assert.deepEqual(
    [forwarded?.content, forwarded?.forwarded?.user.username, forwarded?.forwarded?.message_id],
    ['said here', 'bob', 1],
  )
  assert.equal(timeline(1).pending[0]?.reply_to, 1)
  await release()
  await release()
  assert.deepEqual(
    [timeline(2).messages[0]?.content, timeline(2).messages[0]?.forwarded?.user.username, timeline(2).pending],
    ['said here', 'bob', []],
  )
  assert.equal(timeline(1).messages.at(-1)?.reply_to, 1)
  assert.throws(() => client.messages.forward({ roomId: 1, messageId: 99 }, 2), RangeError)
  assert.equal(model.rooms.get(2)?.room.last_seq, 1)
})
