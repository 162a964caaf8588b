import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ask } from './api.ts'
import { secret } from './config.ts'
import { newChannel, newUser } from './names.ts'
import { connectRaw, connectRawAs, type Message, subscribeWithToken } from './raw.ts'
import { connectSdk, next, subscribed } from './sdk.ts'
import { startServer } from './server.ts'
import { channelToken, type Claims, secondsFromNow, sign } from './tokens.ts'

const history = { history_size: 10, history_ttl: '600s' }
const channel = {
  namespaces: [
    { name: 'room', ...history },
    { name: 'here', presence: true, join_leave: true, allow_presence_for_client: true },
  ],
}

const server = await startServer({ after }, { channel })

const ownSecret = 'a secret for subscription tokens alone, long enough'
const separate = await startServer(
  { after },
  { client: { subscription_token: { enabled: true, hmac_secret_key: ownSecret } }, channel },
)

test('[TOK1] a token that is not signed by the server’s key is error 103', async (t) => {
  const [user, room] = [newUser(), newChannel('room')]
  const client = await connectRaw(t, server, user)
  for (const token of [
    'nonsense',
    await sign({ sub: user, channel: room, exp: secondsFromNow(60) }, 'another secret, which is long enough'),
    // A connection token is for no channel. [TOK5]
    await sign({ sub: user, exp: secondsFromNow(60) }),
  ]) {
    assert.equal(await client.ask('subscribe', { channel: room, token }), 103)
  }
})

test('[TOK2] a token that is past or not yet good is error 109', async (t) => {
  const [user, room] = [newUser(), newChannel('room')]
  const client = await connectRaw(t, server, user)
  for (const wrong of [{ exp: secondsFromNow(-1) }, { nbf: secondsFromNow(600) }]) {
    assert.equal(await client.ask('subscribe', { channel: room, token: await channelToken(user, room, wrong) }), 109)
  }
})

test('[TOK5] a token of another channel, user or client ends the connection with 3500', async (t) => {
  const [user, room] = [newUser(), newChannel('room')]
  for (const token of [
    await channelToken(user, newChannel('room')),
    await channelToken(newUser('bob'), room),
    await channelToken('', room),
    await channelToken(user, room, { client: '00000000-0000-4000-8000-000000000000' }),
  ]) {
    const client = await connectRaw(t, server, user)
    client.send({ id: 2, subscribe: { channel: room, token } })
    assert.deepEqual(await client.closed, { code: 3500, reason: 'invalid token' })
  }
})

test('[TOK5] a token for this client is good for it', async (t) => {
  const [user, room] = [newUser(), newChannel('room')]
  const { client, id } = await connectRawAs(t, server, user)
  const token = await channelToken(user, room, { client: id, exp: undefined })
  assert.deepEqual(await client.ask('subscribe', { channel: room, token }), {})
})

test('[TOK6] expire_at decides in place of exp, and 0 means never', async (t) => {
  const user = newUser()
  const client = await connectRaw(t, server, user)
  const ask = async (claims: Claims) => {
    const room = newChannel('room')
    return (await client.ask('subscribe', { channel: room, token: await channelToken(user, room, claims) })) as Message
  }
  const { ttl } = await ask({ expire_at: secondsFromNow(1000), exp: secondsFromNow(100) })
  assert.ok(Number(ttl) > 900 && Number(ttl) <= 1000)
  assert.deepEqual(await ask({ expire_at: 0 }), {})
})

test('[TOK7] the token’s info is seen by others, its data by the client', async (t) => {
  const [user, here] = [newUser(), newChannel('here')]
  const { client, id } = await connectRawAs(t, server, user, { info: { name: 'Ann' } })
  const token = await channelToken(user, here, { info: { role: 'owner' }, data: { topic: 'Чай ☕' }, exp: undefined })
  assert.deepEqual(await client.ask('subscribe', { channel: here, token }), { data: { topic: 'Чай ☕' } })
  assert.deepEqual(await client.ask('presence', { channel: here }), {
    presence: { [id]: { user, client: id, conn_info: { name: 'Ann' }, chan_info: { role: 'owner' } } },
  })
})

test('info and data may come in base64', async (t) => {
  const [user, here] = [newUser(), newChannel('here')]
  const { client, id } = await connectRawAs(t, server, user)
  const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64')
  const token = await channelToken(user, here, { b64info: base64([1]), b64data: base64([2]), exp: undefined })
  assert.deepEqual(await client.ask('subscribe', { channel: here, token }), { data: [2] })
  assert.deepEqual(await client.ask('presence', { channel: here }), {
    presence: { [id]: { user, client: id, chan_info: [1] } },
  })
})

test('[SUB12] the override of a token replaces the options of the namespace', async (t) => {
  const [user, room, here] = [newUser(), newChannel('room'), newChannel('here')]
  const client = await connectRaw(t, server, user)
  const override = { force_recovery: { value: true }, force_positioning: { value: true } }
  const token = await channelToken(user, room, { override, exp: undefined })
  const { epoch, ...result } = (await client.ask('subscribe', { channel: room, token })) as Message
  assert.equal(typeof epoch, 'string')
  assert.deepEqual(result, { recoverable: true, positioned: true })

  const hidden = { presence: { value: false } }
  await subscribeWithToken(client, user, here, { token: await channelToken(user, here, { override: hidden }) })
  assert.deepEqual(await ask(server, 'presence', { channel: here }), { presence: {} })
})

test('[SUB12] the override of a token has joins and leaves pushed to its bearer alone', async (t) => {
  const [ann, bob, here] = [newUser('ann'), newUser('bob'), newChannel('here')]
  const [asked, other] = [await connectRaw(t, server, ann), await connectRaw(t, server, bob)]
  const override = { force_push_join_leave: { value: true } }
  await asked.subscribe(here, { token: await channelToken(ann, here, { override }) })
  await asked.next()
  await subscribeWithToken(other, bob, here)
  const { push } = await asked.next()
  assert.equal(((push as Message)['join'] as { info: { user: string } }).info.user, bob)
  assert.deepEqual(other.rest(), [])
})

test('subscription tokens may have a key of their own', async (t) => {
  const [user, room] = [newUser(), newChannel('room')]
  const client = await connectRaw(t, separate, user)
  assert.equal(
    await client.ask('subscribe', { channel: room, token: await sign({ sub: user, channel: room }, secret) }),
    103,
  )
  const token = await sign({ sub: user, channel: room }, ownSecret)
  assert.deepEqual(await client.ask('subscribe', { channel: room, token }), {})
})

test('the SDK asks for a token, and again when the first one was too old', async (t) => {
  const [user, room] = [newUser(), newChannel('room')]
  const sdk = await connectSdk(t, server, user)
  const tokens = [await channelToken(user, room, { exp: secondsFromNow(-1) }), await channelToken(user, room)]
  const asked: string[] = []
  const subscription = sdk.newSubscription(room, {
    minResubscribeDelay: 10,
    getToken: async ({ channel }) => {
      asked.push(channel)
      return tokens[asked.length - 1] ?? ''
    },
  })
  await subscribed(subscription)
  assert.deepEqual(asked, [room, room])
})

test('the SDK gives up a subscription for which it gets no token', async (t) => {
  const sdk = await connectSdk(t, server, newUser())
  const subscription = sdk.newSubscription(newChannel('room'), { getToken: async () => '' })
  const unsubscribed = next<{ code: number }>(subscription, 'unsubscribed')
  subscription.subscribe()
  assert.equal((await unsubscribed).code, 1)
})
