import assert from 'node:assert/strict'
import { test } from 'node:test'
import { positionOf, publish, publishAll } from './api.ts'
import { newChannel, newUser } from './names.ts'
import { onlyWithEngine } from './only.ts'
import { connectRaw } from './raw.ts'
import { connectSdk, Heard, next, subscribed } from './sdk.ts'
import { startServer } from './server.ts'
import { connectStream } from './stream.ts'

const config = {
  http_stream: { enabled: true },
  channel: {
    namespaces: [
      { name: 'room', history_size: 20, history_ttl: '600s', force_recovery: true, allow_subscribe_for_client: true },
    ],
  },
}

test('[DIS4] a server that ends tells its clients 3001, on every transport', async (t) => {
  const server = await startServer(t, config)
  const [client, stream] = [
    await connectRaw(t, server, newUser()),
    await connectStream(t, server, 'http_stream', newUser()),
  ]
  await server.stop()
  assert.deepEqual(await client.closed, { code: 3001, reason: 'shutdown' })
  assert.deepEqual(await stream.closed, { code: 3001, reason: 'shutdown' })
})

const inMemory = 'Redis keeps streams and epochs over restarts.'

test('a server that comes back knows no position from before', onlyWithEngine('memory', inMemory), async (t) => {
  const server = await startServer(t, config)
  const channel = newChannel('room')
  const { epoch } = await publishAll(server, channel, [1, 2])
  const sdk = await connectSdk(t, server, newUser())
  const subscription = sdk.newSubscription(channel)
  const heard = new Heard(await subscribed(subscription))
  const again = next<{ wasRecovering: boolean; recovered: boolean }>(subscription, 'subscribed')
  await server.restart()
  const { wasRecovering, recovered } = await again
  assert.deepEqual({ wasRecovering, recovered }, { wasRecovering: true, recovered: false })
  const position = await positionOf(server, channel)
  assert.equal(position.offset, 0)
  assert.notEqual(position.epoch, epoch)
  await publish(server, channel, 'after')
  assert.deepEqual(await heard.first(1), ['after'])
})

test(
  'a server on Redis recovers over its restart',
  onlyWithEngine('redis', 'Memory is gone with its process.'),
  async (t) => {
    const server = await startServer(t, config)
    const channel = newChannel('room')
    const position = await publishAll(server, channel, [1, 2])
    const sdk = await connectSdk(t, server, newUser())
    const subscription = sdk.newSubscription(channel)
    await subscribed(subscription)
    const again = next<{ recovered: boolean }>(subscription, 'subscribed')
    await server.restart()
    assert.equal((await again).recovered, true)
    assert.deepEqual(await positionOf(server, channel), position)
  },
)
