import assert from 'node:assert/strict'
import { after, test, type TestContext } from 'node:test'
import { newChannel, newUser } from './names.ts'
import { connectRaw, openRaw, type RawClient } from './raw.ts'
import { type ServerUnderTest, startServer } from './server.ts'
import { channelToken } from './tokens.ts'

const kept = { presence: true, history_size: 10, history_ttl: '600s' }
const forClient = {
  allow_subscribe_for_client: true,
  allow_publish_for_client: true,
  allow_history_for_client: true,
  allow_presence_for_client: true,
}
const forSubscriber = {
  allow_publish_for_subscriber: true,
  allow_history_for_subscriber: true,
  allow_presence_for_subscriber: true,
}
const forAnonymous = {
  allow_subscribe_for_anonymous: true,
  allow_publish_for_anonymous: true,
  allow_history_for_anonymous: true,
  allow_presence_for_anonymous: true,
}
const channel = {
  namespaces: [
    { name: 'closed', ...kept },
    { name: 'clients', ...kept, ...forClient },
    { name: 'subscribers', ...kept, ...forSubscriber, allow_subscribe_for_client: true },
    { name: 'everyone', ...kept, ...forClient, ...forAnonymous },
    { name: 'listeners', ...kept, ...forSubscriber, ...forAnonymous, allow_subscribe_for_client: true },
    { name: 'anonymous', ...kept, ...forAnonymous },
    { name: 'features' },
  ],
}

const server = await startServer({ after }, { client: { allow_anonymous_connect_without_token: true }, channel })
const insecure = await startServer({ after }, { client: { insecure: true }, channel })

async function connectAnonymous(t: TestContext, to: ServerUnderTest): Promise<RawClient> {
  const client = await openRaw(t, to)
  assert.ok((await client.call('connect'))['connect'])
  return client
}

/** The codes of what is refused; 0 is success. */
async function may(client: RawClient, channel: string) {
  const code = async (method: string, request: object = {}) => {
    const answer = await client.ask(method, { channel, ...request })
    return typeof answer === 'number' ? answer : 0
  }
  const doAll = async () => [
    await code('publish', { data: 1 }),
    await code('history'),
    await code('presence'),
    await code('presence_stats'),
  ]
  const before = await doAll()
  const subscribe = await code('subscribe')
  return { before, subscribe, after: subscribe === 0 ? await doAll() : undefined }
}

const [allowed, denied] = [
  [0, 0, 0, 0],
  [103, 103, 103, 103],
]

test('[SUB3] [PUB6] [HIS6] [PRE3] users may do what a namespace allows to clients or to subscribers', async (t) => {
  const client = await connectRaw(t, server, newUser())
  assert.deepEqual(await may(client, newChannel('closed')), { before: denied, subscribe: 103, after: undefined })
  assert.deepEqual(await may(client, newChannel('clients')), { before: allowed, subscribe: 0, after: allowed })
  assert.deepEqual(await may(client, newChannel('subscribers')), { before: denied, subscribe: 0, after: allowed })
  assert.deepEqual(await may(client, newChannel('anonymous')), { before: denied, subscribe: 103, after: undefined })
})

test('[SUB3] [PUB6] anonymous users may do what a namespace allows them and clients, or subscribers', async (t) => {
  const client = await connectAnonymous(t, server)
  for (const namespace of ['closed', 'clients', 'subscribers', 'anonymous']) {
    const nothing = { before: denied, subscribe: 103, after: undefined }
    assert.deepEqual(await may(client, newChannel(namespace)), nothing, namespace)
  }
  assert.deepEqual(await may(client, newChannel('everyone')), { before: allowed, subscribe: 0, after: allowed })
  assert.deepEqual(await may(client, newChannel('listeners')), { before: denied, subscribe: 0, after: allowed })
})

test('a token lets one subscribe, and as a subscriber one may do what subscribers may', async (t) => {
  const user = newUser()
  const client = await connectRaw(t, server, user)
  for (const [namespace, code] of [
    ['closed', 103],
    ['subscribers', undefined],
  ] as const) {
    const name = newChannel(namespace)
    await client.subscribe(name, { token: await channelToken(user, name) })
    const { error } = (await client.call('publish', { channel: name, data: 1 })) as { error?: { code: number } }
    assert.equal(error?.code, code)
  }
})

test('[HIS6] [PRE3] [PUB5] what is missing is told before what is forbidden', async (t) => {
  const client = await connectRaw(t, server, newUser())
  for (const method of ['history', 'presence', 'presence_stats']) {
    assert.equal(await client.ask(method, { channel: 'features:x' }), 108, method)
    assert.equal(await client.ask(method, { channel: 'unknown:x' }), 102, method)
    assert.equal(await client.ask(method, { channel: 'closed:é' }), 107, method)
  }
  assert.equal(await client.ask('publish', { channel: 'unknown:x', data: 1 }), 102)
  assert.equal(await client.ask('publish', { channel: 'clients:é', data: 1 }), 107)
})

test('[CON13] insecure: everybody connects, nothing expires, and everything is allowed', async (t) => {
  for (const client of [await connectAnonymous(t, insecure), await connectRaw(t, insecure, newUser())]) {
    assert.deepEqual(await may(client, newChannel('closed')), { before: allowed, subscribe: 0, after: allowed })
    assert.deepEqual(await client.ask('subscribe', { channel: `closed:x${newUser()}#somebody` }), {})
    assert.equal(await client.ask('subscribe', { channel: 'unknown:x' }), 102)
    assert.equal(await client.ask('history', { channel: 'features:x' }), 108)
  }
})

test('insecure: a channel that begins with $ needs a token all the same', async (t) => {
  const user = newUser()
  const client = await connectRaw(t, insecure, user)
  assert.equal(await client.ask('subscribe', { channel: '$closed:x' }), 103)
  const token = await channelToken(user, '$closed:x', { exp: undefined })
  assert.deepEqual(await client.ask('subscribe', { channel: '$closed:x', token }), {})
})

test('[CON13] insecure: a token is looked at, but it does not expire the connection', async (t) => {
  const client = await openRaw(t, insecure)
  client.send({ id: 1, connect: { token: 'nonsense' } })
  assert.equal((await client.closed).code, 3500)
  const other = await connectRaw(t, insecure, newUser())
  assert.equal(
    other.frames.some((frame) => frame.includes('"ttl"')),
    false,
  )
})
