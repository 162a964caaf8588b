import assert from 'node:assert/strict'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { test } from 'node:test'
import { Content } from '../protocol.ts'
import { unsubscribes } from '../codes.ts'
import { channelToken, connectSdk, next, startHub } from './fixture.ts'
import { LoopbackClient, newNode } from './loopback.ts'
import { connectRaw, type Message, openRaw, subscribeWithToken } from './raw.ts'

test('[SUB1] a token for the channel is enough', async (t) => {
  const client = await connectRaw(t, await startHub(t), 'ann')
  assert.equal(await client.ask('subscribe', { channel: 'personal:ann' }), 103)
  assert.equal((await subscribeWithToken(client, 'ann', 'personal:ann'))['recoverable'], true)
})

test('[SUB2] every wrong subscribe has its answer', async (t) => {
  const fixture = await startHub(t)
  const client = await connectRaw(t, fixture, 'ann')
  const long = (length: number) => `plain:${'x'.repeat(length - 6)}`
  assert.equal(await client.ask('subscribe', { channel: long(256) }), 107)
  assert.deepEqual(await client.ask('subscribe', { channel: long(255) }), {})
  assert.equal(await client.ask('subscribe', { channel: long(255) }), 105)
  assert.equal(await client.ask('subscribe', { channel: 'nowhere:x' }), 102)
  assert.equal(await client.ask('subscribe', { channel: 'plain:п' }), 107)
  assert.equal(await client.ask('subscribe', { channel: `plain:${'п'.repeat(130)}` }), 107)
  assert.equal(await client.ask('subscribe', { channel: 'plain:x', type: 1 }), 103)
  assert.equal(await client.ask('subscribe', { channel: 'plain:x', type: 4 }), 108)
  assert.equal(await client.ask('subscribe', { channel: 'room:1' }), 103)
  for (const request of [{}, { channel: '' }, { channel: 'plain:y', delta: 'magic' }]) {
    const other = await connectRaw(t, fixture, 'bob')
    other.send({ id: 2, subscribe: request })
    assert.equal((await other.closed).code, 3501)
  }
})

test('[SUB2] only so many channels at once, and one may be exchanged for another', async (t) => {
  const client = await connectRaw(t, await startHub(t, { client: { channelLimit: 2 } }), 'ann')
  await client.subscribe('plain:1')
  await client.subscribe('plain:2')
  assert.equal(await client.ask('subscribe', { channel: 'plain:3' }), 106)
  await client.ask('unsubscribe', { channel: 'plain:1' })
  await client.subscribe('plain:3')
})

test('[SUB2] the default limit is 128 channels', async (t) => {
  const client = await connectRaw(t, await startHub(t), 'ann')
  for (let n = 0; n < 128; n++) await client.subscribe(`plain:${n}`)
  assert.equal(await client.ask('subscribe', { channel: 'plain:128' }), 106)
})

test('[SUB3] without a token only what the namespace opens', async (t) => {
  const namespaces = [
    { name: 'members', allowSubscribeForClient: true },
    { name: 'everyone', allowSubscribeForClient: true, allowSubscribeForAnonymous: true },
  ]
  const fixture = await startHub(t, { namespaces, client: { allowAnonymousConnectWithoutToken: true } })
  const [ann, anonymous] = [await connectRaw(t, fixture, 'ann'), await openRaw(t, fixture)]
  await anonymous.call('connect')
  assert.deepEqual(await ann.ask('subscribe', { channel: 'members:x' }), {})
  assert.deepEqual(await ann.ask('subscribe', { channel: 'everyone:x' }), {})
  assert.equal(await anonymous.ask('subscribe', { channel: 'members:x' }), 103)
  assert.deepEqual(await anonymous.ask('subscribe', { channel: 'everyone:x' }), {})
})

test('[SUB4] nothing falls between the reply and the first push, and nothing comes twice', async (t) => {
  const node = newNode(t)
  const options = node.channelOptions('personal:ann')
  assert.ok(options)
  const token = await channelToken('ann', 'personal:ann')
  const clients = Array.from({ length: 30 }, () => new LoopbackClient(t, node))
  let published = 0
  for (const [n, client] of clients.entries()) {
    await client.connect('ann')
    const recover = { recover: true, offset: n, epoch: '' }
    client.receive({ id: 2, subscribe: { channel: 'personal:ann', token, ...recover } })
    // The token is verified meanwhile, for an unknown number of turns.
    for (let turn = 0; turn < 5; turn++) {
      node.publish('personal:ann', new Content(String(++published)), options)
      if (turn % 2) await nextTurn()
    }
  }
  for (const [n, client] of clients.entries()) {
    await client.find((message) => JSON.stringify(message).includes(`"offset":${published}`))
    const first = client.messages.findIndex((message) => 'push' in message)
    assert.ok(first > client.messages.findIndex(({ id }) => id === 2), 'no push before the reply')
    const reply = (await client.reply(2))['subscribe'] as { recovered: boolean; publications?: Message[] }
    assert.equal(reply.recovered, true)
    const pushes = client.messages.flatMap(({ push }) => (push ? [(push as { pub: Message }).pub] : []))
    const offsets = [...(reply.publications ?? []), ...pushes].map(({ offset }) => offset)
    assert.deepEqual(
      offsets,
      Array.from({ length: published - n }, (_, index) => n + index + 1),
    )
  }
})

test('[SUB5] a position is told where positions are watched', async (t) => {
  const fixture = await startHub(t)
  const client = await connectRaw(t, fixture, 'ann')
  assert.deepEqual(await client.subscribe('plain:x'), {})
  const empty = await subscribeWithToken(client, 'ann', 'room:1')
  assert.deepEqual(
    { ...empty, epoch: 'e', ttl: 0 },
    { positioned: true, recoverable: true, expires: true, ttl: 0, epoch: 'e' },
  )
  const { offset, epoch } = await fixture.hub.publish('room:2', 1)
  const used = await subscribeWithToken(client, 'ann', 'room:2')
  assert.deepEqual([used['offset'], used['epoch']], [offset, epoch])
})

test('[SUB6] what one may not have is off without a word', async (t) => {
  const fixture = await startHub(t, {
    namespaces: [
      {
        name: 'kept',
        historySize: 1,
        historyTtlSeconds: 60,
        joinLeave: true,
        presence: true,
        allowSubscribeForClient: true,
      },
      { name: 'given', historySize: 1, historyTtlSeconds: 60, allowRecovery: true, allowSubscribeForClient: true },
    ],
  })
  const client = await connectRaw(t, fixture, 'ann')
  const wishes = { positioned: true, recoverable: true, join_leave: true, delta: 'fossil', flag: 1 }
  assert.deepEqual(await client.subscribe('kept:x', wishes), {})
  assert.equal((await client.subscribe('given:x', wishes))['recoverable'], true)
  await client.ask('unsubscribe', { channel: 'given:x' })
  assert.deepEqual(await client.subscribe('given:x'), {}, 'nor is it given unasked')
  assert.deepEqual(client.rest(), [])
})

test('[SUB7] a private channel needs a token', async (t) => {
  const fixture = await startHub(t)
  const client = await connectRaw(t, fixture, 'ann')
  assert.equal(await client.ask('subscribe', { channel: '$plain:x' }), 103)
  await subscribeWithToken(client, 'ann', '$plain:x')
  await fixture.hub.publish('$plain:x', 1)
  assert.equal((await client.nextPush())['channel'], '$plain:x')
})

test('[SUB8] a channel with users in its name is theirs', async (t) => {
  const fixture = await startHub(t)
  const outcome = async (user: string, channel: string) =>
    (await connectRaw(t, fixture, user)).ask('subscribe', { channel })
  assert.equal(typeof (await outcome('ann', 'personal:#ann')), 'object')
  assert.equal(typeof (await outcome('bob', 'personal:pair#ann,bob')), 'object')
  assert.equal(await outcome('eve', 'personal:pair#ann,bob'), 103)
  assert.equal(await outcome('', 'personal:#'), 103)
  assert.equal(typeof (await outcome('eve', 'plain:#ann')), 'object', 'where the option is off')
})

test('[SUB9] channels without a namespace have options of their own', async (t) => {
  const fixture = await startHub(t)
  const client = await connectRaw(t, fixture, 'ann')
  assert.equal((await subscribeWithToken(client, 'ann', 'workspace'))['recoverable'], true)
  const none = await startHub(t, { withoutNamespace: undefined })
  const token = await channelToken('ann', 'workspace')
  assert.equal(await (await connectRaw(t, none, 'ann')).ask('subscribe', { channel: 'workspace', token }), 102)
  await assert.rejects(none.hub.publish('workspace', 1), { code: 102 })
})

test('[UNS1] unsubscribing always succeeds and ends the channel', async (t) => {
  const fixture = await startHub(t)
  const client = await connectRaw(t, fixture, 'ann')
  assert.deepEqual(await client.ask('unsubscribe', { channel: 'plain:x' }), {})
  await client.subscribe('plain:x')
  assert.deepEqual(await client.ask('unsubscribe', { channel: 'plain:x' }), {})
  await fixture.hub.publish('plain:x', 1)
  assert.deepEqual(await client.ask('unsubscribe', { channel: 'plain:x' }), {})
  assert.deepEqual(client.rest(), [])
})

test('[UNS1] the SDK subscribes, unsubscribes and subscribes again', async (t) => {
  const fixture = await startHub(t)
  const sdk = await connectSdk(t, fixture, 'ann')
  const subscription = sdk.newSubscription('plain:x')
  for (let n = 0; n < 3; n++) {
    subscription.subscribe()
    await subscription.ready(5000)
    const heard = next<{ data: unknown }>(subscription, 'publication')
    await fixture.hub.publish('plain:x', n)
    assert.equal((await heard).data, n)
    subscription.unsubscribe()
  }
})

test('[UNS2] the server takes a channel away from a user, or from one connection', async (t) => {
  const fixture = await startHub(t)
  const [first, second, bob] = [
    await connectRaw(t, fixture, 'ann'),
    await connectRaw(t, fixture, 'ann'),
    await connectRaw(t, fixture, 'bob'),
  ]
  for (const client of [first, second, bob]) await client.subscribe('open:x')
  const ids = Object.values(fixture.hub.presence('open:x').presence).flatMap(({ user, client }) =>
    user === 'ann' ? client : [],
  )
  fixture.hub.unsubscribe('ann', 'open:x', { client: ids[0] ?? '' })
  const push = { channel: 'open:x', unsubscribe: { code: 2000, reason: 'server unsubscribe' } }
  assert.deepEqual(await first.nextPush(), push)
  await fixture.hub.publish('open:x', 1)
  assert.ok((await second.nextPush())['pub'])
  fixture.hub.unsubscribe('ann', 'open:x')
  assert.deepEqual(await second.nextPush(), push)
  await fixture.hub.publish('open:x', 2)
  for (const data of [1, 2]) assert.deepEqual((await bob.nextPush())['pub'], { data, offset: data })
  assert.equal(fixture.hub.presenceStats('open:x').num_clients, 1)
})

test('[UNS2] the SDK takes it for final', async (t) => {
  const fixture = await startHub(t)
  const sdk = await connectSdk(t, fixture, 'ann')
  const subscription = sdk.newSubscription('plain:x')
  subscription.subscribe()
  await subscription.ready(5000)
  const ended = next<{ code: number }>(subscription, 'unsubscribed')
  fixture.hub.unsubscribe('ann', 'plain:x')
  assert.equal((await ended).code, 2000)
  assert.equal(subscription.state, 'unsubscribed')
})

test('[UNS4] a subscribe that is under way is refused, and nothing is shown', async (t) => {
  const client = new LoopbackClient(t)
  await client.connect('ann')
  const token = await channelToken('ann', 'personal:ann')
  client.receive({ id: 2, subscribe: { channel: 'personal:ann', token } })
  client.client.unsubscribe('personal:ann', unsubscribes.server)
  assert.deepEqual(await client.reply(2), { id: 2, error: { code: 103, message: 'permission denied' } })
  assert.equal(client.node.registry.counts.subscriptions, 0)
  client.receive({ id: 3, subscribe: { channel: 'personal:ann', token } })
  assert.ok((await client.reply(3))['subscribe'], 'the next one is judged for itself')
})

test('[SUB10] a namespace may say how its channels are named', async (t) => {
  const named = { name: 'named', channelRegex: '^[а-я]+$', allowSubscribeForClient: true }
  const client = await connectRaw(t, await startHub(t, { namespaces: [named] }), 'ann')
  assert.ok(await client.subscribe('named:кіт'.replace('і', 'и')))
  assert.equal(await client.ask('subscribe', { channel: 'named:cat' }), 107)
})

test('[SUB11] a namespace that needs what there is not answers 108', async (t) => {
  const missing = { name: 'missing', isNotAvailable: true, allowSubscribeForClient: true, allowPublishForClient: true }
  const fixture = await startHub(t, { namespaces: [missing] })
  const client = await connectRaw(t, fixture, 'ann')
  for (const [method, request] of Object.entries({
    subscribe: {},
    publish: { data: 1 },
    presence: {},
    presence_stats: {},
    history: {},
  })) {
    assert.equal(await client.ask(method, { channel: 'missing:1', ...request }), 108, method)
  }
  await assert.rejects(fixture.hub.publish('missing:1', 1), { code: 108 })
  assert.throws(() => fixture.hub.subscribe('ann', 'missing:1'), { code: 108 })
})

test('[SUB12] a token may say otherwise than the namespace', async (t) => {
  const fixture = await startHub(t)
  const client = await connectRaw(t, fixture, 'ann')
  const override = { presence: { value: false }, force_recovery: { value: false }, join_leave: { value: true } }
  const token = await channelToken('ann', 'personal:ann', { override })
  const result = await client.subscribe('personal:ann', { token })
  assert.deepEqual([result['recoverable'], result['positioned']], [undefined, undefined])
  assert.deepEqual(fixture.hub.presence('personal:ann').presence, {})
})
