import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Event, RoomEvent } from '@grandchat/contracts/realtime/events'
import type { Audience } from './audience.ts'
import { Publisher, type RoomChange, type RoomState } from './publisher.ts'

type Published = { channels: readonly string[]; type: Event['type']; version: number; key: string }

function setUp({ version = 0, isAlone = true, fail = (_published: Published): boolean => false } = {}) {
  const published: Published[] = []
  const errors: unknown[] = []
  const room: RoomState = { version, members_version: 1, delivery: 'personal' }
  const publisher = new Publisher({
    audience: { membersOf: async () => [1, 2] } as unknown as Audience,
    epoch: 'e',
    isAlone,
    onError: (error) => errors.push(error),
    readRoom: async () => room,
    broadcaster: {
      async broadcast(channels, event, key) {
        // A turn of the loop: what is handed over meanwhile has to wait.
        await new Promise((resolve) => setImmediate(resolve))
        const entry = { channels, type: event.type, version: versionOf(event), key }
        if (fail(entry)) throw new Error('the real-time layer is down')
        published.push(entry)
      },
    },
  })
  return { publisher, published, errors, room }
}

function versionOf(event: Event): number {
  return 'room' in event.body ? event.body.room.version : -1
}

function change(version: number, more: Partial<RoomChange> = {}): RoomChange {
  const event = { type: 'message_added', body: { room: { id: 7, version } } } as unknown as RoomEvent
  return { roomId: 7, version, membersVersion: 1, via: ['personal'], event, ...more }
}

test('events of a room go out in version order, to each member once, under the key of their version', async () => {
  const { publisher, published } = setUp()
  for (let version = 1; version <= 20; version++) publisher.roomChanged(change(version, { alsoTo: [2, 3] }))
  await publisher.drained()
  assert.deepEqual(
    published.map(({ version }) => version),
    Array.from({ length: 20 }, (_, i) => i + 1),
  )
  assert.deepEqual(published[0], {
    channels: ['personal:1', 'personal:2', 'personal:3'],
    type: 'message_added',
    version: 1,
    key: 'e_room_7_v1',
  })
})

test('a version that is missing is stood for by one nudge, and what it covers is not sent again', async () => {
  const { publisher, published } = setUp({ version: 4 })
  publisher.roomChanged(change(1))
  publisher.roomChanged(change(3))
  publisher.roomChanged(change(4))
  publisher.roomChanged(change(5))
  await publisher.drained()
  assert.deepEqual(
    published.map(({ type, version }) => `${type} ${version}`),
    ['message_added 1', 'room_changed 4', 'message_added 5'],
  )
})

test('a publish that fails is stood for by a nudge', async () => {
  const { publisher, published, errors } = setUp({
    version: 2,
    fail: (p) => p.type === 'message_added' && p.version === 2,
  })
  publisher.roomChanged(change(1))
  publisher.roomChanged(change(2))
  await publisher.drained()
  assert.deepEqual(
    published.map(({ type, version }) => `${type} ${version}`),
    ['message_added 1', 'room_changed 2'],
  )
  assert.equal(errors.length, 1)
})

test('where other backends publish, too, a hole is theirs', async () => {
  const { publisher, published } = setUp({ version: 6, isAlone: false })
  for (const version of [1, 3, 6]) publisher.roomChanged(change(version))
  publisher.roomChanged(change(5))
  await publisher.drained()
  assert.deepEqual(
    published.map(({ type, version }) => `${type} ${version}`),
    ['message_added 1', 'message_added 3', 'message_added 6'],
  )
})

test('an unknown outcome of a commit is stood for by a nudge of the version that is in the database', async () => {
  const { publisher, published, room } = setUp()
  publisher.roomChanged(change(1))
  await publisher.drained()
  room.version = 2
  publisher.roomUnsure(7)
  await publisher.drained()
  publisher.roomChanged(change(3))
  await publisher.drained()
  assert.deepEqual(
    published.map(({ type, version }) => `${type} ${version}`),
    ['message_added 1', 'room_changed 2', 'message_added 3'],
  )
})

test('when too much waits, one nudge stands for all of it', async () => {
  const { publisher, published } = setUp({ version: 5_000 })
  for (let version = 1; version <= 5_000; version++) publisher.roomChanged(change(version))
  await publisher.drained()
  assert.ok(published.length < 5_000)
  assert.equal(published.at(-1)!.version, 5_000)
  assert.ok(published.some(({ type }) => type === 'room_changed'))
})

test('what is handed over just when the queue has run empty is published too', async () => {
  for (let delay = 0; delay < 12; delay++) {
    const { publisher, published } = setUp()
    publisher.roomChanged(change(1))
    // Let the publish itself end, then come back a few microtasks later.
    while (published.length === 0) await new Promise((resolve) => setImmediate(resolve))
    for (let i = 0; i < delay; i++) await Promise.resolve()
    publisher.roomChanged(change(2))
    await publisher.drained()
    assert.deepEqual(
      published.map(({ version }) => version),
      [1, 2],
      `after ${delay} microtasks`,
    )
  }
})

test('a nudge that nobody took is sent again, at growing intervals, until it is taken', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let isDown = true
  const { publisher, published, errors, room } = setUp({ version: 3, fail: () => isDown })
  publisher.roomChanged(change(1))
  await publisher.drained()
  assert.equal(errors.length, 2, 'the event, and the nudge for it')
  for (let n = 0; n < 3; n++) {
    t.mock.timers.tick(30_000)
    await publisher.drained()
  }
  assert.equal(errors.length, 5)
  isDown = false
  room.version = 4
  t.mock.timers.tick(30_000)
  await publisher.drained()
  assert.deepEqual(
    published.map(({ type, version }) => `${type} ${version}`),
    ['room_changed 4'],
  )
  t.mock.timers.tick(3_600_000)
  await publisher.drained()
  assert.equal(published.length, 1)
})

test('the nudge that stands for a lost event reaches whom that would have reached: who left, and either way of a switch', async () => {
  const { publisher, published } = setUp({ version: 2, fail: (p) => p.type !== 'room_changed' && p.version === 2 })
  publisher.roomChanged(change(1))
  publisher.roomChanged(change(2, { via: ['personal', 'room'], alsoTo: [9] }))
  await publisher.drained()
  assert.deepEqual(published.at(-1), {
    channels: ['room:7', 'personal:1', 'personal:2', 'personal:9'],
    type: 'room_changed',
    version: 2,
    key: 'e_room_7_v2',
  })
  publisher.roomUnsure(7)
  await publisher.drained()
  assert.deepEqual(published.at(-1)!.channels, ['personal:1', 'personal:2'], 'owed once')
})

test('a large room’s events go to its own channel, and no list of members is read for them', async () => {
  const { publisher, published, room } = setUp()
  room.delivery = 'room'
  publisher.roomChanged(change(1, { via: ['room'] }))
  publisher.roomUnsure(7)
  await publisher.drained()
  for (const { channels } of published) assert.deepEqual(channels, ['room:7'])
})
