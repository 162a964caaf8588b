import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSources } from './source.ts'

const tick = () => Promise.resolve()

test('many changes in one tick are told once, at its end', async () => {
  const source = createSources(() => {})
  let value = 0
  const number = source(() => value)
  let calls = 0
  number.subscribe(() => calls++)
  for (value = 1; value < 5; value++) number.changed()
  assert.equal(calls, 0)
  assert.equal(number.get(), 5)
  await tick()
  assert.equal(calls, 1)
})

test('the value is the same object until it changes', () => {
  const source = createSources(() => {})
  const list = source(() => [1, 2])
  const before = list.get()
  assert.equal(list.get(), before)
  list.changed()
  assert.notEqual(list.get(), before)
})

test('a listener that throws is reported and keeps no news from the others', async () => {
  const errors: unknown[] = []
  const source = createSources((error) => errors.push(error))
  const value = source(() => 1)
  let calls = 0
  value.subscribe(() => {
    throw new Error('a bug')
  })
  const unsubscribe = value.subscribe(() => calls++)
  value.changed()
  await tick()
  assert.deepEqual([calls, errors.length], [1, 1])
  unsubscribe()
  value.changed()
  await tick()
  assert.equal(calls, 1)
})
