import assert from 'node:assert/strict'
import { test } from 'node:test'
import { told } from './journal.ts'
import { newChannel, startProgram, withTokens } from './program.ts'
import { connectSdk, journalOf, journalOfSubscription, newSdk, speakers, webSocket } from './sdk.ts'
import { connectionToken } from './tokens.ts'

const hub = await startProgram({
  ...withTokens,
  CENTRIFUGO_CLIENT_SUBSCRIBE_TO_USER_PERSONAL_CHANNEL_ENABLED: 'true',
  CENTRIFUGO_CLIENT_SUBSCRIBE_TO_USER_PERSONAL_CHANNEL_PERSONAL_CHANNEL_NAMESPACE: 'personal',
  CENTRIFUGO_CHANNEL_NAMESPACES: JSON.stringify([
    { name: 'personal' },
    { name: 'plain' },
    { name: 'given', history_size: 10, history_ttl: '300s', force_recovery: true },
  ]),
})
let users = 0

for (const speaker of speakers) {
  test(`over ${speaker.name} the channels of a token are there from the start`, async (t) => {
    const user = `user_${++users}`
    const channel = newChannel()
    const { epoch } = await hub.publish(channel, 'before')
    const subs = { [channel]: { data: { hello: 1 }, info: { role: 'owner' } }, 'plain:x': {} }
    const sdk = newSdk(t, hub, speaker, { token: await connectionToken(user, { subs }) })
    const journal = journalOf(sdk)
    sdk.connect()
    const { data, ...context } = await journal.first('subscribed', (each) => each.channel === channel)
    assert.deepEqual(speaker.decode(data), { hello: 1 })
    assert.deepEqual(told(context), {
      channel,
      positioned: true,
      recoverable: true,
      wasRecovering: false,
      recovered: false,
      hasRecoveredPublications: false,
      streamPosition: { offset: 1, epoch },
    })
    assert.deepEqual(
      new Set(journal.all('subscribed').map((each) => each.channel)),
      new Set([channel, `personal:#${user}`, 'plain:x']),
    )
    assert.deepEqual(journal.names().slice(0, 5), ['connecting', 'connected', 'subscribed', 'subscribed', 'subscribed'])
    await hub.publish(channel, 'after', { tags: { a: 'b' } })
    const { data: after, ...publication } = await journal.first('publication')
    assert.equal(speaker.decode(after), 'after')
    assert.deepEqual(told(publication), { channel, offset: 2, tags: { a: 'b' } })
    const { info } = await journal.first('join', (each) => each.channel === channel)
    assert.deepEqual([info?.user, speaker.decode(info?.chanInfo)], [user, { role: 'owner' }])
  })

  test(`over ${speaker.name} they are recovered, and tell that they were away`, async (t) => {
    const user = `user_${++users}`
    const channel = newChannel()
    const sdk = newSdk(t, hub, speaker, { token: await connectionToken(user, { channels: [channel] }) })
    const journal = journalOf(sdk)
    sdk.connect()
    await sdk.ready(5000)
    await hub.publish(channel, 1)
    await journal.first('publication')
    sdk.disconnect()
    await journal.first('subscribing', (each) => each.channel === channel)
    for (const n of [2, 3]) await hub.publish(channel, n)
    sdk.connect()
    await journal.nth('publication', 3)
    const again = journal.all('subscribed').filter((each) => each.channel === channel)[1]
    assert.deepEqual([again?.wasRecovering, again?.recovered, again?.hasRecoveredPublications], [true, true, true])
    await hub.publish(channel, 4)
    await journal.nth('publication', 4)
    assert.deepEqual(
      journal.all('publication').map(({ offset }) => offset),
      [1, 2, 3, 4],
    )
  })

  test(`over ${speaker.name} a channel that a newer token leaves out, and that nobody may take, is unsubscribed`, async (t) => {
    const user = `user_${++users}`
    const channel = newChannel('given:x')
    const sdk = await connectSdk(t, hub, speaker, { token: await connectionToken(user, { channels: [channel] }) })
    const journal = journalOf(sdk)
    sdk.setToken(await connectionToken(user))
    sdk.disconnect()
    sdk.connect()
    assert.deepEqual(await journal.first('unsubscribed'), { channel })
  })

  test(`over ${speaker.name} the server subscribes and unsubscribes a user while it is connected`, async (t) => {
    const user = `user_${++users}`
    const channel = newChannel()
    const { epoch } = await hub.publish(channel, 1)
    await hub.publish(channel, 2)
    const sdk = await connectSdk(t, hub, speaker, { token: await connectionToken(user) })
    const journal = journalOf(sdk)
    await hub.api('subscribe', { user, channel, data: { why: 'so' }, info: { role: 'guest' } })
    const { data, positioned, streamPosition } = await journal.first('subscribed', (each) => each.channel === channel)
    assert.deepEqual(speaker.decode(data), { why: 'so' })
    assert.deepEqual([positioned, streamPosition], [true, { offset: 2, epoch }])
    await hub.publish(channel, 3)
    assert.equal((await journal.first('publication')).offset, 3)
    assert.equal((await sdk.presenceStats(channel)).numClients, 1)
    await hub.api('unsubscribe', { user, channel })
    assert.deepEqual(await journal.first('unsubscribed'), { channel })
    assert.equal((await sdk.presenceStats(channel)).numClients, 0)
  })

  test(`over ${speaker.name} what the server subscribed to and clients may not is gone after a reconnect`, async (t) => {
    const user = `user_${++users}`
    const channel = newChannel('given:x')
    const sdk = await connectSdk(t, hub, speaker, { token: await connectionToken(user) })
    const journal = journalOf(sdk)
    await hub.api('subscribe', { user, channel })
    await journal.first('subscribed', (each) => each.channel === channel)
    await hub.api('disconnect', { user, disconnect: { code: 4000, reason: 'again' } })
    await journal.first('subscribing', (each) => each.channel === channel)
    assert.deepEqual(await journal.first('unsubscribed'), { channel })
  })

  test(`over ${speaker.name} a client cannot subscribe to what it has from the server`, async (t) => {
    const user = `user_${++users}`
    const channel = newChannel()
    const sdk = await connectSdk(t, hub, speaker, { token: await connectionToken(user, { channels: [channel] }) })
    const clients = journalOf(sdk)
    const subscription = sdk.newSubscription(channel)
    const journal = journalOfSubscription(subscription)
    subscription.subscribe()
    const { code, reason } = await journal.first('unsubscribed')
    assert.deepEqual([code, reason], [105, 'already subscribed'])
    await hub.publish(channel, 1)
    await clients.first('publication')
  })

  test(`over ${speaker.name} a user's own channel reaches all its connections`, async (t) => {
    const user = `user_${++users}`
    const token = await connectionToken(user)
    const journals = [1, 2, 3].map(() => {
      const sdk = newSdk(t, hub, speaker, { token })
      sdk.connect()
      return journalOf(sdk)
    })
    await Promise.all(journals.map((journal) => journal.first('subscribed')))
    await hub.publish(`personal:#${user}`, 'for you')
    const received = await Promise.all(journals.map((journal) => journal.first('publication')))
    for (const { data, channel } of received) {
      assert.deepEqual([speaker.decode(data), channel], ['for you', `personal:#${user}`])
    }
  })
}

test('what the server subscribed to and clients may, too, is recovered after a reconnect', async (t) => {
  const user = `user_${++users}`
  const channel = newChannel()
  const sdk = await connectSdk(t, hub, webSocket, { token: await connectionToken(user) })
  const journal = journalOf(sdk)
  await hub.api('subscribe', { user, channel })
  await journal.first('subscribed', (each) => each.channel === channel)
  sdk.disconnect()
  await hub.publish(channel, 'meanwhile')
  sdk.connect()
  await sdk.ready(5000)
  await sdk.presenceStats(channel)
  assert.deepEqual(journal.all('unsubscribed'), [])
  assert.equal((await journal.first('publication')).data, 'meanwhile')
})
