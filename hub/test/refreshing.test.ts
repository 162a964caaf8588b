import assert from 'node:assert/strict'
import { test } from 'node:test'
import { channelToken, connectionToken, connectSdk, newSdk, next, startHub } from './fixture.ts'
import { connectRaw, errorCode, openRaw, subscribeWithToken } from './raw.ts'

const inSeconds = (seconds: number) => Date.now() / 1000 + seconds
const quick = { client: { expiredCloseDelaySeconds: 0.05 } }

test('[REF1] a refresh prolongs the connection and renews what others see', async (t) => {
  const fixture = await startHub(t, quick)
  const client = await connectRaw(t, fixture, 'ann', { exp: inSeconds(1.5), info: { name: 'Ann' } })
  await subscribeWithToken(client, 'ann', 'here:1')
  const result = (await client.ask('refresh', {
    token: await connectionToken('ann', { exp: inSeconds(100), info: { name: 'Ann B.' } }),
  })) as { expires: boolean; ttl: number }
  assert.equal(result.expires, true)
  assert.ok(result.ttl > 90)
  const other = await connectRaw(t, fixture, 'bob', { exp: inSeconds(1.5) })
  assert.equal((await other.closed).code, 3005)
  assert.deepEqual(Object.values(fixture.hub.presence('here:1').presence)[0]?.conn_info, { name: 'Ann B.' })
})

test('[REF1] the SDK refreshes by itself and stays connected', async (t) => {
  const fixture = await startHub(t)
  let asked = 0
  const codes: number[] = []
  await new Promise<void>((resolve) => {
    const sdk = newSdk(t, fixture, {
      getToken: () => {
        if (++asked === 3) resolve()
        return connectionToken('ann', { exp: inSeconds(1) })
      },
    })
    sdk.on('connecting', ({ code }) => codes.push(code))
    sdk.connect()
  })
  assert.deepEqual(codes, [0], 'it connected once and never lost the connection')
})

test('[REF2] who does not refresh is sent away after the grace', async (t) => {
  const client = await connectRaw(t, await startHub(t, quick), 'ann', { exp: inSeconds(1.5) })
  assert.deepEqual(await client.closed, { code: 3005, reason: 'connection expired' })
})

test('[REF3] a refresh needs a good token of the same user', async (t) => {
  const fixture = await startHub(t)
  for (const [token, code] of [
    [await connectionToken('ann', { exp: 1 }), 3005],
    [await connectionToken('bob'), 3500],
    [await channelToken('ann', 'room:1'), 3500],
    ['nonsense', 3500],
    ['', 3501],
  ] as const) {
    const client = await connectRaw(t, fixture, 'ann')
    client.send({ id: 2, refresh: { token } })
    assert.equal((await client.closed).code, code)
  }
})

test('[REF4] a refresh prolongs the subscription', async (t) => {
  const fixture = await startHub(t, quick)
  const client = await connectRaw(t, fixture, 'ann')
  const short = async (channel: string) => ({ token: await channelToken('ann', channel, { exp: inSeconds(1.5) }) })
  assert.equal((await client.subscribe('room:1', await short('room:1')))['expires'], true)
  const result = (await client.ask('sub_refresh', {
    channel: 'room:1',
    token: await channelToken('ann', 'room:1', { exp: inSeconds(100) }),
  })) as { expires: boolean; ttl: number }
  assert.ok(result.expires && result.ttl > 90)
  await client.subscribe('room:2', await short('room:2'))
  assert.equal((await client.nextPush())['channel'], 'room:2', 'which ends, and the refreshed one does not')
  await fixture.hub.publish('room:1', 'still there')
  assert.equal((await client.nextPush())['channel'], 'room:1')
})

test('[REF5] a subscription that is not refreshed ends, and nothing more is heard', async (t) => {
  const fixture = await startHub(t, quick)
  const client = await connectRaw(t, fixture, 'ann')
  await client.subscribe('room:1', { token: await channelToken('ann', 'room:1', { exp: inSeconds(1.5) }) })
  assert.deepEqual(await client.nextPush(), {
    channel: 'room:1',
    unsubscribe: { code: 2501, reason: 'subscription expired' },
  })
  await fixture.hub.publish('room:1', 'unheard')
  assert.deepEqual(await client.ask('unsubscribe', { channel: 'room:1' }), {})
  assert.deepEqual(client.rest(), [])
})

test('[REF5] the SDK subscribes again after its subscription expired', async (t) => {
  const fixture = await startHub(t, quick)
  const sdk = await connectSdk(t, fixture, 'ann')
  const tokens = [await channelToken('ann', 'room:1', { exp: inSeconds(1.5) }), await channelToken('ann', 'room:1')]
  const subscription = sdk.newSubscription('room:1', {
    getToken: async () => tokens.shift() ?? '',
    minResubscribeDelay: 10,
  })
  subscription.subscribe()
  await subscription.ready(5000)
  await next(subscription, 'subscribed')
})

test('[REF6] a refresh of a subscription needs one, and a good token for it', async (t) => {
  const fixture = await startHub(t)
  const client = await connectRaw(t, fixture, 'ann')
  const token = await channelToken('ann', 'room:1')
  assert.equal(await client.ask('sub_refresh', { channel: 'room:1', token }), 103)
  await client.subscribe('room:1', { token })
  assert.equal(await client.ask('sub_refresh', { channel: 'room:1' }), 107)
  const expired = await client.call('sub_refresh', {
    channel: 'room:1',
    token: await channelToken('ann', 'room:1', { exp: 1 }),
  })
  assert.equal(errorCode(expired), 110)
  assert.equal((expired['error'] as { temporary: boolean }).temporary, true)
  for (const wrong of ['nonsense', await connectionToken('ann'), await channelToken('ann', 'room:2')]) {
    const other = await openRaw(t, fixture)
    await other.call('connect', { token: await connectionToken('ann') })
    await other.subscribe('room:1', { token })
    other.send({ id: 9, sub_refresh: { channel: 'room:1', token: wrong } })
    assert.equal((await other.closed).code, 3500)
  }
})
