import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ask, positionOf, publish } from './api.ts'
import { newChannel, newUser } from './names.ts'
import { connectRaw, type Message, nextData, pub, subscribeWithToken } from './raw.ts'
import { connectSdk, Heard, next, subscribed } from './sdk.ts'
import { startServer } from './server.ts'
import { channelToken } from './tokens.ts'

const history = { history_size: 100, history_ttl: '600s' }

const server = await startServer(
  { after },
  {
    channel: {
      without_namespace: {},
      namespaces: [
        { name: 'plain', allow_subscribe_for_client: true },
        { name: 'closed' },
        { name: 'room', ...history, force_recovery: true },
        { name: 'kept', ...history, allow_subscribe_for_client: true },
        { name: 'watched', ...history, force_positioning: true, allow_subscribe_for_client: true },
        { name: 'asked', ...history, allow_positioning: true, allow_recovery: true, allow_subscribe_for_client: true },
        { name: 'readable', ...history, allow_history_for_subscriber: true, allow_subscribe_for_client: true },
        { name: 'coded', channel_regex: '^[а-я]+$', allow_subscribe_for_client: true },
        { name: 'few', allow_user_limited_channels: true },
        { name: 'fewer', allow_user_limited_channels: true, allow_subscribe_for_client: true },
      ],
    },
  },
)

test('[SUB1] a token for the channel is enough, and the options are the namespace’s', async (t) => {
  const [user, channel] = [newUser(), newChannel('room')]
  const client = await connectRaw(t, server, user)
  const { epoch, ...result } = await subscribeWithToken(client, user, channel, {
    token: await channelToken(user, channel, { exp: undefined }),
  })
  assert.deepEqual(result, { recoverable: true, positioned: true })
  assert.match(String(epoch), /^\S+$/)
})

test('[SUB1] a token that expires is told with the time to live', async (t) => {
  const [user, channel] = [newUser(), newChannel('closed')]
  const client = await connectRaw(t, server, user)
  const { expires, ttl, ...rest } = await subscribeWithToken(client, user, channel)
  assert.equal(expires, true)
  assert.ok(Number(ttl) > 3500 && Number(ttl) <= 3600)
  assert.deepEqual(rest, {})
})

test('[SUB2] what is wrong is found in this order', async (t) => {
  const client = await connectRaw(t, server, newUser())
  await client.subscribe('plain:taken')
  const refused: Array<[object, number]> = [
    [{ channel: `unknown:${'x'.repeat(248)}` }, 107],
    [{ channel: 'plain:taken', type: 1 }, 105],
    [{ channel: 'unknown:é' }, 102],
    [{ channel: 'unknown:x', token: 'nonsense' }, 102],
    [{ channel: 'closed:é' }, 107],
    [{ channel: 'closed:é', token: 'nonsense' }, 107],
    [{ channel: 'closed:x', type: 1 }, 103],
    [{ channel: 'plain:x', type: 1 }, 103],
    [{ channel: 'plain:x', type: 4 }, 108],
    [{ channel: 'closed:x' }, 103],
  ]
  for (const [request, code] of refused) {
    assert.equal(await client.ask('subscribe', request), code, JSON.stringify(request))
  }
  assert.deepEqual(await client.ask('subscribe', { channel: `plain:${'x'.repeat(249)}` }), {}, '255 bytes are fine')
})

test('[SUB2] a name with a colon alone, or of an unknown namespace, is no channel', async (t) => {
  const client = await connectRaw(t, server, newUser())
  assert.equal(await client.ask('subscribe', { channel: ':x' }), 102)
  assert.equal(await client.ask('subscribe', { channel: 'Plain:x' }), 102)
  assert.deepEqual(await client.ask('subscribe', { channel: 'plain:' }), {})
  assert.deepEqual(await client.ask('subscribe', { channel: 'plain:a:b' }), {})
})

test('[SUB2] an unknown delta ends the connection', async (t) => {
  const client = await connectRaw(t, server, newUser())
  client.send({ id: 2, subscribe: { channel: 'plain:x', delta: 'xdelta' } })
  assert.equal((await client.closed).code, 3501)
})

test('[SUB2] a subscribe that is sent twice at once is refused once', async (t) => {
  const [user, channel] = [newUser(), newChannel('closed')]
  const client = await connectRaw(t, server, user)
  const token = await channelToken(user, channel, { exp: undefined })
  client.send({ id: 11, subscribe: { channel, token } }, { id: 12, subscribe: { channel, token } })
  assert.deepEqual((await client.next(({ id }) => id === 11))['subscribe'], {})
  assert.equal(((await client.next(({ id }) => id === 12))['error'] as Message)['code'], 105)
})

test('[SUB10] a channel_regex decides about names, in place of ASCII', async (t) => {
  const client = await connectRaw(t, server, newUser())
  assert.deepEqual(await client.ask('subscribe', { channel: 'coded:привет' }), {})
  assert.equal(await client.ask('subscribe', { channel: 'coded:hello' }), 107)
})

test('[SUB7] a channel that begins with $ needs a token', async (t) => {
  const user = newUser()
  const client = await connectRaw(t, server, user)
  assert.equal(await client.ask('subscribe', { channel: '$plain:x' }), 103)
  const token = await channelToken(user, '$plain:x', { exp: undefined })
  assert.deepEqual(await client.ask('subscribe', { channel: '$plain:x', token }), {})
  await publish(server, 'plain:x', 'another channel')
  await publish(server, '$plain:x', 'this one')
  assert.equal(await nextData(client), 'this one')
})

test('[SUB8] a channel for the users in its name is open to them and to nobody else', async (t) => {
  const [ann, bob, cem] = [newUser('ann'), newUser('bob'), newUser('cem')]
  for (const namespace of ['few', 'fewer']) {
    const channel = `${namespace}:talk#${ann},${bob}`
    for (const user of [ann, bob]) {
      assert.deepEqual(await (await connectRaw(t, server, user)).ask('subscribe', { channel }), {}, user)
    }
    assert.equal(await (await connectRaw(t, server, cem)).ask('subscribe', { channel }), 103)
    const token = await channelToken(cem, channel, { exp: undefined })
    assert.deepEqual(
      await (await connectRaw(t, server, cem)).ask('subscribe', { channel, token }),
      {},
      'but a token is',
    )
  }
})

test('[SUB8] where the namespace does not limit users, the sign # means nothing', async (t) => {
  const client = await connectRaw(t, server, newUser())
  assert.deepEqual(await client.ask('subscribe', { channel: 'plain:talk#somebody' }), {})
  assert.equal(await client.ask('subscribe', { channel: 'closed:talk#somebody' }), 103)
})

test('[SUB9] channels without a colon have options of their own, all off here', async (t) => {
  const user = newUser()
  const client = await connectRaw(t, server, user)
  assert.equal(await client.ask('subscribe', { channel: 'bare' }), 103)
  const token = await channelToken(user, 'bare', { exp: undefined })
  assert.deepEqual(await client.ask('subscribe', { channel: 'bare', token }), {})
})

test('[SUB5] positions are told where they are watched', async (t) => {
  const client = await connectRaw(t, server, newUser())
  const [watched, kept] = [newChannel('watched'), newChannel('kept')]
  for (const channel of [watched, kept]) await publish(server, channel, 1)
  const position = await positionOf(server, watched)
  assert.deepEqual(await client.subscribe(watched), { positioned: true, ...position })
  assert.deepEqual(await client.subscribe(kept), {})
})

test('[SUB6] what one asks for is given where it is allowed, and is off without a word elsewhere', async (t) => {
  const client = await connectRaw(t, server, newUser())
  const request = { positioned: true, recoverable: true, join_leave: true, delta: 'fossil' }
  assert.deepEqual(await client.subscribe(newChannel('kept'), request), {})
  for (const namespace of ['asked', 'readable']) {
    const { epoch, ...result } = await client.subscribe(newChannel(namespace), request)
    assert.deepEqual(result, { positioned: true, recoverable: true }, namespace)
    assert.equal(typeof epoch, 'string')
    const { epoch: _, ...positioned } = await client.subscribe(newChannel(namespace), { positioned: true })
    assert.deepEqual(positioned, { positioned: true }, namespace)
    assert.deepEqual(await client.subscribe(newChannel(namespace)), {}, `${namespace}, not asked`)
  }
})

test('[SUB4] publications come with the reply or after it, never twice and never not at all', async (t) => {
  const [user, channel] = [newUser(), newChannel('room')]
  const client = await connectRaw(t, server, user)
  const { epoch } = await positionOf(server, channel)
  const publishing = (async () => {
    for (let n = 1; n <= 100; n++) await publish(server, channel, n)
  })()
  const token = await channelToken(user, channel)
  for (let round = 0; ; round++) {
    const { offset } = await positionOf(server, channel)
    const reply = await client.subscribe(channel, { token, recover: true, offset, epoch })
    assert.equal(reply['recovered'], true)
    const heard = ((reply['publications'] as Message[] | undefined) ?? []).map(({ data }) => data)
    const isLast = offset === 100 || heard.at(-1) === 100
    if (!isLast) heard.push(await nextData(client))
    assert.deepEqual(
      heard,
      Array.from({ length: heard.length }, (_, n) => offset + 1 + n),
      `round ${round}`,
    )
    if (isLast) break
    await client.call('unsubscribe', { channel })
    client.rest()
  }
  await publishing
})

test('[CON6] subscribing, unsubscribing and subscribing again in one frame ends subscribed', async (t) => {
  const [user, channel] = [newUser(), newChannel('room')]
  const client = await connectRaw(t, server, user)
  const token = await channelToken(user, channel)
  client.send(
    { id: 11, subscribe: { channel, token } },
    { id: 12, unsubscribe: { channel } },
    { id: 13, subscribe: { channel, token } },
  )
  for (const [id, method] of [
    [11, 'subscribe'],
    [12, 'unsubscribe'],
    [13, 'subscribe'],
  ] as const) {
    assert.ok((await client.next((message) => message['id'] === id))[method])
  }
  await publish(server, channel, 1)
  assert.equal(await nextData(client), 1)
})

test('[UNS1] after an unsubscribe nothing is heard, and it is fine without a subscription', async (t) => {
  const channel = newChannel('plain')
  const [client, other] = [await connectRaw(t, server, newUser()), await connectRaw(t, server, newUser())]
  for (const each of [client, other]) await each.subscribe(channel)
  assert.deepEqual(await client.ask('unsubscribe', { channel }), {})
  assert.deepEqual(await client.ask('unsubscribe', { channel }), {})
  await publish(server, channel, 1)
  await nextData(other)
  assert.deepEqual(await client.ask('unsubscribe', { channel }), {})
  assert.deepEqual(client.rest(), [])
  assert.deepEqual(await ask(server, 'channels', { pattern: channel }), { channels: { [channel]: { num_clients: 1 } } })
})

test('[REC7] a positioned subscriber hears each offset once and in order', async (t) => {
  const channel = newChannel('watched')
  const client = await connectRaw(t, server, newUser())
  await client.subscribe(channel)
  await Promise.all(Array.from({ length: 30 }, (_, n) => publish(server, channel, n)))
  const offsets: unknown[] = []
  for (let n = 0; n < 30; n++) offsets.push(pub((await client.next())['push'] as Message).offset)
  assert.deepEqual(
    offsets,
    Array.from({ length: 30 }, (_, n) => n + 1),
  )
})

test('the SDK subscribes, hears and unsubscribes', async (t) => {
  const [user, channel] = [newUser(), newChannel('room')]
  const sdk = await connectSdk(t, server, user)
  const subscription = sdk.newSubscription(channel, { token: await channelToken(user, channel) })
  const heard = new Heard(subscription)
  await subscribed(subscription)
  for (const n of [1, 2, 3]) await publish(server, channel, { n })
  assert.deepEqual(await heard.first(3), [{ n: 1 }, { n: 2 }, { n: 3 }])
  assert.deepEqual(
    heard.contexts.map(({ offset }) => offset),
    [1, 2, 3],
  )
  const unsubscribed = next<{ code: number }>(subscription, 'unsubscribed')
  subscription.unsubscribe()
  assert.equal((await unsubscribed).code, 0)
})

test('the SDK is told why it may not subscribe', async (t) => {
  const sdk = await connectSdk(t, server, newUser())
  const subscription = sdk.newSubscription('closed:x')
  const unsubscribed = next<{ code: number; reason: string }>(subscription, 'unsubscribed')
  subscription.subscribe()
  assert.deepEqual(await unsubscribed, { channel: 'closed:x', code: 103, reason: 'permission denied' })
})
