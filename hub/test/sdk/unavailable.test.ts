import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Journal } from './journal.ts'
import { everythingOn, newChannel, startProgram } from './program.ts'
import { connectSdk, journalOf, speakers, subscribe } from './sdk.ts'

const hub = await startProgram({
  ...everythingOn,
  CENTRIFUGO_CHANNEL_NAMESPACES: JSON.stringify([
    { name: 'map', subscription_type: 'map', allow_subscribe_for_client: true },
    { name: 'poll', subscription_type: 'shared_poll', allow_subscribe_for_client: true },
  ]),
})
const events = ['subscribing', 'subscribed', 'unsubscribed', 'error', 'sync', 'update', 'publication']

for (const speaker of speakers) {
  test(`over ${speaker.name} a map subscription to a channel of streams ends with error 103`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const clients = journalOf(sdk)
    for (const subscription of [
      sdk.newMapSubscription(newChannel()),
      sdk.newMapClientsSubscription(newChannel()),
      sdk.newMapUsersSubscription(newChannel()),
    ]) {
      const { channel } = subscription
      const journal = new Journal(subscription, events)
      subscription.subscribe()
      await assert.rejects(subscription.ready(5000), { code: 7, message: 'unsubscribed' })
      assert.deepEqual(await journal.first('unsubscribed'), { channel, code: 103, reason: 'permission denied' })
      assert.deepEqual(journal.names(), ['subscribing', 'unsubscribed'])
    }
    assert.deepEqual(clients.entries, [])
  })

  test(`over ${speaker.name} channels of maps and polls are error 108, whoever asks`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const clients = journalOf(sdk)
    for (const subscription of [
      sdk.newMapSubscription('map:x'),
      sdk.newSubscription('map:y'),
      sdk.newSharedPollSubscription('poll:x'),
      sdk.newSharedPollSubscription(newChannel()),
    ]) {
      const journal = new Journal(subscription, events)
      subscription.subscribe()
      const { code, reason } = await journal.first('unsubscribed')
      assert.deepEqual([code, reason], [108, 'not available'])
    }
    await assert.rejects(sdk.mapPublish('map:x', 'key', speaker.encode(1)), { code: 108 })
    await assert.rejects(sdk.mapPublish(newChannel(), 'key', speaker.encode(1)), { code: 108 })
    await assert.rejects(sdk.mapRemove('map:x', 'key'), { code: 108 })
    assert.deepEqual(clients.entries, [])
    await subscribe(sdk, newChannel())
  })
}
