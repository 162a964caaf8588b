import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { UnauthorizedError } from 'centrifuge'
import { told } from './journal.ts'
import { newChannel, startProgram, withTokens } from './program.ts'
import { connectSdk, journalOf, journalOfSubscription, speakers, subscribe, webSocket } from './sdk.ts'
import { channelToken, connectionToken, inSeconds } from './tokens.ts'

const hub = await startProgram(withTokens)
const secretChannel = () => `$${newChannel()}`
const quick = { minResubscribeDelay: 10, maxResubscribeDelay: 50 }

describe('subscription tokens', { concurrency: true }, () => {
  for (const speaker of speakers) {
    const connectAnn = async (t: Parameters<typeof connectSdk>[0]) =>
      connectSdk(t, hub, speaker, { token: await connectionToken('ann') })

    test(`over ${speaker.name} a token opens a channel, with its info and data`, async (t) => {
      const sdk = await connectAnn(t)
      const channel = secretChannel()
      const token = await channelToken('ann', channel, { info: { role: 'owner' }, data: { hello: 'Ann' } })
      const { journal } = await subscribe(sdk, channel, { token })
      assert.deepEqual(speaker.decode((await journal.first('subscribed')).data), { hello: 'Ann' })
      assert.deepEqual(speaker.decode((await journal.first('join')).info?.chanInfo), { role: 'owner' })
      await sdk.publish(channel, speaker.encode(1))
      assert.deepEqual(speaker.decode((await journal.first('publication')).info?.chanInfo), { role: 'owner' })
    })

    test(`over ${speaker.name} getToken is asked for the channel where there is no token, and not again`, async (t) => {
      const sdk = await connectAnn(t)
      const asked: string[] = []
      const getToken = async ({ channel }: { channel: string }) => {
        asked.push(channel)
        return channelToken('ann', channel)
      }
      const { subscription, journal } = await subscribe(sdk, secretChannel(), { getToken })
      subscription.unsubscribe()
      subscription.subscribe()
      await journal.nth('subscribed', 2)
      sdk.disconnect()
      sdk.connect()
      await journal.nth('subscribed', 3)
      assert.deepEqual(asked, [subscription.channel])
    })

    test(`over ${speaker.name} an expired token is error 109 and replaced`, async (t) => {
      const sdk = await connectAnn(t)
      const channel = secretChannel()
      const { journal } = await subscribe(sdk, channel, {
        token: await channelToken('ann', channel, { exp: inSeconds(-1) }),
        getToken: () => channelToken('ann', channel),
      })
      const { type, error } = await journal.first('error')
      assert.deepEqual([type, error?.code, error?.message], ['subscribe', 109, 'token expired'])
    })

    test(`over ${speaker.name} what a token does not open is refused`, async (t) => {
      const sdk = await connectAnn(t)
      const [expired, forged, none] = [secretChannel(), secretChannel(), secretChannel()]
      for (const { channel, token, code, reason } of [
        {
          channel: expired,
          token: await channelToken('ann', expired, { exp: inSeconds(-1) }),
          code: 1,
          reason: 'unauthorized',
        },
        { channel: forged, token: 'nonsense', code: 103, reason: 'permission denied' },
        { channel: none, token: '', code: 103, reason: 'permission denied' },
      ]) {
        const subscription = sdk.newSubscription(channel, { token })
        const journal = journalOfSubscription(subscription)
        subscription.subscribe()
        assert.deepEqual(told(await journal.first('unsubscribed')), { channel, code, reason })
      }
      assert.equal(sdk.state, 'connected')
    })

    test(`over ${speaker.name} another channel's or user's token ends the connection`, async (t) => {
      for (const token of [await channelToken('ann', 'other'), await channelToken('bob', '$mine')]) {
        const sdk = await connectAnn(t)
        const journal = journalOf(sdk)
        sdk.newSubscription('$mine', { token }).subscribe()
        assert.deepEqual(told(await journal.first('disconnected')), { code: 3500, reason: 'invalid token' })
      }
    })

    test(`over ${speaker.name} a subscription outlives its first token`, async (t) => {
      const sdk = await connectAnn(t)
      const clients = journalOf(sdk)
      const channel = secretChannel()
      const token = await channelToken('ann', channel, { exp: inSeconds(2) })
      let asked = 0
      const getToken = () => channelToken('ann', channel, { info: { refreshed: ++asked } })
      const { journal } = await subscribe(sdk, channel, { token, getToken })
      const isRefreshed = async () =>
        Object.values((await sdk.presence(channel)).clients).every((info) => 'chanInfo' in told(info))
      while (!(await isRefreshed())) await new Promise(setImmediate)
      assert.deepEqual([asked, journal.names('subscribed', 'subscribing', 'error')], [1, ['subscribing', 'subscribed']])
      assert.deepEqual(clients.entries, [])
    })

    test(`over ${speaker.name} a subscription that may not be refreshed ends on both sides`, async (t) => {
      const sdk = await connectAnn(t)
      const channel = secretChannel()
      const token = await channelToken('ann', channel, { exp: inSeconds(2) })
      const { journal } = await subscribe(sdk, channel, { token, getToken: async () => '' })
      assert.deepEqual(await journal.first('unsubscribed'), { channel, code: 1, reason: 'unauthorized' })
      while ((await sdk.presenceStats(channel)).numClients > 0) await new Promise(setImmediate)
    })
  }

  test('an UnauthorizedError of getToken ends a subscription, other errors are tried again', async (t) => {
    const sdk = await connectSdk(t, hub, webSocket, { token: await connectionToken('ann') })
    let asked = 0
    const subscription = sdk.newSubscription(secretChannel(), {
      ...quick,
      getToken: () => Promise.reject(++asked < 3 ? new Error('no network') : new UnauthorizedError('no')),
    })
    const journal = journalOfSubscription(subscription)
    subscription.subscribe()
    const { code, reason } = await journal.first('unsubscribed')
    assert.deepEqual([code, reason], [1, 'unauthorized'])
    assert.deepEqual(
      journal.all('error').map(({ type, error }) => [type, error?.code]),
      [
        ['subscribeToken', 8],
        ['subscribeToken', 8],
      ],
    )
  })

  test('getData and getState may fail and are asked again', async (t) => {
    const sdk = await connectSdk(t, hub, webSocket, { token: await connectionToken('ann') })
    let data = 0
    let state = 0
    const { journal } = await subscribe(sdk, newChannel(), {
      getData: () => (++data === 1 ? Promise.reject(new Error('no data')) : Promise.resolve({ data })),
      getState: () =>
        ++state === 1 ? Promise.reject(new Error('no state')) : Promise.resolve({ offset: 0, epoch: '' }),
    })
    assert.deepEqual(
      journal.all('error').map(({ type, error }) => [type, error?.code]),
      [
        ['subscribe', 13],
        ['subscribeData', 12],
      ],
    )
    assert.equal((await journal.first('subscribed')).recovered, true)
  })
})
