import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createEnvironment } from '../environment.ts'
import { createSources } from '../source.ts'
import { createVirtualTime } from '../testing/virtual-time.ts'
import { createDirectory } from '../users/directory.ts'
import { createTyping } from './typing.ts'

const viewer = 1
const room = 7

function start() {
  const time = createVirtualTime()
  const environment = createEnvironment(time)
  const published: [number, object][] = []
  const directory = createDirectory()
  let isIn = true
  const typing = createTyping({
    environment,
    source: createSources(() => {}),
    directory,
    viewerId: () => viewer,
    publish(_roomId, data) {
      if (isIn) published.push([time.now(), data])
      return isIn
    },
  })
  const hear = (userId: number, data: unknown, info: unknown = { username: `user${userId}`, display_name: null }) =>
    typing.receive(room, { userId, info }, data)
  const names = () =>
    typing
      .in(room)
      .get()
      .map(({ username }) => username)
  return { typing, time, published, directory, hear, names, goOut: () => (isIn = false) }
}

test('who writes without a pause says so every three seconds at most, and once that they have stopped', async () => {
  const { typing, time, published } = start()
  for (let i = 0; i < 70; i++) {
    typing.write(room, true)
    await time.pass(100)
  }
  typing.write(room, false)
  typing.write(room, false)
  const [first] = published[0] ?? []
  assert.deepEqual(
    published.map(([at, data]) => [at - first!, data]),
    [
      [0, { type: 'typing' }],
      [3_000, { type: 'typing' }],
      [6_000, { type: 'typing' }],
      [7_000, { type: 'typing', stopped: true }],
    ],
  )
})

test('writing and erasing in turn says no more than that', async () => {
  const { typing, time, published } = start()
  for (let i = 0; i < 20; i++) {
    typing.write(room, i % 2 === 0)
    await time.pass(100)
  }
  assert.equal(published.length, 2)
})

test('before the viewer is in the channel nothing is said, and nothing is thought to be', () => {
  const { typing, published, goOut } = start()
  goOut()
  typing.write(room, true)
  typing.write(room, false)
  assert.deepEqual(published, [])
})

test('people appear in the order in which they began, and go when they stop or fall silent', async () => {
  const { hear, names, time } = start()
  hear(2, { type: 'typing' })
  await time.pass(1_000)
  hear(3, { type: 'typing' })
  hear(4, { type: 'typing' })
  assert.deepEqual(names(), ['user2', 'user3', 'user4'])
  hear(4, { type: 'typing', stopped: true })
  await time.pass(4_000)
  assert.deepEqual(names(), ['user3'])
  hear(3, { type: 'typing' })
  await time.pass(4_900)
  assert.deepEqual(names(), ['user3'])
  await time.pass(100)
  assert.deepEqual(names(), [])
})

test('the viewer is never shown, nor are those of a room that they left', () => {
  const { typing, hear, names } = start()
  hear(viewer, { type: 'typing' })
  assert.deepEqual(names(), [])
  hear(2, { type: 'typing' })
  typing.leave(room)
  assert.deepEqual(names(), [])
})

test('a new name is shown at once', () => {
  const { typing, hear, directory } = start()
  hear(2, { type: 'typing' })
  assert.equal(typing.in(room).get()[0]?.display_name, null)
  const saysNothing = { title: '', pronouns: '', time_zone: null, status: null }
  directory.merge([{ id: 2, username: 'user2', display_name: 'Two', ...saysNothing }], 1)
  typing.namesChanged()
  assert.equal(typing.in(room).get()[0]?.display_name, 'Two')
})

test('what members make up is nothing', () => {
  const { hear, names } = start()
  for (const data of [
    null,
    undefined,
    1,
    'typing',
    [],
    {},
    { type: 'message_added' },
    { type: 'typing', stopped: 1 },
    { type: 'typing', thread_id: '5' },
    { type: 'typing', thread_id: 0 },
  ]) {
    hear(2, data)
  }
  for (const info of [null, 'ann', {}, { username: 5 }, { username: null }]) hear(2, { type: 'typing' }, info)
  for (const userId of [Number.NaN, 0, -1, 1.5]) hear(userId, { type: 'typing' })
  assert.deepEqual(names(), [])
})

test('who writes in a thread writes there and not in the room', () => {
  const { typing, hear, names, published } = start()
  const inThread = () =>
    typing
      .in(room, 5)
      .get()
      .map(({ username }) => username)
  assert.deepEqual(inThread(), [])
  hear(2, { type: 'typing', thread_id: 5 })
  hear(3, { type: 'typing' })
  hear(4, { type: 'typing', thread_id: 6 })
  assert.deepEqual([inThread(), names()], [['user2'], ['user3']])
  typing.write(room, true, 5)
  typing.write(room, true)
  typing.write(room, false, 5)
  assert.deepEqual(
    published.map(([, data]) => data),
    [{ type: 'typing', thread_id: 5 }, { type: 'typing' }, { type: 'typing', stopped: true, thread_id: 5 }],
  )
  typing.leave(room)
  assert.deepEqual([inThread(), names(), typing.in(room, 6).get()], [[], [], []])
})
