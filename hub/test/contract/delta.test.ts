import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ask, historyOf, publish, publishAll } from './api.ts'
import { random } from '../random.ts'
import { newChannel, newUser } from './names.ts'
import { onlyOn } from './only.ts'
import { connectRaw, type Message, pub } from './raw.ts'
import { connected, connectSdk, Heard, newProtobufSdk, next, subscribed } from './sdk.ts'
import { startServer } from './server.ts'
import { connectionToken } from './tokens.ts'

const recoverable = { history_size: 50, history_ttl: '600s', force_recovery: true, allow_subscribe_for_client: true }

const server = await startServer(
  { after },
  {
    channel: {
      namespaces: [
        {
          name: 'doc',
          ...recoverable,
          allowed_delta_types: ['fossil'],
          delta_publish: true,
          allow_publish_for_client: true,
        },
        { name: 'choice', ...recoverable, allowed_delta_types: ['fossil'] },
        { name: 'whole', ...recoverable, delta_publish: true },
      ],
    },
  },
)

const text = (n: number) => ({
  n,
  text: 'The same long text, which is worth a difference. '.repeat(5),
  end: n % 2 === 0,
})
const texts = (count: number) => Array.from({ length: count }, (_, n) => text(n))

test('[DEL1] a delta is used where both sides want it', async (t) => {
  const client = await connectRaw(t, server, newUser())
  assert.equal((await client.subscribe(newChannel('doc'), { delta: 'fossil' }))['delta'], true)
  assert.equal((await client.subscribe(newChannel('doc')))['delta'], undefined)
  assert.equal((await client.subscribe(newChannel('whole'), { delta: 'fossil' }))['delta'], undefined)
})

test('[DEL2] the first publication is whole, the next ones are differences, all of them in strings', async (t) => {
  const channel = newChannel('doc')
  const [client, other] = [await connectRaw(t, server, newUser()), await connectRaw(t, server, newUser())]
  await client.subscribe(channel, { delta: 'fossil' })
  await other.subscribe(channel)
  await publishAll(server, channel, texts(3))
  const pushes = [await client.nextPush(), await client.nextPush(), await client.nextPush()].map(pub)
  assert.deepEqual(JSON.parse(String(pushes[0]?.data)), text(0))
  assert.deepEqual(
    pushes.map(({ delta, offset }) => [delta, offset]),
    [
      [undefined, 1],
      [true, 2],
      [true, 3],
    ],
  )
  for (const { data } of pushes.slice(1)) assert.ok(String(data).length < JSON.stringify(text(1)).length / 2)
  const whole = [await other.nextPush(), await other.nextPush(), await other.nextPush()].map((push) => pub(push).data)
  assert.deepEqual(whole, texts(3), 'who did not ask for it gets all of it')
})

test('[DEL2] a difference that is no shorter is not sent', async (t) => {
  const channel = newChannel('doc')
  const client = await connectRaw(t, server, newUser())
  await client.subscribe(channel, { delta: 'fossil' })
  await publishAll(server, channel, ['a', 'b'])
  const pushes = [await client.nextPush(), await client.nextPush()].map(pub)
  assert.deepEqual(
    pushes.map(({ data, delta }) => [data, delta]),
    [
      ['"a"', undefined],
      ['"b"', undefined],
    ],
  )
})

test('[DEL2] a publish may ask for it where the namespace leaves the choice', async (t) => {
  const channel = newChannel('choice')
  const client = await connectRaw(t, server, newUser())
  await client.subscribe(channel, { delta: 'fossil' })
  await publishAll(server, channel, texts(2))
  await publish(server, channel, text(2), { delta: true })
  const pushes = [await client.nextPush(), await client.nextPush(), await client.nextPush()].map(pub)
  assert.deepEqual(
    pushes.map(({ delta }) => delta),
    [undefined, undefined, true],
  )
  assert.deepEqual(JSON.parse(String(pushes[1]?.data)), text(1), 'what is whole is in a string all the same')
})

test('[DEL3] what is recovered begins whole and goes on with differences', async (t) => {
  const channel = newChannel('doc')
  const { epoch } = await publishAll(server, channel, texts(4))
  const client = await connectRaw(t, server, newUser())
  const reply = await client.subscribe(channel, { delta: 'fossil', recover: true, offset: 1, epoch })
  const publications = reply['publications'] as Message[]
  assert.deepEqual(
    publications.map(({ delta, offset }) => [delta, offset]),
    [
      [undefined, 2],
      [true, 3],
      [true, 4],
    ],
  )
  assert.deepEqual(JSON.parse(String(publications[0]?.['data'])), text(1))
})

test('history is never made of differences', async () => {
  const channel = newChannel('doc')
  await publishAll(server, channel, texts(3))
  const { publications } = await historyOf(server, channel)
  assert.deepEqual(
    publications.map(({ data }) => data),
    texts(3),
  )
})

test('the SDK puts differences together, also over breaks of its connection', async (t) => {
  const [user, channel] = [newUser(), newChannel('doc')]
  const sdk = await connectSdk(t, server, user)
  const subscription = sdk.newSubscription(channel, { delta: 'fossil' })
  const heard = new Heard(subscription)
  await subscribed(subscription)
  for (let n = 0; n < 30; n++) {
    await publish(server, channel, text(n))
    if (n % 10 !== 5) continue
    const again = next(subscription, 'subscribed')
    await ask(server, 'disconnect', { user, disconnect: { code: 3011, reason: 'force reconnect' } })
    await publish(server, channel, text(++n))
    await again
  }
  assert.deepEqual(await heard.first(30), texts(30))
})

test('a client’s publications are differences, too', async (t) => {
  const channel = newChannel('doc')
  const [sdk, other] = [await connectSdk(t, server, newUser()), await connectSdk(t, server, newUser())]
  const heard = new Heard(await subscribed(sdk.newSubscription(channel, { delta: 'fossil' })))
  for (const each of texts(3)) await other.publish(channel, each)
  assert.deepEqual(await heard.first(3), texts(3))
})

const words = [
  'Привет, ',
  'мир! ',
  'ёж ',
  '👋🏽',
  '👨‍👩‍👧',
  '漢字',
  'é',
  'abc ',
  '\u{1F600}\u{1F601} ',
  'ÿþ',
  '\u2028',
  '😀😁😂',
]

/** Texts that differ in the middle of characters: neighbours share their first bytes. */
function* drafts(seed: number, count: number): Generator<string> {
  const { below, pick } = random(seed)
  let parts = Array.from({ length: 60 }, () => pick(words))
  for (let n = 0; n < count; n++) {
    yield parts.join('')
    parts = parts.map((part) => (below(10) === 0 ? pick(words) : part))
  }
}

const breaks = 'Centrifugo’s differences are made of bytes, and one that ends within a character does not survive JSON.'

test('[DEL4] no character is broken, whatever it is made of', onlyOn('hub', breaks), async (t) => {
  for (const seed of [1, 2, 3]) {
    const channel = newChannel('doc')
    const sdk = await connectSdk(t, server, newUser())
    const heard = new Heard(await subscribed(sdk.newSubscription(channel, { delta: 'fossil' })))
    const all = [...drafts(seed, 40)]
    await publishAll(server, channel, all)
    assert.deepEqual(await heard.first(40), all, `seed ${seed}`)
  }
})

test('over Protobuf no character is broken', async (t) => {
  const channel = newChannel('doc')
  const sdk = await connected(newProtobufSdk(t, server, { token: await connectionToken(newUser()) }))
  const heard = new Heard(await subscribed(sdk.newSubscription(channel, { delta: 'fossil' })))
  const all = [...drafts(4, 40)]
  await publishAll(server, channel, all)
  const payloads = (await heard.first(40)) as Uint8Array[]
  assert.deepEqual(
    payloads.map((bytes) => JSON.parse(Buffer.from(bytes).toString()) as string),
    all,
  )
})
