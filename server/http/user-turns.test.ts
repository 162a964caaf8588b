import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '../errors.ts'
import { UserTurns } from './user-turns.ts'

test('six requests of one user run at once, the others follow in order, and another user is not held up', async () => {
  const turns = new UserTurns()
  const order: number[] = []
  const ends = await Promise.all(Array.from({ length: 6 }, () => turns.take(1)))
  const later = [7, 8].map(async (n) => {
    const end = await turns.take(1)
    order.push(n)
    end()
  })
  const endOther = await turns.take(2)
  assert.deepEqual(order, [])
  for (const end of ends) end()
  await Promise.all(later)
  assert.deepEqual(order, [7, 8])
  endOther()
})

test('ending a turn twice gives one place back', async () => {
  const turns = new UserTurns()
  const ends = await Promise.all(Array.from({ length: 6 }, () => turns.take(1)))
  ends[0]!()
  ends[0]!()
  const seventh = await turns.take(1)
  let isEighthIn = false
  const eighth = turns.take(1).then((end) => {
    isEighthIn = true
    return end
  })
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(isEighthIn, false)
  seventh()
  ;(await eighth)()
})

test('more than a thousand that wait are told to come back', async () => {
  const turns = new UserTurns()
  const outcomes = Array.from({ length: 1_007 }, () => turns.take(1))
  await assert.rejects(outcomes.at(-1)!, (error) => error instanceof AppError && error.status === 429)
  for (const outcome of outcomes.slice(0, -1)) (await outcome)()
})
