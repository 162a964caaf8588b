import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { UnauthorizedError } from 'centrifuge'
import { told } from './journal.ts'
import { newChannel, startProgram, withTokens } from './program.ts'
import { connectSdk, journalOf, newSdk, speakers, subscribe, webSocket } from './sdk.ts'
import { connectionToken, inSeconds } from './tokens.ts'

const hub = await startProgram(withTokens)
const expired = () => connectionToken('ann', { exp: inSeconds(-10) })

describe('connection tokens', { concurrency: true }, () => {
  for (const speaker of speakers) {
    test(`over ${speaker.name} a token says who connects, and everybody sees it`, async (t) => {
      const info = { name: 'Ann 🦊' }
      const sdk = await connectSdk(t, hub, speaker, { token: await connectionToken('ann', { info }) })
      const channel = newChannel()
      const { journal } = await subscribe(sdk, channel)
      await sdk.publish(channel, speaker.encode(1))
      const { info: publisher } = await journal.first('publication')
      const { info: joined } = await journal.first('join')
      const present = Object.values((await sdk.presence(channel)).clients)
      for (const each of [publisher, joined, ...present]) {
        assert.deepEqual([each?.user, speaker.decode(each?.connInfo)], ['ann', info])
      }
    })

    test(`over ${speaker.name} getToken is asked where there is no token, and not again`, async (t) => {
      let asked = 0
      const user = `asks over ${speaker.name}`
      const getToken = async () => {
        asked++
        return connectionToken(user)
      }
      const sdk = await connectSdk(t, hub, speaker, { getToken })
      const journal = journalOf(sdk)
      await hub.api('disconnect', { user, disconnect: { code: 4000, reason: 'again' } })
      await journal.first('connected')
      assert.equal(asked, 1)
    })

    test(`over ${speaker.name} an expired token is error 109 and replaced`, async (t) => {
      const sdk = newSdk(t, hub, speaker, { token: await expired(), getToken: () => connectionToken('ann') })
      const journal = journalOf(sdk)
      sdk.connect()
      await sdk.ready(5000)
      const { type, error } = await journal.first('error')
      assert.deepEqual([type, error?.code, error?.message], ['connect', 109, 'token expired'])
      assert.deepEqual(journal.names(), ['connecting', 'error', 'connected'])
    })

    test(`over ${speaker.name} an expired token that nobody replaces ends it`, async (t) => {
      const sdk = newSdk(t, hub, speaker, { token: await expired() })
      const journal = journalOf(sdk)
      sdk.connect()
      assert.deepEqual(await journal.first('disconnected'), { code: 1, reason: 'unauthorized' })
      assert.deepEqual(
        journal.all('error').map(({ type, error }) => [type, error?.code]),
        [
          ['connect', 109],
          ['configuration', 12],
        ],
      )
    })

    test(`over ${speaker.name} a token that is none is told 3500, none at all 3501`, async (t) => {
      for (const { token, code, reason } of [
        { token: 'nonsense', code: 3500, reason: 'invalid token' },
        { token: '', code: 3501, reason: 'bad request' },
      ]) {
        const sdk = newSdk(t, hub, speaker, { token })
        const journal = journalOf(sdk)
        sdk.connect()
        await assert.rejects(sdk.ready(5000), { code: 3 })
        assert.deepEqual(told(await journal.first('disconnected')), { code, reason })
      }
    })

    test(`over ${speaker.name} a connection outlives its first token`, async (t) => {
      let asked = 0
      const getToken = () => connectionToken('ann', { info: { refreshed: ++asked } })
      const token = await connectionToken('ann', { exp: inSeconds(2) })
      const sdk = await connectSdk(t, hub, speaker, { token, getToken })
      const journal = journalOf(sdk)
      const channel = newChannel()
      await subscribe(sdk, channel)
      const isRefreshed = async () =>
        Object.values((await sdk.presence(channel)).clients).every((info) => 'connInfo' in told(info))
      while (!(await isRefreshed())) await new Promise(setImmediate)
      assert.equal(asked, 1)
      assert.deepEqual(journal.entries, [])
    })

    test(`over ${speaker.name} a refresh with an expired token connects anew`, async (t) => {
      let asked = 0
      const getToken = async () => (++asked === 1 ? expired() : connectionToken('ann'))
      const token = await connectionToken('ann', { exp: inSeconds(2) })
      const sdk = await connectSdk(t, hub, speaker, { token, getToken })
      const journal = journalOf(sdk)
      assert.deepEqual(told(await journal.first('connecting')), { code: 3005, reason: 'connection expired' })
      await journal.first('connected')
      assert.equal(asked, 2)
    })

    test(`over ${speaker.name} a refresh as somebody else is told 3500`, async (t) => {
      const token = await connectionToken('ann', { exp: inSeconds(2) })
      const sdk = await connectSdk(t, hub, speaker, { token, getToken: () => connectionToken('bob') })
      const journal = journalOf(sdk)
      assert.deepEqual(told(await journal.first('disconnected')), { code: 3500, reason: 'invalid token' })
    })
  }

  for (const { title, getToken } of [
    { title: 'an UnauthorizedError', getToken: () => Promise.reject(new UnauthorizedError('no')) },
    { title: 'null', getToken: () => Promise.resolve(null as unknown as string) },
  ]) {
    test(`${title} of getToken ends a first connection, and a refresh`, async (t) => {
      const first = newSdk(t, hub, webSocket, { getToken })
      const journal = journalOf(first)
      first.connect()
      assert.deepEqual(await journal.first('disconnected'), { code: 1, reason: 'unauthorized' })
      const token = await connectionToken('ann', { exp: inSeconds(2) })
      const second = await connectSdk(t, hub, webSocket, { token, getToken })
      assert.deepEqual(await journalOf(second).first('disconnected'), { code: 1, reason: 'unauthorized' })
    })
  }

  test('a getToken that fails is asked again', async (t) => {
    let asked = 0
    const getToken = () => (++asked < 3 ? Promise.reject(new Error('no network')) : connectionToken('ann'))
    const sdk = newSdk(t, hub, webSocket, { getToken })
    const journal = journalOf(sdk)
    sdk.connect()
    await sdk.ready(5000)
    assert.deepEqual(
      journal.all('error').map(({ type, error }) => [type, error?.code]),
      [
        ['connectToken', 5],
        ['connectToken', 5],
      ],
    )
  })

  test('an empty token of getToken is as good as none', async (t) => {
    const sdk = newSdk(t, hub, webSocket, { getToken: async () => '' })
    const journal = journalOf(sdk)
    sdk.connect()
    assert.deepEqual(await journal.first('disconnected'), { code: 3501, reason: 'bad request' })
  })

  test('a new token makes another user of a client', async (t) => {
    const sdk = await connectSdk(t, hub, webSocket, { token: await connectionToken('ann') })
    const channel = newChannel()
    const { journal } = await subscribe(sdk, channel)
    sdk.setToken(await connectionToken('bob'))
    sdk.disconnect()
    sdk.connect()
    await journal.nth('join', 2)
    assert.deepEqual(
      journal.all('join').map(({ info }) => info?.user),
      ['ann', 'bob'],
    )
  })

  test('a refresh with a token without info changes nothing of what others see', async (t) => {
    const refreshed = Promise.withResolvers<void>()
    const getToken = () => {
      refreshed.resolve()
      return connectionToken('ann')
    }
    const token = await connectionToken('ann', { info: { name: 'Ann' }, exp: inSeconds(2) })
    const sdk = await connectSdk(t, hub, webSocket, { token, getToken })
    const { subscription, journal } = await subscribe(sdk, newChannel())
    await refreshed.promise
    await connectSdk(t, hub, webSocket, { token: await connectionToken('bob') })
    await subscription.publish('hello')
    assert.deepEqual((await journal.first('publication')).info?.connInfo, { name: 'Ann' })
  })

  test('a refresh with a token for a channel that is subscribed to keeps the connection', async (t) => {
    const refreshed = Promise.withResolvers<void>()
    const channel = newChannel()
    const getToken = () => {
      refreshed.resolve()
      return connectionToken('ann', { channels: [channel] })
    }
    const token = await connectionToken('ann', { exp: inSeconds(2) })
    const sdk = await connectSdk(t, hub, webSocket, { token, getToken })
    const journal = journalOf(sdk)
    await subscribe(sdk, channel)
    await refreshed.promise
    await connectSdk(t, hub, webSocket, { token: await connectionToken('bob') })
    await sdk.publish(channel, 'hello').catch(() => undefined)
    assert.deepEqual(journal.entries, [])
  })
})
