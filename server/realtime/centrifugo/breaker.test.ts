import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Breaker, CircuitOpen } from './breaker.ts'

const fails = () => Promise.reject(new Error('down'))
const works = () => Promise.resolve('up')

test('after five failures in a row nobody waits any more', async () => {
  let now = 0
  const breaker = new Breaker(() => now)
  for (let n = 0; n < 5; n++) await assert.rejects(breaker.run(fails), /down/)
  assert.ok(breaker.isOpen)
  await assert.rejects(breaker.run(works), CircuitOpen)
  now += 499
  await assert.rejects(breaker.run(works), CircuitOpen)
  now += 2
  assert.equal(await breaker.run(works), 'up')
  assert.ok(!breaker.isOpen)
})

test('one call at a time looks whether the other side is back, at growing intervals', async () => {
  let now = 0
  const breaker = new Breaker(() => now)
  for (let n = 0; n < 5; n++) await assert.rejects(breaker.run(fails))
  now += 501
  let letGo = () => {}
  const trial = breaker.run(() => new Promise<never>((_, reject) => (letGo = () => reject(new Error('still down')))))
  await assert.rejects(breaker.run(works), CircuitOpen)
  letGo()
  await assert.rejects(trial, /still down/)
  now += 501
  await assert.rejects(breaker.run(works), CircuitOpen)
  now += 500
  assert.equal(await breaker.run(works), 'up')
})

test('a success forgets the failures before it', async () => {
  const breaker = new Breaker()
  for (let n = 0; n < 4; n++) await assert.rejects(breaker.run(fails))
  await breaker.run(works)
  for (let n = 0; n < 4; n++) await assert.rejects(breaker.run(fails))
  assert.ok(!breaker.isOpen)
})
