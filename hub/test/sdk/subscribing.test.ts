import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WebSocket } from 'ws'
import { told } from './journal.ts'
import { newChannel, startProgram } from './program.ts'
import { connectSdk, journalOf, journalOfSubscription, newSdk, speakers, subscribe, webSocket } from './sdk.ts'
import { channelToken } from './tokens.ts'

const hub = await startProgram()

for (const speaker of speakers) {
  test(`over ${speaker.name} a subscription tells what it is, and each step`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const channel = newChannel()
    const { epoch } = await hub.publish(channel, 'before')
    const { subscription, journal } = await subscribe(sdk, channel)
    subscription.unsubscribe()
    assert.deepEqual(journal.names('subscribing', 'subscribed', 'unsubscribed'), [
      'subscribing',
      'subscribed',
      'unsubscribed',
    ])
    assert.deepEqual(await journal.first('subscribing'), { channel, code: 0, reason: 'subscribe called' })
    assert.deepEqual(told(await journal.first('subscribed')), {
      channel,
      positioned: true,
      recoverable: true,
      wasRecovering: false,
      recovered: false,
      hasRecoveredPublications: false,
      streamPosition: { offset: 1, epoch },
    })
    assert.deepEqual(await journal.first('unsubscribed'), { channel, code: 0, reason: 'unsubscribe called' })
    assert.deepEqual(journal.all('state'), [
      { channel, oldState: 'unsubscribed', newState: 'subscribing' },
      { channel, oldState: 'subscribing', newState: 'subscribed' },
      { channel, oldState: 'subscribed', newState: 'unsubscribed' },
    ])
  })

  test(`over ${speaker.name} who subscribes before connecting is subscribed`, async (t) => {
    const sdk = newSdk(t, hub, speaker)
    const subscriptions = [newChannel(), newChannel(), newChannel()].map((channel) => sdk.newSubscription(channel))
    for (const each of subscriptions) each.subscribe()
    sdk.connect()
    await Promise.all(subscriptions.map((each) => each.ready(5000)))
    assert.deepEqual(
      subscriptions.map(({ state }) => state),
      ['subscribed', 'subscribed', 'subscribed'],
    )
  })

  test(`over ${speaker.name} subscribing and unsubscribing in one go ends as the last call says`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const clients = journalOf(sdk)
    const channel = newChannel()
    const subscription = sdk.newSubscription(channel)
    const journal = journalOfSubscription(subscription)
    for (let n = 0; n < 10; n++) {
      subscription.subscribe()
      subscription.unsubscribe()
    }
    subscription.subscribe()
    await subscription.ready(5000)
    await hub.publish(channel, 'for you')
    const { data } = await journal.first('publication')
    assert.equal(speaker.decode(data), 'for you')
    assert.equal(journal.all('subscribed').length, 1)
    subscription.unsubscribe()
    subscription.subscribe()
    subscription.unsubscribe()
    await sdk.history(channel, {})
    assert.equal(subscription.state, 'unsubscribed')
    assert.deepEqual(clients.all('error'), [])
    assert.deepEqual(clients.all('disconnected'), [])
    assert.deepEqual(clients.names('connecting'), [])
  })

  test(`over ${speaker.name} many turns of subscribing and unsubscribing leave nobody in the channel`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const channel = newChannel()
    const subscription = sdk.newSubscription(channel)
    for (let n = 0; n < 20; n++) {
      subscription.subscribe()
      await subscription.ready(5000)
      subscription.unsubscribe()
    }
    subscription.subscribe()
    await subscription.ready(5000)
    assert.deepEqual(await sdk.presenceStats(channel), { numClients: 1, numUsers: 1 })
  })

  test(`over ${speaker.name} a removed subscription makes room for a new one`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const channel = newChannel()
    const { subscription } = await subscribe(sdk, channel)
    assert.throws(() => sdk.newSubscription(channel), /already exists/)
    assert.equal(sdk.getSubscription(channel), subscription)
    assert.deepEqual(Object.keys(sdk.subscriptions()), [channel])
    sdk.removeSubscription(subscription)
    assert.equal(subscription.state, 'unsubscribed')
    assert.equal(sdk.getSubscription(channel), null)
    const { subscription: next, journal } = await subscribe(sdk, channel)
    assert.notEqual(next, subscription)
    await hub.publish(channel, 1)
    await journal.first('publication')
  })

  test(`over ${speaker.name} the 129th channel is error 106 and the others live on`, async (t) => {
    const sdk = newSdk(t, hub, speaker)
    const name = newChannel()
    const subscriptions = Array.from({ length: 129 }, (_, n) => sdk.newSubscription(`${name}_${n}`))
    const journals = subscriptions.map(journalOfSubscription)
    for (const each of subscriptions) each.subscribe()
    const settled = Promise.allSettled(subscriptions.map((each) => each.ready(10_000)))
    sdk.connect()
    const results = await settled
    assert.equal(results.filter(({ status }) => status === 'rejected').length, 1)
    const refused = journals.find((journal) => journal.all('unsubscribed').length > 0)
    const { code, reason } = (await refused?.first('unsubscribed')) ?? {}
    assert.deepEqual({ code, reason }, { code: 106, reason: 'limit exceeded' })
    assert.equal(sdk.state, 'connected')
  })

  test(`over ${speaker.name} what cannot be subscribed to is unsubscribed with the error's code`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    for (const { channel, error } of [
      { channel: 'nowhere:x', error: { code: 102, reason: 'unknown channel' } },
      { channel: 'x'.repeat(256), error: { code: 107, reason: 'bad request' } },
      { channel: 'канал', error: { code: 107, reason: 'bad request' } },
    ]) {
      const subscription = sdk.newSubscription(channel)
      const journal = journalOfSubscription(subscription)
      subscription.subscribe()
      await assert.rejects(subscription.ready(5000), { code: 7, message: 'unsubscribed' })
      assert.deepEqual(await journal.first('unsubscribed'), { channel, ...error })
    }
  })

  test(`over ${speaker.name} ready fails without a subscription and after its timeout`, async (t) => {
    const sdk = newSdk(t, hub, speaker)
    const subscription = sdk.newSubscription(newChannel())
    await assert.rejects(subscription.ready(), { code: 7, message: 'unsubscribed' })
    subscription.subscribe()
    await assert.rejects(subscription.ready(1), { code: 1, message: 'timeout' })
    await assert.rejects(
      Promise.all([subscription.ready(), Promise.resolve().then(() => subscription.unsubscribe())]),
      { code: 7 },
    )
  })

  test(`over ${speaker.name} data, positioned, recoverable and joinLeave may be asked for`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const { subscription, journal } = await subscribe(sdk, newChannel(), {
      data: speaker.encode({ any: 'thing' }),
      positioned: true,
      recoverable: true,
      joinLeave: true,
    })
    const { positioned, recoverable } = await journal.first('subscribed')
    assert.deepEqual({ positioned, recoverable }, { positioned: true, recoverable: true })
    assert.equal((await journal.first('join')).channel, subscription.channel)
  })
}

test('handlers may unsubscribe and subscribe again', async (t) => {
  const sdk = await connectSdk(t, hub, webSocket)
  const subscription = sdk.newSubscription(newChannel())
  const journal = journalOfSubscription(subscription)
  subscription.once('subscribed', () => subscription.unsubscribe())
  subscription.once('unsubscribed', () => subscription.subscribe())
  subscription.subscribe()
  await journal.nth('subscribed', 2)
  await hub.publish(subscription.channel, 1)
  await journal.first('publication')
  assert.equal(sdk.state, 'connected')
})

test('a channel that starts with a dollar sign needs a token even where nothing else does', async (t) => {
  const sdk = await connectSdk(t, hub, webSocket)
  const channel = `$${newChannel()}`
  const subscription = sdk.newSubscription(channel)
  const journal = journalOfSubscription(subscription)
  subscription.subscribe()
  assert.deepEqual(await journal.first('unsubscribed'), { channel, code: 103, reason: 'permission denied' })
  sdk.removeSubscription(subscription)
  await subscribe(sdk, channel, { token: await channelToken('', channel) })
})

test('a subscription expires even where nobody needs a token', async (t) => {
  const received: string[] = []
  class Recorder extends WebSocket {
    constructor(url: string) {
      super(url)
      this.on('message', (data: Buffer) => received.push(...data.toString().split('\n')))
    }
  }
  const sdk = await connectSdk(t, hub, webSocket, { websocket: Recorder })
  const channel = newChannel()
  await subscribe(sdk, channel, { token: await channelToken('', channel) })
  const replies = received.map((line) => JSON.parse(line) as { subscribe?: { expires?: boolean } })
  assert.equal(replies.find((reply) => reply.subscribe)?.subscribe?.expires, true)
})
