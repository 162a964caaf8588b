import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createEnvironment } from '../environment.ts'
import { createVirtualTime, settle } from '../testing/virtual-time.ts'
import { connect } from './connect.ts'
import type { Realtime, RealtimeSetup } from './realtime.ts'

type Loaded = { createRealtime: (setup: RealtimeSetup) => Realtime }

function stage() {
  const time = createVirtualTime()
  const told: string[] = []
  const errors: unknown[] = []
  const loads: { resolve: (loaded: Loaded) => void; reject: (error: Error) => void }[] = []
  const setup: RealtimeSetup = {
    environment: createEnvironment({ ...time, random: () => 0.5, report: (error) => errors.push(error) }),
    url: 'ws://model',
    channels: ['personal:1'],
    tokens: { connection: async () => '', subscription: async () => '' },
    onEvent: () => {},
    onMissed: () => {},
    onSocket: (state) => told.push(state),
  }
  const createRealtime = (given: RealtimeSetup): Realtime => {
    told.push(`with ${given.roomChannels?.join() ?? ''}`)
    return {
      listenTo: (channels) => void told.push(`listens to ${channels.join()}`),
      visit(channel) {
        told.push(`visits ${channel}`)
        return { publish: () => true, count: async () => 2, leave: () => void told.push(`left ${channel}`) }
      },
      close: () => void told.push('closed'),
    }
  }
  const realtime = connect(setup, () => new Promise((resolve, reject) => loads.push({ resolve, reject })))
  return { time, told, errors, loads, realtime, loaded: { createRealtime } }
}

test('what is asked before the code is there is done when it is', async () => {
  const { told, loads, realtime, loaded } = stage()
  realtime.listenTo(['room:1'])
  const stays = realtime.visit('here:1', () => {})
  const goes = realtime.visit('here:2', () => {})
  goes.leave()
  assert.deepEqual([stays.publish({}), await stays.count()], [false, undefined])
  loads[0]!.resolve(loaded)
  await settle()
  assert.deepEqual(told, ['with room:1', 'visits here:1'])
  assert.deepEqual([stays.publish({}), await stays.count()], [true, 2])
  stays.leave()
  realtime.visit('here:3', () => {})
  realtime.listenTo([])
  realtime.close()
  assert.deepEqual(told.slice(2), ['left here:1', 'visits here:3', 'listens to ', 'closed'])
})

test('code that cannot be had is a socket that is down, and is asked for again', async () => {
  const { time, told, errors, loads, loaded } = stage()
  loads[0]!.reject(new TypeError('Failed to fetch dynamically imported module'))
  await settle()
  assert.deepEqual([told, errors.length, loads.length], [['down'], 1, 1])
  await time.pass(60_000)
  assert.equal(loads.length, 2)
  loads[1]!.resolve(loaded)
  await settle()
  assert.deepEqual(told, ['down', 'with '])
})

test('closed before the code is there, nothing is begun', async () => {
  const { told, loads, realtime, loaded } = stage()
  realtime.close()
  loads[0]!.resolve(loaded)
  await settle()
  assert.deepEqual(told, [])
})
