import assert from 'node:assert/strict'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { test } from 'node:test'
import type { ServerPublicationContext, ServerSubscribedContext } from 'centrifuge'
import { connectionToken, connectSdk, newSdk, next, startHub } from './fixture.ts'
import { Content } from '../protocol.ts'
import { LoopbackClient } from './loopback.ts'
import { connectRaw, errorCode, type Message, openRaw } from './raw.ts'

const subs = (...channels: string[]) => ({ subs: Object.fromEntries(channels.map((channel) => [channel, {}])) })

test('[SSS1] the channels of a token are subscribed at connect, without permission', async (t) => {
  const fixture = await startHub(t)
  const sdk = newSdk(t, fixture, { token: await connectionToken('ann', { channels: ['room:1', 'here:1'] }) })
  const subscribed: string[] = []
  sdk.on('subscribed', ({ channel }) => subscribed.push(channel))
  const heard = next<ServerPublicationContext>(sdk, 'publication')
  sdk.connect()
  await sdk.ready(5000)
  await fixture.hub.publish('room:1', 'hello')
  const { channel, data, offset } = await heard
  assert.deepEqual([channel, data, offset], ['room:1', 'hello', 1])
  assert.deepEqual(subscribed, ['room:1', 'here:1'])
})

test('[SSS1] subs win over channels and bring info and data', async (t) => {
  const fixture = await startHub(t)
  const claims = { channels: ['room:9'], subs: { 'here:1': { info: { role: 'owner' }, data: { hello: 1 } } } }
  const client = await openRaw(t, fixture)
  const reply = await client.call('connect', { token: await connectionToken('ann', claims) })
  const made = (reply['connect'] as Message)['subs'] as Record<string, Message>
  assert.deepEqual(Object.keys(made), ['here:1'])
  assert.deepEqual(made['here:1']?.['data'], { hello: 1 })
  const [info] = Object.values(fixture.hub.presence('here:1').presence)
  assert.deepEqual(info?.chan_info, { role: 'owner' })
})

test('[SSS2] a channel that cannot be fails the connect', async (t) => {
  const fixture = await startHub(t, { client: { channelLimit: 2 } })
  const unknown = await openRaw(t, fixture)
  const reply = await unknown.call('connect', { token: await connectionToken('ann', subs('here:1', 'nowhere:1')) })
  assert.equal(errorCode(reply), 102)
  assert.equal(fixture.hub.info().nodes[0]?.num_subs, 0)
  const greedy = await openRaw(t, fixture)
  greedy.send({ id: 1, connect: { token: await connectionToken('ann', subs('here:1', 'here:2', 'here:3')) } })
  assert.equal((await greedy.closed).code, 3505)
})

test('[SSS3] what was missed during a break comes with the next connect', async (t) => {
  const fixture = await startHub(t)
  const sdk = await connectSdk(t, fixture, 'ann', { token: await connectionToken('ann', subs('room:1')) })
  const heard: unknown[] = []
  sdk.on('publication', ({ data }) => heard.push(data))
  await fixture.hub.publish('room:1', 1)
  sdk.disconnect()
  await fixture.hub.publish('room:1', 2)
  await fixture.hub.publish('room:1', 3)
  const again = next<ServerSubscribedContext>(sdk, 'subscribed')
  sdk.connect()
  const { recovered, wasRecovering } = await again
  assert.deepEqual([recovered, wasRecovering], [true, true])
  while (heard.length < 3) await next(sdk, 'publication')
  assert.deepEqual(heard, [1, 2, 3])
})

test('[SSS5] a new token with other channels makes the client connect again', async (t) => {
  const fixture = await startHub(t)
  const client = await connectRaw(t, fixture, 'ann', subs('here:1'))
  const same = await client.call('refresh', { token: await connectionToken('ann', { channels: ['here:1'] }) })
  assert.equal(errorCode(same), undefined)
  client.send({ id: 9, refresh: { token: await connectionToken('ann', subs('here:2')) } })
  assert.equal((await client.closed).code, 3010)
})

test('[SSS6] every user has a channel of his own, and one connection if that is wanted', async (t) => {
  const fixture = await startHub(t, {
    client: { userPersonalChannel: { namespace: 'personal', isSingleConnection: true } },
  })
  const first = await openRaw(t, fixture)
  const reply = await first.call('connect', { token: await connectionToken('ann') })
  assert.deepEqual(Object.keys((reply['connect'] as Message)['subs'] as object), ['personal:#ann'])
  await connectRaw(t, fixture, 'bob')
  await connectRaw(t, fixture, 'ann')
  assert.equal((await first.closed).code, 3504)
  assert.equal(fixture.hub.info().nodes[0]?.num_clients, 2)
})

test('[SSS7] the server subscribes a user and tells the connections', async (t) => {
  const fixture = await startHub(t)
  const client = await connectRaw(t, fixture, 'ann')
  await fixture.hub.publish('room:1', 'before')
  const { epoch } = await fixture.hub.publish('room:1', 'missed')
  fixture.hub.subscribe('ann', 'room:1', { data: { x: 1 }, recoverSince: { offset: 1, epoch: epoch ?? '' } })
  assert.deepEqual(await client.nextPush(), {
    channel: 'room:1',
    subscribe: {
      recoverable: true,
      epoch,
      recovered: true,
      offset: 1,
      positioned: true,
      data: { x: 1 },
      was_recovering: true,
    },
  })
  assert.deepEqual(await client.nextPush(), { channel: 'room:1', pub: { data: 'missed', offset: 2 } })
  fixture.hub.subscribe('ann', 'room:1')
  await fixture.hub.publish('room:1', 'live')
  assert.deepEqual(await client.nextPush(), { channel: 'room:1', pub: { data: 'live', offset: 3 } })
  fixture.hub.unsubscribe('ann', 'room:1')
  assert.deepEqual(await client.nextPush(), {
    channel: 'room:1',
    unsubscribe: { code: 2000, reason: 'server unsubscribe' },
  })
  assert.throws(() => fixture.hub.subscribe('ann', 'nowhere:1'), { code: 102 })
})

test('[SSS8] a server-side subscription that expires ends the connection', async (t) => {
  const fixture = await startHub(t, { client: { expiredCloseDelaySeconds: 0.05 } })
  const client = await connectRaw(t, fixture, 'ann')
  fixture.hub.subscribe('ann', 'room:1', { expireAt: Date.now() / 1000 + 0.05 })
  assert.equal((await client.closed).code, 3006)
})

test('[SSS9] who has a channel from the server cannot subscribe to it again', async (t) => {
  const fixture = await startHub(t)
  const client = await connectRaw(t, fixture, 'ann', subs('open:1'))
  assert.equal(errorCode(await client.call('subscribe', { channel: 'open:1' })), 105)
})

test('[OTH6] the server gives a connection another info and another end', async (t) => {
  const fixture = await startHub(t, { client: { expiredCloseDelaySeconds: 0.05 } })
  const client = await connectRaw(t, fixture, 'ann', subs('here:1'))
  fixture.hub.refresh('ann', { info: { name: 'Ann' }, expireAt: Date.now() / 1000 + 3600 })
  assert.deepEqual(Object.values(fixture.hub.presence('here:1').presence)[0]?.conn_info, { name: 'Ann' })
  fixture.hub.refresh('ann', { expired: true })
  assert.equal((await client.closed).code, 3005)
})

test('[OTH7] channels with subscribers are listed', async (t) => {
  const fixture = await startHub(t)
  const [client] = [await connectRaw(t, fixture, 'ann'), await connectRaw(t, fixture, 'bob', subs('open:1'))]
  await client.subscribe('open:1')
  await client.subscribe('plain:1')
  assert.deepEqual(fixture.hub.channels(), {
    channels: { 'open:1': { num_clients: 2 }, 'plain:1': { num_clients: 1 } },
  })
  assert.deepEqual(fixture.hub.channels('pl*:1'), { channels: { 'plain:1': { num_clients: 1 } } })
})

test('[SSS4] a server-side subscription that misses a publication ends the connection', async (t) => {
  const client = new LoopbackClient(t)
  client.receive({ id: 1, connect: { token: await connectionToken('ann', subs('room:1')) } })
  await client.reply(1)
  const { epoch } = client.node.broker.history('room:1', { limit: 0 }).position
  void client.node.fanOut.add('room:1', { pub: { content: new Content('1'), offset: 5 } }, { epoch })
  while (client.ends.length === 0) await nextTurn()
  assert.equal(client.ends[0]?.code, 3010)
})

test('[SSS10] who comes back has again what the server gave and clients may have', async (t) => {
  const fixture = await startHub(t)
  const connect = async (subs: object) => {
    const client = await openRaw(t, fixture)
    return { client, reply: await client.call('connect', { token: await connectionToken('ann'), subs }) }
  }
  await fixture.hub.publish('open:1', 'missed')
  const { reply } = await connect({ 'open:1': {}, 'room:1': {}, '$open:1': {}, 'open:п': {} })
  assert.deepEqual(Object.keys((reply['connect'] as Message)['subs'] as object), ['open:1'])
  const client = await openRaw(t, fixture)
  client.send({ id: 1, connect: { token: await connectionToken('ann'), subs: { 'nowhere:1': {} } } })
  assert.equal((await client.closed).code, 3501)
})
