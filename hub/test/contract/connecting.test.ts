import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { publish } from './api.ts'
import { newChannel, newUser } from './names.ts'
import { connectRaw, errorCode, isPing, nextData, openRaw, refusedUpgrade } from './raw.ts'
import { connected, newSdk, next } from './sdk.ts'
import { startServer } from './server.ts'
import { channelToken, connectionToken, secondsFromNow, sign } from './tokens.ts'

const server = await startServer(
  { after },
  {
    client: { stale_close_delay: '1s', connect_include_server_time: true },
    channel: {
      namespaces: [
        { name: 'plain', allow_subscribe_for_client: true, allow_publish_for_client: true },
        { name: 'kept', history_size: 10, history_ttl: '600s', force_recovery: true, presence: true },
      ],
    },
  },
)

type Result = Record<string, unknown>

test('[CON1] [CON12] a connect is answered with who one is and how to stay', async (t) => {
  const client = await openRaw(t, server)
  const token = await connectionToken('ann', { exp: secondsFromNow(100) })
  const result = (await client.ask('connect', {
    token,
    name: 'test',
    version: '1.0',
    data: { any: 'thing' },
  })) as Result
  assert.match(String(result['client']), /^[0-9a-f]{8}-[0-9a-f-]{27}$/)
  assert.equal(typeof result['version'], 'string')
  assert.equal(result['ping'], 25)
  assert.equal(result['pong'], true)
  assert.equal(result['expires'], true)
  assert.ok(Number(result['ttl']) > 90 && Number(result['ttl']) <= 100)
  assert.ok(Math.abs(Number(result['time']) - Date.now()) < 60_000)
  assert.equal('session' in result || 'node' in result, false, 'these are for other transports')
})

test('[CON1] a token that never ends gives a connection that never expires', async (t) => {
  const client = await openRaw(t, server)
  const result = (await client.ask('connect', { token: await sign({ sub: 'ann' }) })) as Result
  assert.equal('expires' in result || 'ttl' in result, false)
})

test('[CON2] connect comes first and once', async (t) => {
  const connect = { token: await connectionToken('ann') }
  for (const frame of [
    [{ id: 1, subscribe: { channel: 'plain:x' } }],
    [{ id: 1, unsubscribe: { channel: 'plain:x' } }],
    [{}],
    [
      { id: 1, connect },
      { id: 2, connect },
    ],
  ]) {
    const client = await openRaw(t, server)
    client.send(...frame)
    assert.deepEqual(await client.closed, { code: 3501, reason: 'bad request' }, JSON.stringify(frame))
  }
})

describe('waiting to connect', { concurrency: true }, () => {
  test('[CON3] who says nothing is sent away', async (t) => {
    const client = await openRaw(t, server)
    assert.deepEqual(await client.closed, { code: 3502, reason: 'stale' })
  })

  test('[CON3] who connected in time stays', async (t) => {
    const [ann, silent] = [await connectRaw(t, server, newUser()), await openRaw(t, server)]
    await silent.closed
    assert.deepEqual(await ann.ask('unsubscribe', { channel: 'plain:x' }), {})
  })
})

test('[CON4] nobody connects without a token', async (t) => {
  const client = await openRaw(t, server)
  client.send({ id: 1, connect: {} })
  assert.deepEqual(await client.closed, { code: 3501, reason: 'bad request' })
})

test('[CON4] the SDK without a token gives up', async (t) => {
  const sdk = newSdk(t, server)
  const disconnected = next<{ code: number }>(sdk, 'disconnected')
  sdk.connect()
  assert.equal((await disconnected).code, 3501)
})

test('[CON5] after a refused connect nothing is done any more', async (t) => {
  const channel = newChannel('plain')
  const other = await connectRaw(t, server, newUser())
  await other.subscribe(channel)
  const client = await openRaw(t, server)
  client.send(
    { id: 1, connect: { token: await connectionToken('ann', { exp: secondsFromNow(-10) }) } },
    { id: 2, publish: { channel, data: 'never' } },
    { id: 3, connect: { token: await connectionToken('ann') } },
    { id: 4, publish: { channel, data: 'never' } },
  )
  assert.equal(errorCode(await client.next(({ id }) => id === 1)), 109)
  await publish(server, channel, 'the first that was published')
  assert.equal(await nextData(other), 'the first that was published')
  assert.deepEqual(client.rest(), [])
})

test('[CON6] one frame connects, subscribes and publishes in order', async (t) => {
  const [user, kept, plain] = [newUser(), newChannel('kept'), newChannel('plain')]
  const client = await openRaw(t, server)
  client.send(
    { id: 1, connect: { token: await connectionToken(user) } },
    { id: 2, subscribe: { channel: kept, token: await channelToken(user, kept) } },
    { id: 3, subscribe: { channel: plain } },
    { id: 4, publish: { channel: plain, data: 1 } },
    { id: 5, unsubscribe: { channel: kept } },
  )
  await client.next(({ id }) => id === 5)
  const messages = client.frames.flatMap((frame) =>
    frame.split('\n').map((text) => JSON.parse(text) as { id?: number }),
  )
  assert.deepEqual(
    messages.flatMap(({ id }) => id ?? []),
    [1, 2, 3, 4, 5],
  )
})

const malformed: Record<string, string> = {
  'an empty frame': '',
  'no JSON': '{"id":1,',
  'an array': '[{"id":1}]',
  'a number': '7',
  'a negative id': '{"id":-1,"unsubscribe":{"channel":"plain:x"}}',
  'an id over 32 bits': '{"id":4294967296,"unsubscribe":{"channel":"plain:x"}}',
  'an id in words': '{"id":"one","unsubscribe":{"channel":"plain:x"}}',
  'a method that nobody knows': '{"id":2,"dance":{}}',
  'a method that is no object': '{"id":2,"subscribe":"plain:x"}',
  'no method': '{"id":2}',
  'a ping of its own': '{"id":2,"ping":{}}',
  'a channel that is no string': '{"id":2,"subscribe":{"channel":["plain:x"]}}',
  'a subscribe without a channel': '{"id":2,"subscribe":{}}',
  'an unsubscribe without a channel': '{"id":2,"unsubscribe":{}}',
  'a publish without a channel': '{"id":2,"publish":{"data":1}}',
  'a presence without a channel': '{"id":2,"presence":{}}',
  'presence statistics without a channel': '{"id":2,"presence_stats":{}}',
  'a history without a channel': '{"id":2,"history":{}}',
  'a refresh without a token': '{"id":2,"refresh":{}}',
  'a sub_refresh without a channel': '{"id":2,"sub_refresh":{"token":"x"}}',
  'a fractional offset': '{"id":2,"subscribe":{"channel":"plain:x","offset":1.5}}',
  'a negative offset': '{"id":2,"subscribe":{"channel":"plain:x","offset":-1}}',
}

for (const [what, frame] of Object.entries(malformed)) {
  test(`[CON7] ${what} ends the connection`, async (t) => {
    const [client, other] = [await connectRaw(t, server, newUser()), await connectRaw(t, server, newUser())]
    client.send(frame)
    assert.deepEqual(await client.closed, { code: 3501, reason: 'bad request' })
    assert.deepEqual(await other.ask('unsubscribe', { channel: 'plain:x' }), {}, 'another client is not affected')
  })
}

test('[CON7] what stood before a malformed command is done', async (t) => {
  const channel = newChannel('plain')
  const [client, other] = [await connectRaw(t, server, newUser()), await connectRaw(t, server, newUser())]
  await other.subscribe(channel)
  client.send({ id: 2, publish: { channel, data: 'before' } }, 'garbage', {
    id: 3,
    publish: { channel, data: 'after' },
  })
  assert.equal((await client.closed).code, 3501)
  await publish(server, channel, 'last')
  assert.deepEqual([await nextData(other), await nextData(other)], ['before', 'last'])
})

test('[CON7] unknown members, null members and a last line feed are fine', async (t) => {
  const client = await connectRaw(t, server, newUser())
  client.send('{"id":7,"x":{"y":1},"connect":null,"subscribe":{"channel":"plain:x","epoch":null,"z":[]}}\n')
  assert.deepEqual((await client.next(({ id }) => id === 7))['subscribe'], {})
})

test('[CON9] the JSON subprotocol is chosen when offered, and none is needed', async (t) => {
  const both = await openRaw(t, server, {}, ['centrifuge-protobuf', 'centrifuge-json'])
  assert.equal(both.socket.protocol, 'centrifuge-json')
  assert.equal((await openRaw(t, server)).socket.protocol, '')
})

test('[CON10] frames are never made of more than 16 messages, and replies keep the order', async (t) => {
  const client = await connectRaw(t, server, newUser())
  const before = client.frames.length
  const ids = Array.from({ length: 40 }, (_, n) => n + 10)
  client.send(...ids.map((id) => ({ id, unsubscribe: { channel: 'plain:x' } })))
  await client.next(({ id }) => id === 49)
  const frames = client.frames.slice(before).map((frame) => frame.split('\n'))
  assert.ok(Math.max(...frames.map(({ length }) => length)) <= 16)
  assert.deepEqual(
    frames.flat().map((text) => (JSON.parse(text) as { id: number }).id),
    ids,
  )
})

test('a path that is no endpoint is answered with 404, and an endpoint without an upgrade with 400', async () => {
  assert.equal(await refusedUpgrade({ wsUrl: `${server.wsUrl}/else` }), 404)
  assert.equal((await fetch(server.wsUrl.replace('ws:', 'http:'))).status, 400)
})

test('the SDK and a bare socket see the same connection', async (t) => {
  const sdk = newSdk(t, server, { token: await connectionToken('ann') })
  const connecting = next<{ client: string; transport: string }>(sdk, 'connected')
  await connected(sdk)
  const { client, transport } = await connecting
  assert.match(client, /^[0-9a-f-]{36}$/)
  assert.equal(transport, 'websocket')
})

test('[OTH1] rpc is not available, and a send that nobody awaits ends the connection', async (t) => {
  const client = await connectRaw(t, server, newUser())
  assert.equal(await client.ask('rpc', { method: 'anything', data: {} }), 108)
  client.send({ send: { data: {} } })
  assert.deepEqual(await client.closed, { code: 3508, reason: 'not available' })
  assert.equal(client.frames.filter((frame) => isPing(JSON.parse(frame) as object as Result)).length, 0)
})
