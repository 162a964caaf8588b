import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { ask, positionOf, publish } from './api.ts'
import { send } from './http.ts'
import { newChannel, newUser } from './names.ts'
import { isPing, type Message, pub } from './raw.ts'
import { connected, connectSdk, endpoint, Heard, newProtobufSdk, newSdk, next, subscribed } from './sdk.ts'
import { startServer } from './server.ts'
import { connectStream, openStream, type StreamTransport } from './stream.ts'
import { connectionToken, secondsFromNow } from './tokens.ts'
import { until } from './until.ts'

const server = await startServer(
  { after },
  {
    client: { stale_close_delay: '1s', ping_interval: '2s', pong_timeout: '1900ms' },
    http_stream: { enabled: true },
    sse: { enabled: true },
    channel: {
      namespaces: [
        { name: 'plain', presence: true, allow_subscribe_for_client: true, allow_publish_for_client: true },
        { name: 'room', history_size: 20, history_ttl: '600s', force_recovery: true, allow_subscribe_for_client: true },
      ],
    },
  },
)

const transports: StreamTransport[] = ['http_stream', 'sse']

for (const transport of transports) {
  describe(transport, () => {
    test('[HTP1] [HTP2] opens with the connect command and tells where to send the next ones', async (t) => {
      const token = await connectionToken(newUser())
      const stream = await openStream(t, server, transport, { id: 1, connect: { token } })
      const type = transport === 'sse' ? /^text\/event-stream/ : undefined
      if (type) assert.match(String(stream.response.headers['content-type']), type)
      assert.equal(stream.response.headers['x-accel-buffering'], 'no')
      assert.match(String(stream.response.headers['cache-control']), /no-cache/)
      const result = await stream.connected()
      for (const member of ['client', 'session', 'node', 'version'])
        assert.equal(typeof result[member], 'string', member)
      assert.notEqual(result['session'], result['client'])
      assert.equal(result['pong'], true)
    })

    test('[HTP3] commands that are sent elsewhere are answered in the stream', async (t) => {
      const channel = newChannel('plain')
      const stream = await connectStream(t, server, transport, newUser())
      assert.deepEqual(await stream.ask('subscribe', { channel }), {})
      assert.equal(await stream.ask('subscribe', { channel }), 105)
      assert.deepEqual(await stream.ask('publish', { channel, data: { text: 'Привет 👋' } }), {})
      assert.deepEqual(pub((await stream.next())['push'] as Message).data, { text: 'Привет 👋' })
      assert.equal(
        await stream.emulate({ id: 50, unsubscribe: { channel } }, { id: 51, unsubscribe: { channel } }),
        204,
      )
      await stream.next(({ id }) => id === 50)
      await stream.next(({ id }) => id === 51)
    })

    test('[HTP5] the end is told, and then the stream ends', async (t) => {
      const user = newUser()
      const stream = await connectStream(t, server, transport, user)
      await ask(server, 'disconnect', { user })
      assert.deepEqual(await stream.closed, { code: 3503, reason: 'force disconnect' })
      assert.equal(await stream.emulate({ id: 9, unsubscribe: { channel: 'plain:x' } }), 204, 'though nobody is there')
    })

    test('[API11] the server API finds a connection by its session', async (t) => {
      const user = newUser()
      const token = await connectionToken(user)
      const open = () => openStream(t, server, transport, { id: 1, connect: { token } })
      const [one, two] = [await open(), await open()]
      const { session } = await one.connected()
      await two.connected()
      await ask(server, 'disconnect', { user, session })
      assert.equal((await one.closed)?.['code'], 3503)
      assert.deepEqual(await two.ask('unsubscribe', { channel: 'plain:x' }), {})
    })

    test('[HTP5] who goes is gone', async (t) => {
      const channel = newChannel('plain')
      const stream = await connectStream(t, server, transport, newUser())
      await stream.ask('subscribe', { channel })
      stream.response.destroy()
      await until(async () => (await ask(server, 'presence_stats', { channel }))['num_clients'] === 0)
    })

    test('a connect that is refused is told in the stream', async (t) => {
      const bad = await openStream(t, server, transport, { id: 1, connect: { token: 'nonsense' } })
      assert.deepEqual(await bad.closed, { code: 3500, reason: 'invalid token' })
      const nonsense = await openStream(t, server, transport, 'nonsense')
      assert.deepEqual(await nonsense.closed, { code: 3501, reason: 'bad request' })
      const token = await connectionToken('ann', { exp: secondsFromNow(-1) })
      const expired = await openStream(t, server, transport, { id: 1, connect: { token } })
      const reply = await expired.next(({ id }) => id === 1)
      assert.equal((reply['error'] as Message)['code'], 109)
    })

    test('the SDK uses it as if it was a socket', async (t) => {
      const channel = newChannel('room')
      const user = newUser()
      const sdk = await connectSdk(t, server, user, {}, transport)
      const subscription = sdk.newSubscription(channel)
      const heard = new Heard(await subscribed(subscription))
      await publish(server, channel, 1)
      assert.deepEqual(await heard.first(1), [1])
      const again = next<{ recovered: boolean }>(subscription, 'subscribed')
      await ask(server, 'disconnect', { user, disconnect: { code: 3011, reason: 'force reconnect' } })
      await publish(server, channel, 2)
      assert.equal((await again).recovered, true)
      await publish(server, channel, 3)
      assert.deepEqual(await heard.first(3), [1, 2, 3])
    })

    test('the SDK stays away when it is told to', async (t) => {
      const user = newUser()
      const sdk = await connectSdk(t, server, user, {}, transport)
      const disconnected = next<{ code: number }>(sdk, 'disconnected')
      await ask(server, 'disconnect', { user })
      assert.equal((await disconnected).code, 3503)
    })

    describe('time', { concurrency: true }, () => {
      test('[PNG1] pings come in the stream, and who answers elsewhere stays', async (t) => {
        const stream = await connectStream(t, server, transport, newUser())
        for (let n = 0; n < 2; n++) {
          await stream.next(isPing)
          await stream.emulate({})
        }
        assert.deepEqual(await stream.ask('unsubscribe', { channel: 'plain:x' }), {})
      })

      test('[PNG2] who does not answer is told so', async (t) => {
        const stream = await connectStream(t, server, transport, newUser())
        assert.deepEqual(await stream.closed, { code: 3012, reason: 'no pong' })
      })
    })
  })
}

test('[HTP2] server-sent events begin with a line of their own, and need a first frame', async () => {
  assert.equal((await send(server.sseUrl, { method: 'GET' })).status, 400)
})

test('[HTP3] [HTP4] commands find their stream, or the answer tells why not', async () => {
  const to = async (body: string) => (await send(server.emulationUrl, { body })).status
  assert.equal(await to('nonsense'), 400)
  assert.equal(await to(JSON.stringify({ session: 'x', node: 'unknown', data: '{}' })), 404)
  assert.equal(await to(JSON.stringify({ session: 'x', node: 'unknown', data: 'x'.repeat(70_000) })), 413)
  assert.equal((await send(server.emulationUrl, { method: 'GET' })).status, 405)
})

test('[HTP1] a first frame that is too large is refused with 413, another method with 405', async () => {
  assert.equal((await send(server.httpStreamUrl, { body: 'x'.repeat(70_000) })).status, 413)
  assert.equal((await send(server.httpStreamUrl, { method: 'GET' })).status, 405)
})

test('the SDK falls back from a socket that cannot be to a stream', async (t) => {
  const token = await connectionToken(newUser())
  // Nothing is there: it stands for a socket that a proxy swallowed.
  const nowhere = { transport: 'websocket' as const, endpoint: `${server.wsUrl}/nowhere` }
  const sdk = newSdk(t, server, { token }, [nowhere, endpoint(server, 'http_stream')])
  const connectedTo = next<{ transport: string }>(sdk, 'connected')
  await connected(sdk)
  assert.equal((await connectedTo).transport, 'http_stream')
})

test('the SDK speaks Protobuf over HTTP streaming', async (t) => {
  const channel = newChannel('plain')
  const token = await connectionToken(newUser())
  const sdk = await connected(newProtobufSdk(t, server, { token }, 'http_stream'))
  const heard = new Heard(await subscribed(sdk.newSubscription(channel)))
  await sdk.publish(channel, new TextEncoder().encode('{"n":1}'))
  const [data] = (await heard.first(1)) as [Uint8Array]
  assert.equal(Buffer.from(data).toString(), '{"n":1}')
})

test('who comes over a stream and who comes over a socket share channels', async (t) => {
  const channel = newChannel('room')
  const sdks = [
    await connectSdk(t, server, newUser()),
    await connectSdk(t, server, newUser(), {}, 'http_stream'),
    await connectSdk(t, server, newUser(), {}, 'sse'),
  ]
  const heard = await Promise.all(sdks.map(async (sdk) => new Heard(await subscribed(sdk.newSubscription(channel)))))
  for (const n of [1, 2, 3]) await publish(server, channel, n)
  for (const each of heard) assert.deepEqual(await each.first(3), [1, 2, 3])
  assert.equal((await positionOf(server, channel)).offset, 3)
})
