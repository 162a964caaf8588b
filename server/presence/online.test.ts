import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OnlineUsers } from './online.ts'

function start(online: readonly number[]) {
  const asked: number[][] = []
  const clock = { now: 0 }
  let failure: Error | undefined
  const users = new OnlineUsers(
    async (userIds) => {
      asked.push([...userIds])
      if (failure) throw failure
      return new Set(online)
    },
    () => clock.now,
  )
  return { users, asked, clock, fail: (error: Error | undefined) => (failure = error) }
}

test('all who ask at once are one question, and each hears of their own people', async () => {
  const { users, asked } = start([2, 3])
  const answers = await Promise.all([users.among([1, 2]), users.among([2, 3]), users.among([4])])
  assert.deepEqual(answers, [[2], [2, 3], []])
  assert.deepEqual(asked, [[1, 2, 3, 4]])
})

test('for five seconds the answer is shared, then it is asked again', async () => {
  const { users, asked, clock } = start([1])
  await users.among([1])
  clock.now = 4_900
  assert.deepEqual(await users.among([1]), [1])
  assert.equal(asked.length, 1)
  clock.now = 5_000
  await users.among([1])
  assert.equal(asked.length, 2)
})

test('a failure is told to who asked and remembered for nobody', async () => {
  const { users, fail } = start([1])
  fail(new Error('no answer'))
  await assert.rejects(users.among([1, 2]), /no answer/)
  fail(undefined)
  assert.deepEqual(await users.among([1, 2]), [1])
})

test('of very many people only so many are asked about at once', async () => {
  const { users, asked } = start([1_200])
  const ids = Array.from({ length: 1_200 }, (_, i) => i + 1)
  assert.deepEqual(await users.among(ids), [1_200])
  assert.deepEqual(
    asked.map((part) => part.length),
    [500, 500, 200],
  )
})
