import assert from 'node:assert/strict'
import { test } from 'node:test'
import { channelToken, connectionToken, sign, startHub } from './fixture.ts'
import { connectRaw, errorCode, type Message, openRaw, refusedUpgrade } from './raw.ts'

test('[CON1] a connect is answered with who one is and how to stay', async (t) => {
  const client = await openRaw(t, await startHub(t))
  const exp = Math.floor(Date.now() / 1000) + 100
  const result = (await client.ask('connect', { token: await connectionToken('ann', { exp }) })) as Record<
    string,
    unknown
  >
  assert.match(String(result['client']), /^[0-9a-f-]{36}$/)
  assert.equal(result['ping'], 25)
  assert.equal(result['pong'], true)
  assert.equal(result['expires'], true)
  assert.ok(Number(result['ttl']) > 90 && Number(result['ttl']) <= 100)
  assert.equal(typeof result['version'], 'string')
})

test('[CON1] a token that never ends gives a connection that never expires', async (t) => {
  const client = await openRaw(t, await startHub(t))
  const result = (await client.ask('connect', { token: await sign({ sub: 'ann' }) })) as Record<string, unknown>
  assert.equal('expires' in result || 'ttl' in result, false)
})

test('[CON2] connect comes first and once', async (t) => {
  const hub = await startHub(t)
  const token = await connectionToken('ann')
  const subscription = { channel: 'plain:x' }
  for (const frame of [
    [{ id: 1, subscribe: subscription }],
    [{}],
    [
      { id: 1, connect: { token } },
      { id: 2, connect: { token } },
    ],
  ]) {
    const client = await openRaw(t, hub)
    client.send(...frame)
    assert.deepEqual(await client.closed, { code: 3501, reason: 'bad request' })
  }
})

test('[CON3] who says nothing is sent away', async (t) => {
  const client = await openRaw(t, await startHub(t, { client: { staleCloseDelaySeconds: 0.05 } }))
  assert.deepEqual(await client.closed, { code: 3502, reason: 'stale' })
})

test('[CON3] who connected in time stays', async (t) => {
  const fixture = await startHub(t, { client: { staleCloseDelaySeconds: 0.05 } })
  const [ann, silent] = [await connectRaw(t, fixture, 'ann'), await openRaw(t, fixture)]
  await silent.closed
  assert.deepEqual(await ann.ask('unsubscribe', { channel: 'plain:x' }), {})
})

test('[CON4] nobody connects without a token', async (t) => {
  const client = await openRaw(t, await startHub(t))
  client.send({ id: 1, connect: {} })
  assert.equal((await client.closed).code, 3501)
})

test('[CON4] anonymous connections are an option', async (t) => {
  const client = await openRaw(t, await startHub(t, { client: { allowAnonymousConnectWithoutToken: true } }))
  assert.ok((await client.call('connect'))['connect'])
  assert.equal(await client.ask('subscribe', { channel: 'plain:x' }), 103)
  assert.equal(await client.ask('publish', { channel: 'plain:x', data: 1 }), 103)
})

test('[CON5] after a refused connect nothing is done any more', async (t) => {
  const fixture = await startHub(t, { client: { closeTimeoutSeconds: 0.05 } })
  const [client, other] = [await openRaw(t, fixture), await connectRaw(t, fixture, 'bob')]
  await other.subscribe('plain:x')
  const expired = await connectionToken('ann', { exp: 1 })
  client.send(
    { id: 1, connect: { token: expired } },
    { id: 2, publish: { channel: 'plain:x', data: 'never' } },
    { id: 3, connect: { token: await connectionToken('ann') } },
  )
  assert.equal(errorCode(await client.next((message) => message['id'] === 1)), 109)
  await client.closed
  assert.deepEqual([client.rest(), other.rest()], [[], []])
})

test('[CON6] one frame connects, subscribes and publishes in order', async (t) => {
  const client = await openRaw(t, await startHub(t))
  client.send(
    { id: 1, connect: { token: await connectionToken('ann') } },
    { id: 2, subscribe: { channel: 'personal:ann', token: await channelToken('ann', 'personal:ann') } },
    { id: 3, subscribe: { channel: 'plain:x' } },
    { id: 4, publish: { channel: 'plain:x', data: 1 } },
    { id: 5, unsubscribe: { channel: 'personal:ann' } },
  )
  await client.next((message) => message['id'] === 5)
  const messages = client.frames
    .join('\n')
    .split('\n')
    .map((text) => JSON.parse(text) as { id?: number })
  assert.deepEqual(
    messages.flatMap(({ id }) => id ?? []),
    [1, 2, 3, 4, 5],
  )
})

const malformed: Record<string, string> = {
  'an empty frame': '',
  'two line feeds': '{}\n\n{}',
  'no JSON': '{"id":1,',
  'an array': '[{"id":1}]',
  'a number': '7',
  'a negative id': '{"id":-1,"unsubscribe":{"channel":"plain:x"}}',
  'an id over 32 bits': '{"id":4294967296,"unsubscribe":{"channel":"plain:x"}}',
  'an id in words': '{"id":"1","unsubscribe":{"channel":"plain:x"}}',
  'a method that nobody knows': '{"id":2,"dance":{}}',
  'a method that is no object': '{"id":2,"subscribe":"plain:x"}',
  'no method': '{"id":2}',
  'a channel that is no string': '{"id":2,"subscribe":{"channel":["plain:x"]}}',
  'a fractional offset': '{"id":2,"subscribe":{"channel":"plain:x","offset":1.5}}',
  'a negative offset': '{"id":2,"subscribe":{"channel":"open:x","recover":true,"offset":-1}}',
  'an offset over 64 bits': '{"id":2,"subscribe":{"channel":"open:x","recover":true,"offset":36893488147419103232}}',
  'a position of a wrong type': '{"id":2,"history":{"channel":"open:x","since":{"offset":"1"}}}',
}

for (const [what, frame] of Object.entries(malformed)) {
  test(`[CON7] ${what} ends the connection`, async (t) => {
    const fixture = await startHub(t)
    const [client, other] = [await connectRaw(t, fixture, 'ann'), await connectRaw(t, fixture, 'bob')]
    client.send(frame)
    assert.deepEqual(await client.closed, { code: 3501, reason: 'bad request' })
    assert.deepEqual(await other.ask('unsubscribe', { channel: 'plain:x' }), {}, 'another client is not affected')
  })
}

test('[CON7] what stood before a malformed command is done', async (t) => {
  const fixture = await startHub(t)
  const [client, other] = [await connectRaw(t, fixture, 'ann'), await connectRaw(t, fixture, 'bob')]
  await other.subscribe('plain:x')
  client.send({ id: 2, publish: { channel: 'plain:x', data: 'before' } }, 'garbage', {
    id: 3,
    publish: { channel: 'plain:x', data: 'after' },
  })
  assert.equal((await client.closed).code, 3501)
  await fixture.hub.publish('plain:x', 'last')
  const heard = [await other.nextPush(), await other.nextPush()].map((push) => (push['pub'] as { data: unknown }).data)
  assert.deepEqual(heard, ['before', 'last'])
})

test('[CON7] unknown members, null members and a last line feed are fine', async (t) => {
  const client = await connectRaw(t, await startHub(t), 'ann')
  client.send('{"id":7,"x":{"y":1},"connect":null,"subscribe":{"channel":"plain:x","epoch":null,"z":[]}}\n')
  assert.deepEqual((await client.next((message) => message['id'] === 7))['subscribe'], {})
})

test('[CON8] foreign origins are refused, requests without one are not', async (t) => {
  const patterns = await startHub(t, { allowedOrigins: ['https://chat.example.com', 'https://*.example.org'] })
  for (const origin of [
    'https://evil.com',
    'null',
    'https://chat.example.com.evil.com',
    'https://good.evil.com',
    'http://chat.example.com',
    'https://example.org',
  ]) {
    assert.equal(await refusedUpgrade(patterns, { origin }), 403, origin)
  }
  await openRaw(t, patterns)
  for (const origin of ['https://chat.example.com', 'https://CHAT.example.com', 'https://a.b.example.org']) {
    await openRaw(t, patterns, { origin })
  }
})

test('[CON8] a function decides about origins, and one that fails refuses', async (t) => {
  const fixture = await startHub(t, { checkOrigin: ({ headers }) => headers.origin === `http://${headers.host}` })
  const { host } = new URL(fixture.url)
  await openRaw(t, fixture, { origin: `http://${host}` })
  assert.equal(await refusedUpgrade(fixture, { origin: 'http://elsewhere' }), 403)
  const broken = await startHub(t, {
    checkOrigin: () => {
      throw new Error('broken')
    },
  })
  assert.equal(await refusedUpgrade(broken, { origin: 'http://elsewhere' }), 403)
})

test('[CON8] without a rule no origin is let in', async (t) => {
  assert.equal(await refusedUpgrade(await startHub(t), { origin: 'http://127.0.0.1' }), 403)
})

test('[CON9] a subprotocol that is known is chosen', async (t) => {
  const fixture = await startHub(t)
  const chosen = async (...offered: string[]) => (await openRaw(t, fixture, {}, offered)).socket.protocol
  assert.equal(await chosen('centrifuge-protobuf', 'centrifuge-json'), 'centrifuge-json')
  assert.equal(await chosen('centrifuge-protobuf'), 'centrifuge-protobuf')
})

test('[CON12] the reply to connect tells the time where that is wanted', async (t) => {
  const fixture = await startHub(t, { client: { connectIncludeServerTime: true } })
  const client = await openRaw(t, fixture)
  const reply = await client.call('connect', { token: await connectionToken('ann') })
  const { time } = reply['connect'] as { time: number }
  assert.ok(Math.abs(time - Date.now()) < 60_000)
})

test('[CON13] an insecure hub lets everybody do everything', async (t) => {
  const fixture = await startHub(t, { client: { insecure: true, expiredCloseDelaySeconds: 0.01 } })
  const client = await openRaw(t, fixture)
  const reply = await client.call('connect', {})
  assert.ok(reply['connect'])
  assert.equal(errorCode(await client.call('subscribe', { channel: '$room:1' })), 103)
  await client.subscribe('room:1')
  assert.deepEqual(await client.call('publish', { channel: 'room:1', data: 1 }), { id: 4, publish: {} })
  assert.equal(((await client.nextPush())['pub'] as Message)['data'], 1)
  const expiring = await openRaw(t, fixture)
  const token = await connectionToken('ann', { exp: Math.floor(Date.now() / 1000) + 1 })
  assert.equal(((await expiring.call('connect', { token }))['connect'] as Message)['expires'], undefined)
})

test('[CON10] what one turn brings shares frames of up to 16 messages', async (t) => {
  const fixture = await startHub(t)
  const client = await connectRaw(t, fixture, 'ann')
  await client.subscribe('plain:x')
  const before = client.frames.length
  await Promise.all(Array.from({ length: 40 }, (_, n) => fixture.hub.publish('plain:x', n)))
  await client.next((message) => JSON.stringify(message).includes('"data":39'))
  const sizes = client.frames.slice(before).map((frame) => frame.split('\n').length)
  assert.deepEqual(sizes, [16, 16, 8])
})
