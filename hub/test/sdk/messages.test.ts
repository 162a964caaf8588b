import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Entry, told } from './journal.ts'
import { newChannel, startProgram } from './program.ts'
import { binaryHttpStream, binaryWebSocket, connectSdk, journalOf, speakers, subscribe } from './sdk.ts'

const hub = await startProgram()
const texts = [
  '',
  'Привіт, 世界 🦊',
  '\u2028\u2029\u0000\\"/',
  'line\nfeed\r\n',
  '</script>',
  '\ud83d\ude00'.repeat(1000),
]

for (const speaker of speakers) {
  test(`over ${speaker.name} a publication of the server brings data, offset and tags`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const channel = newChannel()
    const { journal } = await subscribe(sdk, channel)
    await hub.publish(channel, { n: 1, deep: [null, { x: '🦊' }] }, { tags: { color: 'red', empty: '' } })
    const { data, ...context } = await journal.first('publication')
    assert.deepEqual(speaker.decode(data), { n: 1, deep: [null, { x: '🦊' }] })
    assert.deepEqual(told(context), { channel, offset: 1, tags: { color: 'red', empty: '' } })
  })

  test(`over ${speaker.name} a publication of a client brings its info, to itself too`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const other = await connectSdk(t, hub)
    const channel = newChannel()
    const { subscription, journal } = await subscribe(sdk, channel)
    const { journal: others } = await subscribe(other, channel)
    assert.deepEqual(await subscription.publish(speaker.encode({ hello: 1 })), {})
    assert.deepEqual(await other.publish(channel, { hello: 2 }), {})
    await Promise.all([journal.nth('publication', 2), others.nth('publication', 2)])
    const seen = journal.all('publication')
    assert.deepEqual(
      seen.map(({ data }) => speaker.decode(data)),
      [{ hello: 1 }, { hello: 2 }],
    )
    assert.deepEqual(
      seen.map(({ offset }) => offset),
      [1, 2],
    )
    const clients = seen.map(({ info }) => info?.client)
    assert.deepEqual(
      clients,
      others.all('publication').map(({ info }) => info?.client),
    )
    assert.deepEqual(new Set(Object.keys((await sdk.presence(channel)).clients)), new Set(clients))
    assert.deepEqual(
      seen.map(({ info }) => info?.user),
      ['', ''],
    )
  })

  test(`over ${speaker.name} every text and kind of value arrives as it was`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const channel = newChannel()
    const { subscription, journal } = await subscribe(sdk, channel)
    const values = [...texts, 0, 1.5, -1e-7, true, false, [], {}, [[]], { '': '' }]
    for (const value of values) await subscription.publish(speaker.encode(value))
    for (const value of values) await hub.publish(channel, value)
    await journal.nth('publication', values.length * 2)
    assert.deepEqual(
      journal.all('publication').map(({ data }) => speaker.decode(data)),
      [...values, ...values],
    )
  })

  test(`over ${speaker.name} nearly 64 KiB go up and a megabyte comes down`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const { subscription, journal } = await subscribe(sdk, newChannel())
    const [up, down] = ['x'.repeat(65_000), 'ж'.repeat(450_000)]
    await subscription.publish(speaker.encode(up))
    await hub.publish(subscription.channel, down)
    await journal.nth('publication', 2)
    assert.deepEqual(
      journal.all('publication').map(({ data }) => speaker.decode(data)),
      [up, down],
    )
  })

  test(`over ${speaker.name} a thousand publications arrive once and in order`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const channel = newChannel()
    const { journal } = await subscribe(sdk, channel)
    const commands = Array.from({ length: 1000 }, (_, n) => ({ publish: { channel, data: n } }))
    await fetch(`${hub.http}/api/batch`, { method: 'POST', body: JSON.stringify({ commands }) })
    await journal.nth('publication', 1000)
    assert.deepEqual(
      journal.all('publication').map(({ data, offset }) => [speaker.decode(data), offset]),
      commands.map((_, n) => [n, n + 1]),
    )
  })

  test(`over ${speaker.name} commands that are collected go out together`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const channel = newChannel()
    const { journal } = await subscribe(sdk, channel)
    sdk.startBatching()
    const published = Array.from({ length: 50 }, (_, n) => sdk.publish(channel, speaker.encode(n)))
    const asked = Promise.all([sdk.presence(channel), sdk.history(channel, { limit: 100 })])
    sdk.stopBatching()
    await Promise.all(published)
    assert.equal((await asked)[1].publications.length, 50)
    await journal.nth('publication', 50)
    assert.deepEqual(
      journal.all('publication').map(({ data }) => speaker.decode(data)),
      published.map((_, n) => n),
    )
  })

  test(`over ${speaker.name} commands one right after the other are all answered`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const clients = journalOf(sdk)
    const channel = newChannel()
    await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        n % 2 === 0 ? sdk.publish(channel, speaker.encode(n)) : sdk.history(channel, { limit: 1 }),
      ),
    )
    assert.equal((await sdk.history(channel, {})).offset, 50)
    assert.deepEqual(clients.entries, [])
  })

  test(`over ${speaker.name} joins and leaves tell who came and went`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const channel = newChannel()
    const { journal } = await subscribe(sdk, channel)
    const other = await connectSdk(t, hub)
    const { subscription } = await subscribe(other, channel)
    subscription.unsubscribe()
    subscription.subscribe()
    await subscription.ready(5000)
    other.disconnect()
    await journal.nth('leave', 2)
    const events = journal.entries.filter(({ event }) => event === 'join' || event === 'leave')
    const [own, ...others] = events as [Entry, ...Entry[]]
    const clients = await sdk.presence(channel)
    assert.deepEqual(Object.keys(clients.clients), [own.context.info?.client])
    assert.deepEqual(told(own.context), { channel, info: { client: own.context.info?.client, user: '' } })
    assert.deepEqual(
      others.map(({ event }) => event),
      ['join', 'leave', 'join', 'leave'],
    )
    assert.equal(new Set(others.map(({ context }) => context.info?.client)).size, 1)
  })
}

for (const speaker of [binaryWebSocket, binaryHttpStream]) {
  test(`over ${speaker.name} bytes that are no text arrive as they were`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const { subscription, journal } = await subscribe(sdk, newChannel())
    const bytes = Uint8Array.from({ length: 512 }, (_, n) => n % 256)
    await subscription.publish(bytes)
    await hub.api('publish', { channel: subscription.channel, b64data: Buffer.from(bytes).toString('base64') })
    await journal.nth('publication', 2)
    for (const { data } of journal.all('publication')) assert.deepEqual(new Uint8Array(data as Uint8Array), bytes)
    const { publications } = await subscription.history({ limit: 10 })
    for (const { data } of publications) assert.deepEqual(new Uint8Array(data as Uint8Array), bytes)
  })
}

test('a JSON client that would get bytes that are no JSON is told 3506', async (t) => {
  const [sdk, binary] = [await connectSdk(t, hub), await connectSdk(t, hub, binaryWebSocket)]
  const clients = journalOf(sdk)
  const { subscription } = await subscribe(sdk, newChannel())
  await binary.publish(subscription.channel, Uint8Array.of(0, 255))
  assert.deepEqual(await clients.first('disconnected'), { code: 3506, reason: 'inappropriate protocol' })
})

test('fifty clients of one channel all receive everything', async (t) => {
  const channel = newChannel()
  const journals = await Promise.all(
    Array.from({ length: 50 }, async (_, n) => {
      const sdk = await connectSdk(t, hub, speakers[n % speakers.length])
      return (await subscribe(sdk, channel)).journal
    }),
  )
  for (let n = 0; n < 10; n++) await hub.publish(channel, n)
  await Promise.all(journals.map((journal) => journal.nth('publication', 10)))
  for (const journal of journals) {
    assert.deepEqual(
      journal.all('publication').map(({ offset }) => offset),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    )
  }
  await Promise.all(journals.map((journal) => journal.first('join')))
})

test('a frame over the limit ends the connection for good', async (t) => {
  const sdk = await connectSdk(t, hub)
  const clients = journalOf(sdk)
  await assert.rejects(sdk.publish(newChannel(), 'x'.repeat(70_000)), { code: 11 })
  assert.deepEqual(await clients.first('disconnected'), { code: 3, reason: 'message size limit exceeded' })
})
