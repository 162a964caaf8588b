import assert from 'node:assert/strict'
import { after, test, type TestContext } from 'node:test'
import { ask, call, positionOf, publish, publishAll, refusal } from './api.ts'
import { newChannel, newUser } from './names.ts'
import { onlyOn } from './only.ts'
import { connectRaw, errorCode, type Message, nextData, openRaw } from './raw.ts'
import { connected, connectSdk, Heard, newSdk, next } from './sdk.ts'
import { type ServerUnderTest, startServer } from './server.ts'
import { type Claims, connectionToken } from './tokens.ts'

const kept = { history_size: 20, history_ttl: '600s' }
const channel = {
  namespaces: [
    { name: 'personal', ...kept, force_recovery: true, presence: true, join_leave: true },
    { name: 'room', ...kept, force_recovery: true, presence: true },
    { name: 'plain', presence: true, allow_subscribe_for_client: true, allow_publish_for_subscriber: true },
  ],
}

const server = await startServer({ after }, { client: { channel_limit: 5 }, channel })

const personal = { enabled: true, personal_channel_namespace: 'personal' }
const personalServer = await startServer(
  { after },
  { client: { subscribe_to_user_personal_channel: personal, allow_anonymous_connect_without_token: true }, channel },
)

type Subs = Record<string, Message>

/** What connect told about the subscriptions that came with it. */
async function connectWith(
  t: TestContext,
  user: string,
  claims: Claims,
  request: object = {},
  to: ServerUnderTest = server,
) {
  const client = await openRaw(t, to)
  const answer = await client.ask('connect', { token: await connectionToken(user, claims), ...request })
  const { client: id, subs = {} } = answer as { client: string; subs?: Subs }
  return { client, id, subs, answer }
}

test('[SSS1] a connection token subscribes to channels, which nobody else is asked about', async (t) => {
  const [user, room, plain] = [newUser(), newChannel('room'), newChannel('plain')]
  const { client, subs } = await connectWith(t, user, { channels: [room, plain] })
  const { epoch } = await positionOf(server, room)
  assert.deepEqual(subs, { [room]: { recoverable: true, positioned: true, epoch }, [plain]: {} })
  await publish(server, room, 'to the room')
  assert.deepEqual(await client.nextPush(), { channel: room, pub: { data: 'to the room', offset: 1 } })
  assert.equal(await client.ask('subscribe', { channel: plain }), 105, '[SSS9]')
})

test('[SSS1] a connection token tells info, data and options of its channels', async (t) => {
  const [user, room, plain] = [newUser(), newChannel('room'), newChannel('plain')]
  const { subs, id } = await connectWith(t, user, {
    info: { name: 'Ann' },
    subs: {
      [plain]: { info: { role: 'owner' }, data: { hello: 'you' } },
      [room]: { override: { force_recovery: { value: false }, presence: { value: false } } },
    },
  })
  assert.deepEqual(subs, { [plain]: { data: { hello: 'you' } }, [room]: {} })
  const info = { user, client: id, conn_info: { name: 'Ann' }, chan_info: { role: 'owner' } }
  assert.deepEqual(await ask(server, 'presence', { channel: plain }), { presence: { [id]: info } })
  assert.deepEqual(await ask(server, 'presence', { channel: room }), { presence: {} })
})

test('[SSS1] a subscriber by token may do what subscribers may', async (t) => {
  const [user, plain] = [newUser(), newChannel('plain')]
  const { client } = await connectWith(t, user, { channels: [plain] })
  client.send({ id: 5, publish: { channel: plain, data: 1 } })
  assert.equal(await nextData(client), 1)
})

test('[SSS2] one channel that cannot be spoils the whole connect', async (t) => {
  const { answer } = await connectWith(t, newUser(), { channels: [newChannel('room'), 'unknown:x'] })
  assert.equal(answer, 102)
})

test('[SSS2] more channels than allowed are told 3505', async (t) => {
  const client = await openRaw(t, server)
  const channels = Array.from({ length: 6 }, () => newChannel('room'))
  client.send({ id: 1, connect: { token: await connectionToken(newUser(), { channels }) } })
  assert.deepEqual(await client.closed, { code: 3505, reason: 'channel limit' })
})

test('[SSS3] [REC1] what was missed comes with the connect, from the positions that the client tells', async (t) => {
  const [user, room] = [newUser(), newChannel('room')]
  const { epoch } = await publishAll(server, room, [1, 2, 3])
  const subs = { [room]: { recover: true, offset: 1, epoch } }
  const { subs: recovered } = await connectWith(t, user, { channels: [room] }, { subs })
  const flags = { recoverable: true, positioned: true, was_recovering: true, epoch }
  assert.deepEqual(recovered[room], {
    ...flags,
    recovered: true,
    offset: 1,
    publications: [
      { data: 2, offset: 2 },
      { data: 3, offset: 3 },
    ],
  })
  const lost = { [room]: { recover: true, offset: 1, epoch: 'forged' } }
  assert.deepEqual((await connectWith(t, user, { channels: [room] }, { subs: lost })).subs[room], {
    ...flags,
    offset: 3,
  })
})

test('[SSS3] the SDK recovers channels of its token over breaks', async (t) => {
  const [user, room] = [newUser(), newChannel('room')]
  const sdk = newSdk(t, server, { token: await connectionToken(user, { channels: [room] }) })
  const heard = new Heard(sdk)
  const told: Array<{ recovered: boolean }> = []
  sdk.on('subscribed', (context) => told.push(context))
  await connected(sdk)
  for (let n = 1; n <= 4; n++) {
    await publish(server, room, n)
    const again = next(sdk, 'connected')
    await ask(server, 'disconnect', { user, disconnect: { code: 3011, reason: 'force reconnect' } })
    await publish(server, room, ++n)
    await again
  }
  assert.deepEqual(await heard.first(4), [1, 2, 3, 4])
  assert.deepEqual(
    told.map(({ recovered }) => recovered),
    [false, true, true],
  )
})

test('[SSS5] a refresh with other channels ends the connection with 3010, one with the same does not', async (t) => {
  const [user, room, other] = [newUser(), newChannel('room'), newChannel('room')]
  const { client } = await connectWith(t, user, { channels: [room] })
  const same = (await client.ask('refresh', { token: await connectionToken(user, { channels: [room] }) })) as Message
  assert.equal(same['expires'], true)
  for (const channels of [[room, other], []]) {
    const { client } = await connectWith(t, user, { channels: [room] })
    client.send({ id: 9, refresh: { token: await connectionToken(user, { channels }) } })
    assert.deepEqual(await client.closed, { code: 3010, reason: 'insufficient state' })
  }
})

test('[SSS6] every user has a personal channel, and anonymous ones have none', async (t) => {
  const user = newUser()
  const own = `personal:#${user}`
  const { client, subs } = await connectWith(t, user, {}, {}, personalServer)
  assert.deepEqual(Object.keys(subs), [own])
  assert.equal(subs[own]?.['recoverable'], true)
  await publish(personalServer, own, 'for you')
  assert.equal(await nextData(client), 'for you')
  const anonymous = await openRaw(t, personalServer)
  assert.equal('subs' in ((await anonymous.ask('connect')) as object), false)
})

test('[SSS6] a personal channel adds to the channels of the token, and a refresh does not mind it', async (t) => {
  const [user, room] = [newUser(), newChannel('room')]
  const { client, subs } = await connectWith(t, user, { channels: [room] }, {}, personalServer)
  assert.deepEqual(Object.keys(subs).sort(), [`personal:#${user}`, room].sort())
  const answer = await client.ask('refresh', { token: await connectionToken(user, { channels: [room] }) })
  assert.equal((answer as Message)['expires'], true)
})

test('[SSS6] a user may be held to one connection, the newest', async (t) => {
  const single = { ...personal, single_connection: true }
  const strict = await startServer(t, { client: { subscribe_to_user_personal_channel: single }, channel })
  const [user, other] = [newUser(), newUser()]
  const [first, third] = [await connectRaw(t, strict, user), await connectRaw(t, strict, other)]
  const second = await connectRaw(t, strict, user)
  assert.deepEqual(await first.closed, { code: 3504, reason: 'connection limit' })
  for (const client of [second, third]) assert.deepEqual(await client.ask('unsubscribe', { channel: 'plain:x' }), {})
})

test('[SSS7] the server API subscribes a user’s connections', async (t) => {
  const [user, room] = [newUser(), newChannel('room')]
  const clients = [await connectRaw(t, server, user), await connectRaw(t, server, user)]
  const outsider = await connectRaw(t, server, newUser())
  assert.deepEqual(await ask(server, 'subscribe', { user, channel: room, data: { hello: 1 } }), {})
  const { epoch } = await positionOf(server, room)
  for (const client of clients) {
    const subscribe = { recoverable: true, positioned: true, epoch, data: { hello: 1 } }
    assert.deepEqual(await client.nextPush(), { channel: room, subscribe })
  }
  await publish(server, room, 1)
  for (const client of clients) assert.equal(await nextData(client), 1)
  await outsider.ask('unsubscribe', { channel: room })
  assert.deepEqual(outsider.rest(), [])
})

test('[SSS7] the server API subscribes one connection, with info for others to see', async (t) => {
  const [user, plain] = [newUser(), newChannel('plain')]
  const one = await connectWith(t, user, {})
  const other = await connectRaw(t, server, user)
  await ask(server, 'subscribe', { user, channel: plain, client: one.id, info: { role: 'guest' } })
  const info = { user, client: one.id, chan_info: { role: 'guest' } }
  assert.deepEqual(await ask(server, 'presence', { channel: plain }), { presence: { [one.id]: info } })
  await other.ask('unsubscribe', { channel: plain })
  assert.deepEqual(other.rest(), [])
})

test('[SSS7] the server API replaces options and tells what was missed', async (t) => {
  const [user, room, plain] = [newUser(), newChannel('room'), newChannel('plain')]
  const { epoch } = await publishAll(server, room, [1, 2])
  const client = await connectRaw(t, server, user)
  await ask(server, 'subscribe', { user, channel: room, recover_since: { offset: 1, epoch } })
  const push = (await client.nextPush())['subscribe'] as Message
  assert.deepEqual([push['recoverable'], push['epoch'], push['publications']], [true, epoch, undefined])
  await ask(server, 'subscribe', { user, channel: plain, override: { presence: { value: false } } })
  assert.deepEqual(await ask(server, 'presence', { channel: plain }), { presence: {} })
  for (const wrong of [{ user, channel: 'unknown:x' }, { user }]) {
    assert.equal(await refusal(server, 'subscribe', wrong), 'channel' in wrong ? 102 : 107)
  }
  assert.deepEqual(
    await ask(server, 'subscribe', { user: 'nobody', channel: room }),
    {},
    'who is not there is no error',
  )
})

const keeps =
  'Centrifugo answers with error 100 when a connection is subscribed already, and consumers would repeat that for ever.'

test('[SSS7] subscribing who is subscribed changes nothing', onlyOn('hub', keeps), async (t) => {
  const [user, plain] = [newUser(), newChannel('plain')]
  const client = await connectRaw(t, server, user)
  await client.subscribe(plain)
  assert.deepEqual(await call(server, 'subscribe', { user, channel: plain }), { result: {} })
  await publish(server, plain, 'the only push')
  assert.deepEqual([await nextData(client), client.rest()], ['the only push', []])
})

test('[UNS2] the server API ends subscriptions of a user, or of one connection, and tells them', async (t) => {
  const [user, plain] = [newUser(), newChannel('plain')]
  const [one, two] = [await connectWith(t, user, {}), await connectWith(t, user, {})]
  for (const { client } of [one, two]) await client.subscribe(plain)
  const unsubscribe = { code: 2000, reason: 'server unsubscribe' }
  assert.deepEqual(await ask(server, 'unsubscribe', { user, channel: plain, client: one.id }), {})
  assert.deepEqual(await one.client.nextPush(), { channel: plain, unsubscribe })
  assert.deepEqual(Object.keys((await ask<{ presence: object }>(server, 'presence', { channel: plain })).presence), [
    two.id,
  ])
  await ask(server, 'unsubscribe', { user, channel: plain })
  assert.deepEqual(await two.client.nextPush(), { channel: plain, unsubscribe })
  assert.equal(await refusal(server, 'unsubscribe', { user, channel: 'unknown:x' }), 102)
})

test('the SDK follows what the server API does', async (t) => {
  const [user, plain, room] = [newUser(), newChannel('plain'), newChannel('room')]
  const sdk = await connectSdk(t, server, user)
  const subscribed = next<{ channel: string; recoverable: boolean }>(sdk, 'subscribed')
  await ask(server, 'subscribe', { user, channel: room })
  const { channel, recoverable } = await subscribed
  assert.deepEqual([channel, recoverable], [room, true])
  const publication = next<{ channel: string; data: unknown }>(sdk, 'publication')
  await publish(server, room, 1)
  assert.equal((await publication).data, 1)
  const gone = next<{ channel: string }>(sdk, 'unsubscribed')
  await ask(server, 'unsubscribe', { user, channel: room })
  assert.equal((await gone).channel, room)

  const subscription = sdk.newSubscription(plain)
  subscription.subscribe()
  await subscription.ready(5000)
  const ended = next<{ code: number }>(subscription, 'unsubscribed')
  await ask(server, 'unsubscribe', { user, channel: plain })
  assert.equal((await ended).code, 2000)
})

test('a connect with an expired token is error 109, whatever channels it names', async (t) => {
  const client = await openRaw(t, server)
  const token = await connectionToken(newUser(), { channels: ['room:x'], exp: 1 })
  assert.equal(errorCode(await client.call('connect', { token })), 109)
})
