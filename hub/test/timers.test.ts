import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TimerWheel } from '../timers.ts'

test('timers run in order, never early, and not when cancelled', async () => {
  const timers = new TimerWheel(5, () => assert.fail('no timer failed'))
  const start = performance.now()
  const ran: Array<[string, number]> = []
  const note = (name: string) => ran.push([name, performance.now() - start])
  await new Promise<void>((resolve) => {
    timers.after(0.06, () => resolve(void note('late')))
    timers.after(0.02, () => note('early'))
    timers.after(0.04, () => note('cancelled')).cancel()
  })
  assert.deepEqual(
    ran.map(([name]) => name),
    ['early', 'late'],
  )
  assert.ok((ran[0]?.[1] ?? 0) >= 20 && (ran[1]?.[1] ?? 0) >= 60)
})

test('a timer that fails is reported and does not stop the others', async () => {
  const errors: unknown[] = []
  const timers = new TimerWheel(5, (error) => errors.push(error))
  await new Promise<void>((resolve) => {
    timers.after(0.01, () => {
      throw new Error('broken')
    })
    timers.after(0.01, resolve)
  })
  assert.equal(errors.length, 1)
})

test('timers may be set and cancelled while others run', async () => {
  const timers = new TimerWheel(5, () => assert.fail('no timer failed'))
  const ran: string[] = []
  await new Promise<void>((resolve) => {
    const victim = { cancel: () => {} }
    timers.after(0.01, () => {
      victim.cancel()
      timers.after(0.01, resolve)
    })
    Object.assign(
      victim,
      timers.after(0.01, () => ran.push('victim')),
    )
  })
  assert.deepEqual(ran, [])
})
