import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ask, historyOf, publish, publishAll, refusal } from './api.ts'
import { newChannel, newUser } from './names.ts'
import { connectRaw, connectRawAs, type Message, nextData, pub } from './raw.ts'
import { connectSdk, Heard, subscribed } from './sdk.ts'
import { startServer } from './server.ts'
import { channelToken } from './tokens.ts'

const server = await startServer(
  { after },
  {
    channel: {
      namespaces: [
        { name: 'plain', allow_subscribe_for_client: true, allow_publish_for_client: true },
        {
          name: 'kept',
          history_size: 100,
          history_ttl: '600s',
          force_positioning: true,
          allow_subscribe_for_client: true,
          allow_publish_for_subscriber: true,
        },
        {
          name: 'strict',
          publication_data_format: 'json_object',
          allow_subscribe_for_client: true,
          allow_publish_for_client: true,
        },
      ],
    },
  },
)

test('[PUB1] any JSON value reaches every subscriber as it is, in order', async (t) => {
  const channel = newChannel('plain')
  const clients = [await connectRaw(t, server, newUser()), await connectRaw(t, server, newUser())]
  for (const client of clients) await client.subscribe(channel)
  const values = [{ a: [1, { b: null }] }, [], 'Привет, мир! 👋🏽', 0, false, '', { '': '"\n\\' }]
  await publishAll(server, channel, values)
  for (const client of clients) {
    const heard: unknown[] = []
    for (const _ of values) heard.push(await nextData(client))
    assert.deepEqual(heard, values)
  }
})

test('[PUB2] in a channel with history publications have offsets from 1 on', async (t) => {
  const channel = newChannel('kept')
  const client = await connectRaw(t, server, newUser())
  await client.subscribe(channel)
  const { epoch, offset } = await publish(server, channel, 'a')
  assert.equal(offset, 1)
  assert.deepEqual(await publish(server, channel, 'b'), { offset: 2, epoch })
  const pushes = [await client.nextPush(), await client.nextPush()].map(pub)
  assert.deepEqual(
    pushes.map(({ data, offset }) => [data, offset]),
    [
      ['a', 1],
      ['b', 2],
    ],
  )
  assert.deepEqual(await publish(server, newChannel('plain'), 1), {}, 'no position without history')
})

test('[PUB2] what skips the history has no offset, and positioned subscribers hear it', async (t) => {
  const channel = newChannel('kept')
  const client = await connectRaw(t, server, newUser())
  await client.subscribe(channel)
  await publish(server, channel, 'kept')
  assert.deepEqual(await publish(server, channel, 'passing', { skip_history: true }), {})
  await publish(server, channel, 'kept, too')
  const pushes = [await client.nextPush(), await client.nextPush(), await client.nextPush()].map(pub)
  assert.deepEqual(
    pushes.map(({ data, offset }) => [data, offset]),
    [
      ['kept', 1],
      ['passing', undefined],
      ['kept, too', 2],
    ],
  )
  const { publications } = await historyOf(server, channel)
  assert.deepEqual(
    publications.map(({ data }) => data),
    ['kept', 'kept, too'],
  )
})

test('[PUB3] a repeated idempotency key sends nothing and gets the first answer', async (t) => {
  for (const namespace of ['kept', 'plain']) {
    const [channel, other] = [newChannel(namespace), newChannel(namespace)]
    const client = await connectRaw(t, server, newUser())
    for (const each of [channel, other]) await client.subscribe(each)
    const options = { idempotency_key: 'same' }
    const first = await publish(server, channel, 1, options)
    await publish(server, channel, 2)
    assert.deepEqual(await publish(server, channel, 3, options), first)
    await publish(server, other, 4, options)
    await publish(server, channel, 5, { idempotency_key: 'another' })
    const heard: unknown[] = []
    for (let n = 0; n < 4; n++) heard.push(await nextData(client))
    assert.deepEqual(heard, [1, 2, 4, 5], namespace)
  }
})

test('[PUB3] a broadcast is repeated for no channel that has had it', async (t) => {
  const [one, two] = [newChannel('kept'), newChannel('kept')]
  const client = await connectRaw(t, server, newUser())
  for (const each of [one, two]) await client.subscribe(each)
  await publish(server, one, 'first', { idempotency_key: 'b' })
  const request = { channels: [one, two], data: 'both', idempotency_key: 'b' }
  const { responses } = await ask<{ responses: Array<{ result: { offset: number } }> }>(server, 'broadcast', request)
  assert.deepEqual(
    responses.map(({ result }) => result.offset),
    [1, 1],
  )
  assert.deepEqual([await nextData(client), await nextData(client)], ['first', 'both'])
  assert.equal((await historyOf(server, one)).offset, 1)
})

test('[PUB10] a version that is not newer is not published', async (t) => {
  const channel = newChannel('kept')
  const client = await connectRaw(t, server, newUser())
  await client.subscribe(channel)
  const at = (version: number, version_epoch = '') => ({ version, ...(version_epoch && { version_epoch }) })
  const first = await publish(server, channel, 'v5', at(5))
  assert.deepEqual(await publish(server, channel, 'v5 again', at(5)), first)
  assert.deepEqual(await publish(server, channel, 'v4', at(4)), first)
  assert.equal((await publish(server, channel, 'v6', at(6))).offset, 2)
  assert.equal((await publish(server, channel, 'v1 of another epoch', at(1, 'new'))).offset, 3)
  assert.equal((await publish(server, channel, 'v1 again', at(1, 'new'))).offset, 3)
  await publish(server, channel, 'end')
  const heard: unknown[] = []
  for (let n = 0; n < 4; n++) heard.push(await nextData(client))
  assert.deepEqual(heard, ['v5', 'v6', 'v1 of another epoch', 'end'])
})

test('[PUB5] an unknown namespace, no channel and no payload are refused', async () => {
  assert.equal(await refusal(server, 'publish', { channel: 'unknown:x', data: 1 }), 102)
  assert.equal(await refusal(server, 'publish', { data: 1 }), 107)
  assert.equal(await refusal(server, 'publish', { channel: 'plain:x' }), 107)
})

test('[PUB6] a client’s publication names the publisher, from the server’s knowledge', async (t) => {
  const [user, channel] = [newUser(), newChannel('kept')]
  const { client, id } = await connectRawAs(t, server, user, { info: { name: 'Ann' } })
  const token = await channelToken(user, channel, { info: { role: 'owner' } })
  await client.subscribe(channel, { token })
  client.send({ id: 7, publish: { channel, data: { text: 'hi' }, info: { user: 'somebody else' } } })
  const info = { user, client: id, conn_info: { name: 'Ann' }, chan_info: { role: 'owner' } }
  assert.deepEqual(pub(await client.nextPush()), { data: { text: 'hi' }, info, offset: 1 })
  assert.deepEqual((await client.next((message) => message['id'] === 7))['publish'], {})
  const { publications } = await historyOf(server, channel)
  assert.deepEqual(publications, [{ data: { text: 'hi' }, info, offset: 1 }])
})

test('[PUB7] a client’s payload arrives letter by letter', async (t) => {
  const channel = newChannel('plain')
  const client = await connectRaw(t, server, newUser())
  await client.subscribe(channel)
  const payload = '{"z":12345678901234567890,"a":1.10,"s":"\\u0041","list":[ 1 , 2 ]}'
  client.send(`{"id":9,"publish":{"channel":"${channel}","data":${payload}}}`)
  await client.next(({ id }) => id === 9)
  await client.nextPush()
  const frame = client.frames.find((text) => text.includes('"pub"')) ?? ''
  assert.ok(frame.includes(`"data":${payload}`), frame)
})

test('[PUB7] a publish without a payload is error 107', async (t) => {
  const client = await connectRaw(t, server, newUser())
  assert.equal(await client.ask('publish', { channel: newChannel('plain') }), 107)
})

test('[PUB8] tags are delivered with the publication, live and from the history', async (t) => {
  const channel = newChannel('kept')
  const client = await connectRaw(t, server, newUser())
  await client.subscribe(channel)
  await publish(server, channel, 1, { tags: { kind: 'news', lang: 'ru' } })
  assert.deepEqual(pub(await client.nextPush())['tags'], { kind: 'news', lang: 'ru' })
  assert.deepEqual((await historyOf(server, channel)).publications[0]?.['tags'], { kind: 'news', lang: 'ru' })
})

test('[PUB11] a namespace may insist on JSON objects', async (t) => {
  const channel = newChannel('strict')
  const client = await connectRaw(t, server, newUser())
  await client.subscribe(channel)
  for (const data of [1, 'text', [], null]) {
    assert.equal(await refusal(server, 'publish', { channel, data }), 107, JSON.stringify(data))
  }
  await publish(server, channel, { an: 'object' })
  assert.deepEqual(await nextData(client), { an: 'object' })
})

test('many who publish at once are heard by all in one order', async (t) => {
  const channel = newChannel('kept')
  const clients = await Promise.all([1, 2, 3].map(() => connectRaw(t, server, newUser())))
  for (const client of clients) await client.subscribe(channel)
  for (const [who, client] of clients.entries()) {
    client.send(...Array.from({ length: 20 }, (_, n) => ({ id: 100 + n, publish: { channel, data: [who, n] } })))
  }
  const orders = await Promise.all(
    clients.map(async (client) => {
      const heard: unknown[] = []
      while (heard.length < 60) heard.push(await nextData(client))
      return heard as Array<[number, number]>
    }),
  )
  assert.deepEqual(orders[1], orders[0])
  assert.deepEqual(orders[2], orders[0])
  for (const who of [0, 1, 2]) {
    const own = (orders[0] ?? []).filter(([from]) => from === who).map(([, n]) => n)
    assert.deepEqual(
      own,
      own.toSorted((a, b) => a - b),
      'in the order in which each was sent',
    )
  }
})

test('the SDK publishes, by client and by subscription', async (t) => {
  const [user, channel] = [newUser(), newChannel('kept')]
  const sdk = await connectSdk(t, server, user)
  const subscription = await subscribed(sdk.newSubscription(channel))
  const heard = new Heard(subscription)
  await subscription.publish({ n: 1 })
  await sdk.publish(channel, { n: 2 })
  assert.deepEqual(await heard.first(2), [{ n: 1 }, { n: 2 }])
  assert.equal(heard.contexts[0]?.info?.user, user)
  await assert.rejects(sdk.publish('unknown:x', 1), { code: 102 })
})

test('[PUB2] a reply to a subscribe tells the top offset', async (t) => {
  const channel = newChannel('kept')
  const position = await publishAll(server, channel, [1, 2, 3])
  const client = await connectRaw(t, server, newUser())
  const { offset, epoch } = (await client.ask('subscribe', { channel })) as Message
  assert.deepEqual({ offset, epoch }, position)
})
