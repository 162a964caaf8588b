import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createEnvironment } from '../environment.ts'
import { createVirtualTime } from '../testing/virtual-time.ts'
import { createTokenSource } from './tokens.ts'

function start() {
  const time = createVirtualTime()
  const requests: (readonly string[])[] = []
  const source = createTokenSource(createEnvironment(time), async (channels) => {
    requests.push(channels)
    const readable = channels.filter((channel) => channel !== 'room:9')
    const subscriptions = Object.fromEntries(readable.map((channel) => [channel, `${channel} ${requests.length}`]))
    return { connection: `connection ${requests.length}`, subscriptions, denied: ['room:9'] }
  })
  return { time, requests, source }
}

test('a connection takes the tokens of its channels along, each for one use', async () => {
  const { source, requests } = start()
  assert.equal(await source.connection(['a', 'b']), 'connection 1')
  assert.deepEqual(await Promise.all([source.subscription('a'), source.subscription('b')]), ['a 1', 'b 1'])
  assert.deepEqual(await Promise.all([source.subscription('a'), source.subscription('b')]), ['a 2', 'b 2'])
  assert.deepEqual(requests, [
    ['a', 'b'],
    ['a', 'b'],
  ])
})

test('a token that lay too long is not used', async () => {
  const { source, time } = start()
  await source.connection(['a'])
  await time.pass(50_000)
  assert.equal(await source.subscription('a'), 'a 2')
})

test("a channel that is not the reader's has no token", async () => {
  const { source } = start()
  assert.equal(await source.subscription('room:9'), undefined)
})
