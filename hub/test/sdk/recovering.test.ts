import assert from 'node:assert/strict'
import { test } from 'node:test'
import { everythingOn, newChannel, startProgram } from './program.ts'
import { connectSdk, journalOfSubscription, speakers, subscribe, webSocket } from './sdk.ts'

const hub = await startProgram({
  ...everythingOn,
  CENTRIFUGO_CHANNEL_NAMESPACES: JSON.stringify([
    { name: 'short', history_size: 2, history_ttl: '300s', force_recovery: true },
    { name: 'plain' },
    { name: 'asked', history_size: 10, history_ttl: '300s', allow_recovery: true, allow_positioning: true },
    {
      name: 'cache',
      history_size: 10,
      history_ttl: '300s',
      force_recovery: true,
      force_recovery_mode: 'cache',
      allow_tags_filter: true,
    },
    {
      name: 'auto',
      history_size: 10,
      history_ttl: '300s',
      force_recovery: true,
      force_recovery_mode: 'cache',
      auto_cache_recover: true,
    },
  ]),
})
const unmatchable = { offset: 5, epoch: 'none' }

for (const speaker of speakers) {
  test(`over ${speaker.name} what was published while a client was away comes when it is back`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const channel = newChannel()
    const { journal } = await subscribe(sdk, channel)
    await hub.publish(channel, 1)
    await journal.first('publication')
    sdk.disconnect()
    for (const n of [2, 3, 4]) await hub.publish(channel, n)
    sdk.connect()
    await journal.nth('publication', 4)
    const { wasRecovering, recovered, hasRecoveredPublications, streamPosition } = await journal.nth('subscribed', 2)
    assert.deepEqual([wasRecovering, recovered, hasRecoveredPublications], [true, true, true])
    assert.equal(streamPosition?.offset, 1)
    await hub.publish(channel, 5)
    await journal.nth('publication', 5)
    assert.deepEqual(
      journal.all('publication').map(({ data, offset }) => [speaker.decode(data), offset]),
      [1, 2, 3, 4, 5].map((n) => [n, n]),
    )
    assert.deepEqual(await journal.nth('subscribing', 2), { channel, code: 1, reason: 'transport closed' })
  })

  test(`over ${speaker.name} nothing missed is recovered, too`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const { subscription, journal } = await subscribe(sdk, newChannel())
    subscription.unsubscribe()
    subscription.subscribe()
    const { wasRecovering, recovered, hasRecoveredPublications } = await journal.nth('subscribed', 2)
    assert.deepEqual([wasRecovering, recovered, hasRecoveredPublications], [true, true, false])
  })

  test(`over ${speaker.name} who missed more than is kept is told so, and goes on from there`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const channel = newChannel('short:x')
    const { journal } = await subscribe(sdk, channel)
    sdk.disconnect()
    for (const n of [1, 2, 3]) await hub.publish(channel, n)
    sdk.connect()
    const { wasRecovering, recovered, hasRecoveredPublications, streamPosition } = await journal.nth('subscribed', 2)
    assert.deepEqual([wasRecovering, recovered, hasRecoveredPublications], [true, false, false])
    assert.equal(streamPosition?.offset, 3)
    await hub.publish(channel, 4)
    assert.equal((await journal.first('publication')).offset, 4)
  })

  test(`over ${speaker.name} a first subscription may start from a position`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const channel = newChannel()
    for (const n of [1, 2, 3]) await hub.publish(channel, n)
    const { epoch } = await sdk.history(channel)
    const { journal, subscription } = await subscribe(sdk, channel, { since: { offset: 1, epoch } })
    await journal.nth('publication', 2)
    const { wasRecovering, recovered } = await journal.first('subscribed')
    assert.deepEqual([wasRecovering, recovered], [true, true])
    sdk.removeSubscription(subscription)
    const { journal: late, subscription: lateOne } = await subscribe(sdk, channel, { since: unmatchable })
    assert.equal((await late.first('subscribed')).recovered, false)
    sdk.removeSubscription(lateOne)
    const { journal: all } = await subscribe(sdk, channel, { since: { offset: 0 } })
    assert.equal((await all.first('subscribed')).recovered, true)
    await all.nth('publication', 3)
  })

  test(`over ${speaker.name} getState is asked first, and again only after 112`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const channel = newChannel('short:state')
    await hub.publish(channel, 1)
    let asked = 0
    const getState = async () => {
      asked++
      const { offset, epoch } = await hub.api<{ offset: number; epoch: string }>('history', { channel })
      return { offset, epoch }
    }
    const { journal } = await subscribe(sdk, channel, { getState })
    assert.equal(asked, 1)
    sdk.disconnect()
    await hub.publish(channel, 2)
    sdk.connect()
    assert.equal((await journal.first('publication')).offset, 2)
    assert.equal(asked, 1)
    sdk.disconnect()
    for (const n of [3, 4, 5]) await hub.publish(channel, n)
    sdk.connect()
    const { recovered, streamPosition } = await journal.nth('subscribed', 3)
    assert.deepEqual([asked, recovered, streamPosition?.offset], [2, true, 5])
    assert.deepEqual(journal.all('error'), [])
    await hub.publish(channel, 6)
    assert.equal((await journal.nth('publication', 2)).offset, 6)
  })

  test(`over ${speaker.name} a cached channel brings its latest publication alone`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const [channel, automatic] = [newChannel('cache:x'), newChannel('auto:x')]
    for (const name of [channel, automatic]) for (const n of [1, 2]) await hub.publish(name, n)
    const { journal } = await subscribe(sdk, channel)
    const { journal: unasked } = await subscribe(sdk, automatic)
    assert.equal((await journal.first('subscribed')).wasRecovering, false)
    const { wasRecovering, recovered, hasRecoveredPublications } = await unasked.first('subscribed')
    assert.deepEqual([wasRecovering, recovered, hasRecoveredPublications], [true, true, true])
    assert.equal((await unasked.first('publication')).offset, 2)
    sdk.disconnect()
    for (const n of [3, 4]) await hub.publish(channel, n)
    sdk.connect()
    assert.equal((await journal.first('publication')).offset, 4)
    await hub.publish(channel, 5)
    assert.equal((await journal.nth('publication', 2)).offset, 5)
  })

  test(`over ${speaker.name} a channel without history has no position`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const { subscription, journal } = await subscribe(sdk, newChannel('plain:x'), { since: unmatchable })
    const { positioned, recoverable, streamPosition, wasRecovering, recovered } = await journal.first('subscribed')
    assert.deepEqual([positioned, recoverable, streamPosition], [false, false, undefined])
    assert.deepEqual([wasRecovering, recovered], [true, false])
    await hub.publish(subscription.channel, 1)
    const { data, offset } = await journal.first('publication')
    assert.deepEqual([speaker.decode(data), offset], [1, undefined])
  })

  test(`over ${speaker.name} positions and recovery are there for who asks for them`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    for (const { options, expected } of [
      { options: {}, expected: [false, false] },
      { options: { positioned: true }, expected: [true, false] },
      { options: { recoverable: true }, expected: [true, true] },
    ]) {
      const { journal } = await subscribe(sdk, newChannel('asked:x'), options)
      const { positioned, recoverable, streamPosition } = await journal.first('subscribed')
      assert.deepEqual([positioned, recoverable], expected)
      assert.equal(streamPosition !== undefined, expected[0])
    }
  })
}

test('a publication whose handler unsubscribes is not delivered again, and the next ones are', async (t) => {
  const sdk = await connectSdk(t, hub, webSocket)
  const channel = newChannel()
  const { subscription, journal } = await subscribe(sdk, channel)
  subscription.once('publication', () => {
    subscription.unsubscribe()
    subscription.subscribe()
  })
  for (const n of [1, 2, 3]) await hub.publish(channel, n)
  await journal.nth('publication', 3)
  assert.deepEqual(
    journal.all('publication').map(({ offset }) => offset),
    [1, 2, 3],
  )
})

test('over a hundred missed publications of many channels come back', async (t) => {
  const sdk = await connectSdk(t, hub, webSocket)
  const subscriptions = Array.from({ length: 20 }, () => sdk.newSubscription(newChannel()))
  const journals = subscriptions.map(journalOfSubscription)
  for (const each of subscriptions) each.subscribe()
  await Promise.all(subscriptions.map((each) => each.ready(5000)))
  sdk.disconnect()
  for (const n of [1, 2, 3, 4, 5, 6]) {
    await hub.api('broadcast', { channels: subscriptions.map(({ channel }) => channel), data: n })
  }
  sdk.connect()
  await Promise.all(journals.map((journal) => journal.nth('publication', 6)))
})

test('getState is asked once where the cache of a channel is empty', async (t) => {
  const sdk = await connectSdk(t, hub, webSocket)
  let asked = 0
  const getState = async () => {
    if (++asked === 3) subscription.unsubscribe()
    return { offset: 0, epoch: '' }
  }
  const quick = { minResubscribeDelay: 1, maxResubscribeDelay: 1 }
  const subscription = sdk.newSubscription(newChannel('cache:x'), { ...quick, getState })
  const journal = journalOfSubscription(subscription)
  subscription.subscribe()
  await journal.until(() => journal.names('subscribed', 'unsubscribed').length > 0)
  assert.deepEqual(journal.names('subscribed', 'unsubscribed'), ['subscribed'])
  assert.equal((await journal.first('subscribed')).recovered, false)
})

test('a cached channel brings the latest publication that a filter lets through', async (t) => {
  const sdk = await connectSdk(t, hub, webSocket)
  const channel = newChannel('cache:x')
  for (const color of ['red', 'green', 'blue']) await hub.publish(channel, color, { tags: { color } })
  const tagsFilter = { key: 'color', cmp: 'eq', val: 'green' } as const
  const { journal } = await subscribe(sdk, channel, { since: { offset: 0 }, tagsFilter })
  const { recovered, hasRecoveredPublications } = await journal.first('subscribed')
  assert.deepEqual([recovered, hasRecoveredPublications], [true, true])
  assert.equal((await journal.first('publication')).data, 'green')
})

test('a cached channel where nothing passes the filter is not recovered', async (t) => {
  const sdk = await connectSdk(t, hub, webSocket)
  const channel = newChannel('cache:x')
  await hub.publish(channel, 'red', { tags: { color: 'red' } })
  const tagsFilter = { key: 'color', cmp: 'eq', val: 'green' } as const
  const { journal } = await subscribe(sdk, channel, { since: { offset: 0 }, tagsFilter })
  const { wasRecovering, recovered } = await journal.first('subscribed')
  assert.deepEqual([wasRecovering, recovered], [true, false])
})
