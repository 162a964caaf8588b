import assert from 'node:assert/strict'
import { test } from 'node:test'
import { channelToken, connectionToken, connectSdk, newSdk, next } from '../test/fixture.ts'
import { connectRaw, type Message, type RawClient, subscribeWithToken } from '../test/raw.ts'
import { nextPublication, startApi, type TestApi } from './api-fixture.ts'

async function idOf(api: TestApi, client: RawClient): Promise<string> {
  await client.subscribe('open:who')
  const { presence } = (await api.ask('presence', { channel: 'open:who' })) as { presence: object }
  await client.ask('unsubscribe', { channel: 'open:who' })
  return Object.keys(presence)[0] ?? ''
}

const alive = (client: RawClient) => client.ask('unsubscribe', { channel: 'plain:other' })

test('[API11] unsubscribing takes the channel away from all connections, and tells the SDK 2000', async (t) => {
  const api = await startApi(t)
  const sdk = await connectSdk(t, api, 'ann')
  const subscription = sdk.newSubscription('room:1', { getToken: () => channelToken('ann', 'room:1') })
  subscription.subscribe()
  await subscription.ready(5000)
  const other = await connectRaw(t, api, 'ann')
  await subscribeWithToken(other, 'ann', 'room:1')
  const told = next<{ code: number }>(subscription, 'unsubscribed')
  assert.deepEqual(await api.call('unsubscribe', { user: 'ann', channel: 'room:1' }), { result: {} })
  assert.equal((await told).code, 2000)
  const unsubscribe = { code: 2000, reason: 'server unsubscribe' }
  assert.deepEqual(await other.nextPush(), { channel: 'room:1', unsubscribe })
})

test('[API11] one connection can be meant, by its client id', async (t) => {
  const api = await startApi(t)
  const [first, second] = [await connectRaw(t, api, 'ann'), await connectRaw(t, api, 'ann')]
  const client = await idOf(api, second)
  for (const each of [first, second]) await each.subscribe('plain:x')
  await api.ask('unsubscribe', { user: 'ann', channel: 'plain:x', client })
  assert.equal((await second.nextPush())['channel'], 'plain:x')
  await api.ask('publish', { channel: 'plain:x', data: 1 })
  assert.deepEqual((await nextPublication(first)).pub, { data: 1 })
  await api.ask('disconnect', { user: 'ann', client, disconnect: { code: 4001, reason: 'moved' } })
  assert.deepEqual(await second.closed, { code: 4001, reason: 'moved' })
  await api.ask('disconnect', { user: 'ann', session: 'none' })
  assert.deepEqual(await alive(first), {})
})

test('[API11] disconnecting tells the SDK 3503, or what is wished for', async (t) => {
  const api = await startApi(t)
  const sdk = await connectSdk(t, api, 'ann')
  const told = next<{ code: number }>(sdk, 'disconnected')
  assert.deepEqual(await api.call('disconnect', { user: 'ann' }), { result: {} })
  assert.equal((await told).code, 3503)
  const bob = await connectRaw(t, api, 'bob')
  await api.ask('disconnect', { user: 'bob', disconnect: { code: 3011, reason: 'come back' } })
  assert.deepEqual(await bob.closed, { code: 3011, reason: 'come back' })
})

test('[API11] who is on the whitelist stays', async (t) => {
  const api = await startApi(t)
  const [first, second] = [await connectRaw(t, api, 'ann'), await connectRaw(t, api, 'ann')]
  const client = await idOf(api, second)
  await api.ask('disconnect', { user: 'ann', whitelist: ['unknown', client] })
  assert.equal((await first.closed).code, 3503)
  assert.deepEqual(await alive(second), {})
})

test('[API11] what no close frame can carry is refused', async (t) => {
  const api = await startApi(t)
  const client = await connectRaw(t, api, 'ann')
  for (const disconnect of [{}, { code: 0 }, { code: 1000, reason: 'x' }, { code: 4000, reason: 'x'.repeat(124) }]) {
    assert.equal(await api.ask('disconnect', { user: 'ann', disconnect }), 107)
  }
  assert.deepEqual(await alive(client), {})
})

test('[API11] subscribing gives all connections of a user the channel', async (t) => {
  const api = await startApi(t)
  const sdk = await connectSdk(t, api, 'ann')
  const raw = await connectRaw(t, api, 'ann')
  const subscribed = next<{ channel: string; data: unknown }>(sdk, 'subscribed')
  const heard = next<{ channel: string; data: unknown }>(sdk, 'publication')
  const request = '{"user":"ann","channel":"room:1","data":{"big":12345678901234567890},"info":{"role":1.0}}'
  assert.deepEqual(await api.call('subscribe', request), { result: {} })
  assert.equal((await subscribed).channel, 'room:1')
  await raw.nextPush()
  assert.ok(raw.frames.at(-1)?.includes('"data":{"big":12345678901234567890}'), raw.frames.at(-1))
  await api.ask('publish', { channel: 'room:1', data: 'hello' })
  const { channel, data } = await heard
  assert.deepEqual({ channel, data }, { channel: 'room:1', data: 'hello' })
})

test('[API11] a subscription can begin where the user stopped, and differ from the namespace', async (t) => {
  const api = await startApi(t)
  const client = await connectRaw(t, api, 'ann')
  for (const data of [1, 2, 3]) await api.ask('publish', { channel: 'room:1', data })
  const { epoch } = (await api.ask('history', { channel: 'room:1' })) as Message
  await api.ask('subscribe', {
    user: 'ann',
    channel: 'room:1',
    recover_since: { offset: 1, epoch },
    b64info: Buffer.from('{"role":"guest"}').toString('base64'),
    override: { presence: { value: true }, join_leave: {}, force_recovery: null },
  })
  assert.equal((await client.nextPush())['channel'], 'room:1')
  assert.deepEqual([(await nextPublication(client)).pub['data'], (await nextPublication(client)).pub['data']], [2, 3])
  await api.ask('subscribe', { user: 'ann', channel: 'plain:x', override: { presence: { value: true } } })
  assert.equal((await client.nextPush())['channel'], 'plain:x')
  assert.equal(await api.ask('subscribe', { user: 'ann', channel: 'plain:y', b64info: 'bm8gSlNPTg==' }), 107)
})

test('[API7] infos are shown letter by letter', async (t) => {
  const api = await startApi(t)
  const client = await connectRaw(t, api, 'ann')
  await api.ask('subscribe', '{"user":"ann","channel":"open:x","info":{"id":12345678901234567890, "b":1,"a":2}}')
  await client.nextPush()
  const { text } = await api.post('/api/presence', '{"channel":"open:x"}')
  assert.ok(text.includes('"chan_info":{"id":12345678901234567890, "b":1,"a":2}'), text)
})

test('[API11] refreshing ends connections, or gives them another end and info', async (t) => {
  const api = await startApi(t, { hub: { client: { expiredCloseDelaySeconds: 0.01 } } })
  const [ann, bob] = [await connectRaw(t, api, 'ann'), await connectRaw(t, api, 'bob')]
  assert.deepEqual(await api.call('refresh', { user: 'ann', expired: true }), { result: {} })
  assert.equal((await ann.closed).code, 3005)
  await bob.subscribe('open:x')
  await api.ask('refresh', '{"user":"bob","expire_at":0,"info":{"n":1.0}}')
  const { text } = await api.post('/api/presence', '{"channel":"open:x"}')
  assert.ok(text.includes('"conn_info":{"n":1.0}'), text)
  await api.ask('refresh', { user: 'bob', expire_at: Math.floor(Date.now() / 1000) - 60 })
  assert.equal((await bob.closed).code, 3005)
})

test('[API11] for a user who is not there nothing is to be done', async (t) => {
  const api = await startApi(t)
  for (const user of ['nobody', '', undefined]) {
    const at = { user, channel: 'room:1' }
    for (const method of ['subscribe', 'unsubscribe', 'disconnect', 'refresh']) {
      assert.deepEqual(await api.call(method, at), { result: {} }, `${method} of ${user}`)
    }
  }
})

test('[API11] a user without a name is the anonymous ones', async (t) => {
  const api = await startApi(t, { hub: { client: { allowAnonymousConnectWithoutToken: true } } })
  const sdk = newSdk(t, api, {})
  sdk.connect()
  await sdk.ready(5000)
  const ann = newSdk(t, api, { token: await connectionToken('ann') })
  ann.connect()
  await ann.ready(5000)
  const told = next<{ code: number }>(sdk, 'disconnected')
  await api.ask('disconnect', {})
  assert.equal((await told).code, 3503)
  assert.equal(ann.state, 'connected')
})
