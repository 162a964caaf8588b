import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { MemoryBroker } from '../broker-memory.ts'
import { Content } from '../protocol.ts'
import { TimerWheel } from '../timers.ts'

const kept = { historySize: 5, historyTtlSeconds: 60 }

function newBroker(t: TestContext, { metaTtlSeconds = 60, inUse = [] as string[] } = {}) {
  const timers = new TimerWheel(10, (error) => assert.fail(String(error)))
  t.after(() => timers.stop())
  const settings = {
    historyMetaTtlSeconds: metaTtlSeconds,
    idempotencyWindowSeconds: 60,
    idempotencyMaxEntries: 10,
    maxUnpublishedStreams: 10,
  }
  const broker = new MemoryBroker(timers, settings, (channel) => inUse.includes(channel))
  const epochOf = (channel: string, metaTtl?: number) => broker.history(channel, { limit: 0 }, metaTtl).position.epoch
  return { broker, epochOf }
}

test('[LIM11] channels that are only looked at are forgotten when there are too many', (t) => {
  const { broker, epochOf } = newBroker(t, { inUse: ['used'] })
  broker.publish('published', new Content('1'), kept)
  const before = ['published', 'used', 'looked at'].map((channel) => epochOf(channel))
  for (let n = 0; n < 1000; n++) epochOf(`chance ${n}`)
  const after = ['published', 'used', 'looked at'].map((channel) => epochOf(channel))
  assert.deepEqual(after.slice(0, 2), before.slice(0, 2))
  assert.notEqual(after[2], before[2])
  assert.deepEqual(broker.history('published', {}).publications.length, 1)
})

test('[HIS2] a stream lasts as long as its channel has subscribers', (t) => {
  const { broker, epochOf } = newBroker(t, { inUse: ['used'], metaTtlSeconds: 0 })
  const epoch = epochOf('used')
  assert.equal(broker.publish('used', new Content('1'), kept).position?.epoch, epoch)
  assert.notEqual(epochOf('left'), epochOf('left'))
})

test('[PUB3] an empty key is no key', (t) => {
  const { broker } = newBroker(t)
  const publish = () => broker.publish('x', new Content('1'), { ...kept, idempotencyKey: '' }).publication?.offset
  assert.deepEqual([publish(), publish()], [1, 2])
})
