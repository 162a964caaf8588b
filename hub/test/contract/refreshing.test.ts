import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { UnauthorizedError } from 'centrifuge'
import { ask } from './api.ts'
import { newChannel, newUser } from './names.ts'
import { onlyOn } from './only.ts'
import { connectRaw, errorCode, type Message, openRaw } from './raw.ts'
import { connected, connectSdk, newSdk, next, subscribed } from './sdk.ts'
import { startServer } from './server.ts'
import { channelToken, connectionToken, secondsFromNow, sign } from './tokens.ts'
import { until } from './until.ts'

const server = await startServer(
  { after },
  {
    client: {
      expired_close_delay: '1s',
      expired_sub_close_delay: '1s',
      // Centrifugo looks at the expiry of subscriptions, and renews presence, at this pace.
      presence_update_interval: '1s',
    },
    channel: {
      namespaces: [
        { name: 'here', presence: true },
        { name: 'plain', allow_subscribe_for_client: true },
      ],
    },
  },
)

/** Tells time in whole seconds: good for one to two of them. */
const soon = () => ({ exp: secondsFromNow(2) })

type Info = { presence: Record<string, { conn_info?: unknown; chan_info?: unknown }> }
const infoIn = async (channel: string) => Object.values((await ask<Info>(server, 'presence', { channel })).presence)[0]

describe('expiring', { concurrency: true }, () => {
  test('[REF2] a connection that is not refreshed is told 3005', async (t) => {
    const client = await connectRaw(t, server, newUser(), soon())
    assert.deepEqual(await client.closed, { code: 3005, reason: 'connection expired' })
  })

  test('[REF1] a connection that is refreshed stays, and others see its new info', async (t) => {
    const [user, here] = [newUser(), newChannel('here')]
    const [client, other] = [await connectRaw(t, server, user, soon()), await connectRaw(t, server, newUser(), soon())]
    await client.subscribe(here, { token: await channelToken(user, here) })
    const result = (await client.ask('refresh', { token: await connectionToken(user, { info: 'new' }) })) as Message
    assert.equal(result['expires'], true)
    assert.ok(Number(result['ttl']) > 3000)
    await other.closed
    assert.deepEqual(await client.ask('unsubscribe', { channel: 'plain:x' }), {})
    await until(async () => (await infoIn(here))?.conn_info === 'new')
  })

  test('[REF1] a refresh without an end makes a connection that does not expire', async (t) => {
    const user = newUser()
    const [client, other] = [await connectRaw(t, server, user, soon()), await connectRaw(t, server, newUser(), soon())]
    const result = (await client.ask('refresh', { token: await sign({ sub: user }) })) as Message
    assert.equal('expires' in result || 'ttl' in result, false)
    await other.closed
    assert.deepEqual(await client.ask('unsubscribe', { channel: 'plain:x' }), {})
  })

  test('[REF5] a subscription that is not refreshed ends with 2501, and the connection stays', async (t) => {
    const [user, here] = [newUser(), newChannel('here')]
    const client = await connectRaw(t, server, user)
    await client.subscribe(here, { token: await channelToken(user, here, soon()) })
    assert.deepEqual(await client.next(), {
      push: { channel: here, unsubscribe: { code: 2501, reason: 'subscription expired' } },
    })
    assert.deepEqual(await ask(server, 'presence', { channel: here }), { presence: {} })
    assert.deepEqual(await client.ask('unsubscribe', { channel: 'plain:x' }), {})
  })

  test('[REF4] a subscription that is refreshed stays, and others see its new info', async (t) => {
    const [user, here, other] = [newUser(), newChannel('here'), newChannel('here')]
    const client = await connectRaw(t, server, user)
    for (const channel of [here, other]) {
      await client.subscribe(channel, { token: await channelToken(user, channel, soon()) })
    }
    const token = await channelToken(user, here, { info: 'new' })
    const result = (await client.ask('sub_refresh', { channel: here, token })) as Message
    assert.equal(result['expires'], true)
    assert.ok(Number(result['ttl']) > 3000)
    assert.equal(((await client.next())['push'] as Message)['channel'], other)
    await until(async () => (await infoIn(here))?.chan_info === 'new')
    assert.equal(await client.ask('subscribe', { channel: here }), 105)
  })

  test('[SSS8] a subscription by the server that expires ends the connection with 3006', async (t) => {
    const [user, here] = [newUser(), newChannel('here')]
    const client = await connectRaw(t, server, user)
    await ask(server, 'subscribe', { user, channel: here, expire_at: soon().exp })
    assert.deepEqual(await client.closed, { code: 3006, reason: 'subscription expired' })
  })

  test('[OTH6] the server API gives a connection another end', async (t) => {
    const user = newUser()
    const client = await connectRaw(t, server, user)
    await ask(server, 'refresh', { user, expire_at: soon().exp })
    assert.equal((await client.closed).code, 3005)
  })

  test('[REF1] the SDK asks for a new token in time and stays connected', async (t) => {
    const user = newUser()
    const tokens = [await connectionToken(user, soon()), await connectionToken(user)]
    const sdk = newSdk(t, server, { getToken: async () => tokens.shift() ?? '' })
    let connections = 0
    sdk.on('connected', () => connections++)
    await connected(sdk)
    const other = await connectRaw(t, server, newUser(), soon())
    await until(() => tokens.length === 0)
    await other.closed
    assert.equal(sdk.state, 'connected')
    assert.equal(connections, 1)
  })

  test('[REF4] the SDK asks for a new subscription token in time and stays subscribed', async (t) => {
    const [user, here, other] = [newUser(), newChannel('here'), newChannel('here')]
    const sdk = await connectSdk(t, server, user)
    const tokens = [await channelToken(user, here, soon()), await channelToken(user, here)]
    const subscription = sdk.newSubscription(here, { getToken: async () => tokens.shift() ?? '' })
    let times = 0
    subscription.on('subscribed', () => times++)
    await subscribed(subscription)
    const raw = await connectRaw(t, server, user)
    await raw.subscribe(other, { token: await channelToken(user, other, soon()) })
    await until(() => tokens.length === 0)
    await raw.next()
    assert.equal(subscription.state, 'subscribed')
    assert.equal(times, 1)
  })

  test('[REF5] the SDK subscribes again after its subscription expired', async (t) => {
    const [user, here] = [newUser(), newChannel('here')]
    const sdk = await connectSdk(t, server, user)
    let calls = 0
    const getToken = async () => {
      if (++calls === 1) throw new Error('Out of reach, just when it was needed.')
      return channelToken(user, here)
    }
    const token = await channelToken(user, here, soon())
    const subscription = sdk.newSubscription(here, { token, getToken, minResubscribeDelay: 10 })
    await subscribed(subscription)
    const subscribing = await next<{ code: number }>(subscription, 'subscribing')
    assert.equal(subscribing.code, 2501)
    await subscription.ready(5000)
  })
})

test('[REF3] a bad refresh ends the connection', async (t) => {
  const user = newUser()
  const refused: Array<[object, number]> = [
    [{ token: await connectionToken(user, { exp: secondsFromNow(-1) }) }, 3005],
    [{ token: 'nonsense' }, 3500],
    [{ token: await sign({ sub: user }, 'another secret, which is long enough') }, 3500],
    [{ token: await connectionToken(newUser('bob')) }, 3500],
    [{ token: await channelToken(user, 'here:x') }, 3500],
    [{}, 3501],
  ]
  for (const [request, code] of refused) {
    const client = await connectRaw(t, server, user)
    client.send({ id: 5, refresh: request })
    assert.equal((await client.closed).code, code, JSON.stringify(request))
  }
})

test('[REF6] a sub_refresh without a subscription, or without a token, is refused', async (t) => {
  const [user, here] = [newUser(), newChannel('here')]
  const client = await connectRaw(t, server, user)
  const token = await channelToken(user, here)
  assert.equal(await client.ask('sub_refresh', { channel: here, token }), 103)
  await client.subscribe(here, { token })
  assert.equal(await client.ask('sub_refresh', { channel: here }), 107)
})

test('[REF6] a sub_refresh with a token of something else ends the connection', async (t) => {
  const [user, here] = [newUser(), newChannel('here')]
  const refused: Array<[object, number]> = [
    [{ channel: here, token: 'nonsense' }, 3500],
    [{ channel: here, token: await channelToken(user, newChannel('here')) }, 3500],
    [{ channel: here, token: await channelToken(newUser('bob'), here) }, 3500],
    [{ channel: here, token: await channelToken(user, here, { client: 'another' }) }, 3500],
    [{ token: await channelToken(user, here) }, 3501],
  ]
  for (const [request, code] of refused) {
    const client = await connectRaw(t, server, user)
    await client.subscribe(here, { token: await channelToken(user, here) })
    client.send({ id: 5, sub_refresh: request })
    assert.equal((await client.closed).code, code, JSON.stringify(request))
  }
})

const prolongs = 'Centrifugo answers a sub_refresh with an expired token with success, and the subscription never ends.'

test('[REF6] a sub_refresh with an expired token is a temporary error', onlyOn('hub', prolongs), async (t) => {
  const [user, here] = [newUser(), newChannel('here')]
  const client = await connectRaw(t, server, user)
  await client.subscribe(here, { token: await channelToken(user, here) })
  const token = await channelToken(user, here, { exp: secondsFromNow(-1) })
  const { error } = await client.call('sub_refresh', { channel: here, token })
  assert.deepEqual(error, { code: 110, message: 'expired', temporary: true })
})

const terminal = 'Centrifugo answers error 110, which the SDK takes for final; 109 makes it ask for a new token.'

test('[TOK2] an expire_at that is past is error 109', onlyOn('hub', terminal), async (t) => {
  const client = await openRaw(t, server)
  const token = await connectionToken('ann', { expire_at: secondsFromNow(-10) })
  assert.equal(errorCode(await client.call('connect', { token })), 109)
})

test('the SDK asks for a token when its first one was too old', async (t) => {
  const user = newUser()
  const token = await connectionToken(user, { exp: secondsFromNow(-10) })
  const sdk = newSdk(t, server, { token, getToken: () => connectionToken(user) })
  await connected(sdk)
})

test('the SDK gives up without a right to connect', async (t) => {
  const sdk = newSdk(t, server, {
    getToken: async () => {
      throw new UnauthorizedError('signed out')
    },
  })
  const disconnected = next<{ code: number }>(sdk, 'disconnected')
  sdk.connect()
  assert.equal((await disconnected).code, 1)
})
