import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Subscription } from 'centrifuge'
import { everythingOn, newChannel, startProgram } from './program.ts'
import { binaryHttpStream, binaryWebSocket, connectSdk, journalOf, speakers, subscribe } from './sdk.ts'

const hub = await startProgram({
  ...everythingOn,
  CENTRIFUGO_CHANNEL_NAMESPACES: JSON.stringify([
    { name: 'off', history_size: 10, history_ttl: '300s', force_recovery: true },
    {
      name: 'asked',
      history_size: 10,
      history_ttl: '300s',
      force_recovery: true,
      allowed_delta_types: ['fossil'],
    },
  ]),
})
const story = (n: number) => ({ n, text: `Однажды 🦊 ${'длинный текст, '.repeat(40)}${n}`, tail: 'x'.repeat(n) })
const numbers = Array.from({ length: 20 }, (_, n) => n)

/** Publications as whole payloads, and as differences. */
function counts(subscription: Subscription): [number, number] {
  const { numFullPayloads, numDeltaPayloads } = subscription.deltaStats()
  return [numFullPayloads, numDeltaPayloads]
}

for (const speaker of speakers) {
  test(`over ${speaker.name} differences arrive as the whole`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const { subscription, journal } = await subscribe(sdk, newChannel(), { delta: 'fossil' })
    for (const n of numbers) await hub.publish(subscription.channel, story(n))
    await journal.nth('publication', numbers.length)
    assert.deepEqual(
      journal.all('publication').map(({ data }) => speaker.decode(data)),
      numbers.map(story),
    )
    assert.deepEqual(counts(subscription), [1, numbers.length - 1])
    assert.ok(subscription.deltaStats().compressionRatio > 0.5)
  })

  test(`over ${speaker.name} recovered publications are differences, too, and live ones follow`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const { subscription, journal } = await subscribe(sdk, newChannel(), { delta: 'fossil' })
    await hub.publish(subscription.channel, story(0))
    await journal.first('publication')
    for (let round = 0; round < 3; round++) {
      sdk.disconnect()
      for (const n of [1, 2, 3].slice(0, round)) await hub.publish(subscription.channel, story(round * 10 + n))
      sdk.connect()
      await journal.nth('subscribed', round + 2)
      await hub.publish(subscription.channel, story(round * 10 + 9))
      await journal.until(() => journal.all('publication').length === journal.all('publication').at(-1)?.offset)
      await journal.first('publication', ({ data }) => (speaker.decode(data) as { n: number }).n === round * 10 + 9)
    }
    assert.deepEqual(
      journal.all('publication').map(({ data }) => speaker.decode(data)),
      [0, 9, 11, 19, 21, 22, 29].map(story),
    )
    const [, deltas] = counts(subscription)
    assert.ok(deltas >= 2)
  })

  test(`over ${speaker.name} unlike and short payloads arrive all the same`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const { subscription, journal } = await subscribe(sdk, newChannel(), { delta: 'fossil' })
    const values = ['a', 1, null, { a: 1 }, [], '🦊🦊🦊', story(1), 'b', story(2), story(1), story(1), false]
    for (const value of values.filter((each) => each !== null)) await hub.publish(subscription.channel, value)
    const expected = values.filter((each) => each !== null)
    await journal.nth('publication', expected.length)
    assert.deepEqual(
      journal.all('publication').map(({ data }) => speaker.decode(data)),
      expected,
    )
  })

  test(`over ${speaker.name} a subscriber without delta and one with it hear the same`, async (t) => {
    const [sdk, other] = [await connectSdk(t, hub, speaker), await connectSdk(t, hub, speaker)]
    const channel = newChannel()
    const { journal } = await subscribe(sdk, channel)
    const { subscription, journal: deltas } = await subscribe(other, channel, { delta: 'fossil' })
    for (const n of [1, 2, 3]) await subscription.publish(speaker.encode(story(n)))
    await Promise.all([journal.nth('publication', 3), deltas.nth('publication', 3)])
    const decoded = (each: typeof journal) => each.all('publication').map(({ data }) => speaker.decode(data))
    assert.deepEqual(decoded(journal), [1, 2, 3].map(story))
    assert.deepEqual(decoded(deltas), [1, 2, 3].map(story))
    assert.deepEqual(
      (await other.history(channel, { limit: 10 })).publications.map(({ data }) => speaker.decode(data)),
      [1, 2, 3].map(story),
    )
  })

  test(`over ${speaker.name} delta is off without a word where it is not allowed`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const { subscription, journal } = await subscribe(sdk, newChannel('off:x'), { delta: 'fossil' })
    await hub.publish(subscription.channel, 'plain text', { delta: true })
    assert.equal(speaker.decode((await journal.first('publication')).data), 'plain text')
    assert.equal(subscription.deltaStats().numPublications, 0)
  })

  test(`over ${speaker.name} the publisher decides about differences where the namespace does not`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const { subscription, journal } = await subscribe(sdk, newChannel('asked:x'), { delta: 'fossil' })
    await hub.publish(subscription.channel, story(1))
    await hub.publish(subscription.channel, story(2))
    await hub.publish(subscription.channel, story(3), { delta: true })
    await journal.nth('publication', 3)
    assert.deepEqual(counts(subscription), [2, 1])
  })

  test(`over ${speaker.name} who subscribes again after an unsubscribe gets the next one right`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const clients = journalOf(sdk)
    const { subscription, journal } = await subscribe(sdk, newChannel(), { delta: 'fossil' })
    for (const n of [1, 2]) await hub.publish(subscription.channel, story(n))
    await journal.nth('publication', 2)
    subscription.unsubscribe()
    await hub.publish(subscription.channel, story(3))
    subscription.subscribe()
    await journal.nth('subscribed', 2)
    await hub.publish(subscription.channel, story(4))
    await journal.nth('publication', 4)
    assert.deepEqual(
      journal.all('publication').map(({ data }) => speaker.decode(data)),
      [1, 2, 3, 4].map(story),
    )
    assert.deepEqual(clients.entries, [])
  })
}

for (const speaker of [binaryWebSocket, binaryHttpStream]) {
  test(`over ${speaker.name} differences of bytes that are no text arrive as the whole`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const { subscription, journal } = await subscribe(sdk, newChannel(), { delta: 'fossil' })
    const payload = (n: number) => Buffer.from(Array.from({ length: 600 }, (_, i) => (i * 7 + (i === n ? 1 : 0)) % 256))
    for (const n of numbers) await subscription.publish(new Uint8Array(payload(n)))
    await journal.nth('publication', numbers.length)
    assert.deepEqual(
      journal.all('publication').map(({ data }) => Buffer.from(data as Uint8Array)),
      numbers.map(payload),
    )
    assert.deepEqual(counts(subscription), [1, numbers.length - 1])
  })
}

test('delta and a filter exclude each other, and other kinds of delta are none', async (t) => {
  const sdk = await connectSdk(t, hub)
  const tagsFilter = { key: 'a', cmp: 'eq' as const, val: 'b' }
  assert.throws(() => sdk.newSubscription(newChannel(), { delta: 'fossil', tagsFilter }), /together/)
  assert.throws(() => sdk.newSubscription(newChannel(), { delta: 'other' as 'fossil' }), /unsupported/)
})
