import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onWake } from './environment.ts'

test('a device that slept is noticed by its clock, and one that was only slow is not', (t) => {
  t.mock.timers.enable({ apis: ['setInterval', 'Date'] })
  let woken = 0
  const forget = onWake(() => woken++, true)
  const pass = (ticks: number) => {
    for (let n = 0; n < ticks; n++) t.mock.timers.tick(10_000)
  }
  pass(6)
  assert.equal(woken, 0)
  t.mock.timers.setTime(Date.now() + 3_600_000)
  pass(7)
  assert.equal(woken, 1)
  forget()
})
