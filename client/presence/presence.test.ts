import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PresenceAnswer } from '@grandchat/contracts/presence/schema'
import { createEnvironment } from '../environment.ts'
import { createSources } from '../source.ts'
import { createVirtualTime } from '../testing/virtual-time.ts'
import { createPresence } from './presence.ts'

function start(online: number[] | null = [2]) {
  const time = createVirtualTime()
  const device = { isOnline: true, isVisible: true }
  const asked: number[][] = []
  const answers: { fail: boolean; online: number[] | null } = { fail: false, online }
  const presence = createPresence({
    environment: createEnvironment({
      ...time,
      random: () => 0.5,
      isOnline: () => device.isOnline,
      isVisible: () => device.isVisible,
    }),
    source: createSources(() => {}),
    isSignedIn: () => true,
    async fetchOnline(ids): Promise<PresenceAnswer> {
      asked.push([...ids])
      if (answers.fail) throw new Error('no answer')
      return { online: answers.online, next_s: 30 }
    },
  })
  const watch = (id: number) => presence.get(id).subscribe(() => {})
  const isOnline = (id: number) => presence.get(id).get()
  return { presence, time, device, asked, answers, watch, isOnline }
}

test('all who come on screen are asked about together, once each however often they are shown', async () => {
  const { time, asked, watch, isOnline } = start()
  watch(1)
  watch(2)
  watch(2)
  await time.pass(100)
  watch(3)
  assert.equal(isOnline(2), undefined)
  await time.pass(100)
  assert.deepEqual(asked, [[1, 2, 3]])
  assert.deepEqual([isOnline(1), isOnline(2), isOnline(3)], [false, true, false])
})

test('whoever comes later is asked about alone, and everybody again when the server wants it', async () => {
  const { time, asked, watch } = start()
  watch(1)
  await time.pass(10_000)
  watch(2)
  await time.pass(1_000)
  assert.deepEqual(asked, [[1], [2]])
  await time.pass(30_000)
  assert.deepEqual(new Set(asked.slice(2).flat()), new Set([1, 2]))
})

test('who is on screen no more is not asked about, and nothing while the page is hidden', async () => {
  const { presence, time, device, asked, watch } = start()
  const leave = watch(1)
  await time.pass(1_000)
  leave()
  await time.pass(300_000)
  assert.deepEqual(asked, [[1]])
  watch(1)
  await time.pass(1_000)
  device.isVisible = false
  await time.pass(300_000)
  assert.equal(asked.length, 2)
  device.isVisible = true
  presence.looked()
  await time.pass(1_000)
  assert.equal(asked.length, 3)
})

test('where nobody can tell, nobody is shown as gone', async () => {
  const { presence, time, device, answers, watch, isOnline } = start()
  watch(2)
  await time.pass(1_000)
  assert.equal(isOnline(2), true)
  answers.online = null
  await time.pass(30_000)
  assert.equal(isOnline(2), undefined)
  answers.online = [2]
  await time.pass(30_000)
  assert.equal(isOnline(2), true)
  answers.fail = true
  await time.pass(30_000)
  assert.equal(isOnline(2), undefined)
  answers.fail = false
  await time.pass(30_000)
  device.isOnline = false
  presence.looked()
  assert.equal(isOnline(2), undefined)
})

test('of more people than one question holds the others follow at once', async () => {
  const { time, asked, watch } = start()
  for (let id = 1; id <= 450; id++) watch(id)
  await time.pass(2_000)
  assert.deepEqual(
    asked.map((ids) => ids.length),
    [200, 200, 50],
  )
})
