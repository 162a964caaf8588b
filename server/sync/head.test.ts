import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { Heads } from './head.ts'

function setUp(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout', 'setImmediate'] })
  let now = 10_000
  t.mock.method(performance, 'now', () => now)
  const looks: Array<readonly number[]> = []
  let version = 1
  const heads = new Heads('e', async (userIds) => {
    looks.push(userIds)
    return new Map(userIds.map((id) => [id, { user_version: id, workspace_version: 1, rooms: [[7, version]] }]))
  })
  const tick = (ms: number) => {
    now += ms
    t.mock.timers.tick(ms)
  }
  return { heads, looks, tick, change: () => version++ }
}

test('who asks alone is answered at once, and all who ask within a second share one look', async (t) => {
  const { heads, looks, tick, change } = setUp(t)
  const first = heads.of(1, undefined)
  tick(0)
  assert.deepEqual((await first)?.rooms, [[7, 1]])
  change()
  const others = [2, 3, 2, 4].map((userId) => heads.of(userId, undefined))
  tick(999)
  assert.deepEqual(looks, [[1]])
  tick(1)
  for (const head of await Promise.all(others)) assert.deepEqual(head?.rooms, [[7, 2]], 'newer than the question')
  assert.deepEqual(looks, [[1], [2, 3, 4]])
  tick(5_000)
  const late = heads.of(5, 'e.1.5.2')
  tick(0)
  assert.equal(await late, undefined, 'nothing is new')
  assert.equal(looks.length, 3)
})

test('when the database fails, all who waited are told, and the next look is a new one', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'setImmediate'] })
  let isDown = true
  const heads = new Heads('e', async (userIds) => {
    if (isDown) throw new Error('the database is down')
    return new Map(userIds.map((id) => [id, { user_version: 1, workspace_version: 1, rooms: [] }]))
  })
  const failing = [heads.of(1, undefined), heads.of(2, undefined)]
  const outcomes = Promise.allSettled(failing)
  t.mock.timers.tick(0)
  assert.deepEqual(
    (await outcomes).map(({ status }) => status),
    ['rejected', 'rejected'],
  )
  isDown = false
  const next = heads.of(1, undefined)
  t.mock.timers.tick(1_000)
  assert.equal((await next)?.user_version, 1)
})
