import assert from 'node:assert/strict'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { test } from 'node:test'
import { Content } from '../protocol.ts'
import { connectSdk, startHub } from './fixture.ts'
import { LoopbackClient, newNode } from './loopback.ts'
import { connectRaw, type Message, openRaw, subscribeWithToken } from './raw.ts'

const pub = (push: Message) => push['pub'] as Message

test('[PUB1] any JSON value arrives as it is and in order', async (t) => {
  const fixture = await startHub(t)
  const sdk = await connectSdk(t, fixture, 'ann')
  const subscription = sdk.newSubscription('plain:x')
  const heard: unknown[] = []
  const values = [
    null,
    false,
    0,
    -1.5e300,
    '',
    'Zażółć 🦊 \u2028\n\0',
    [],
    [[[]]],
    {},
    { a: { b: [1, 'x'] } },
    '\ud800',
  ]
  const done = new Promise<void>((resolve) => {
    subscription.on('publication', ({ data }) => heard.push(data) === values.length && resolve())
  })
  subscription.subscribe()
  await subscription.ready(5000)
  for (const value of values) await fixture.hub.publish('plain:x', value)
  await done
  assert.deepEqual(heard, values)
})

test('[PUB1] a payload of any size arrives whole', async (t) => {
  const fixture = await startHub(t)
  const client = await connectRaw(t, fixture, 'ann')
  await client.subscribe('plain:x')
  const overhead = JSON.stringify({ push: { channel: 'plain:x', pub: { data: '' } } }).length
  for (const size of [overhead, 125, 126, 65_535, 65_536, 500_000]) {
    const data = 'x'.repeat(size - overhead)
    await fixture.hub.publish('plain:x', data)
    assert.equal(pub(await client.nextPush())['data'], data)
    assert.equal(client.frames.at(-1)?.length, size)
  }
})

test('[PUB2] in a channel with history each publication has an offset, from 1 on', async (t) => {
  const fixture = await startHub(t)
  const client = await connectRaw(t, fixture, 'ann')
  const { epoch } = await subscribeWithToken(client, 'ann', 'room:1')
  assert.deepEqual(await fixture.hub.publish('room:1', 'a'), { offset: 1, epoch })
  assert.deepEqual(await fixture.hub.publish('room:1', 'b', { skipHistory: true }), {})
  assert.deepEqual(await fixture.hub.publish('room:1', 'c'), { offset: 2, epoch })
  assert.deepEqual(await fixture.hub.publish('plain:1', 'd'), {})
  const heard = [await client.nextPush(), await client.nextPush(), await client.nextPush()].map(pub)
  assert.deepEqual(heard, [{ data: 'a', offset: 1 }, { data: 'b' }, { data: 'c', offset: 2 }])
})

test('[PUB3] a repeated key sends nothing and is answered like the first', async (t) => {
  const fixture = await startHub(t)
  const client = await connectRaw(t, fixture, 'ann')
  await subscribeWithToken(client, 'ann', 'room:1')
  await client.subscribe('plain:1')
  const first = await fixture.hub.publish('room:1', 'a', { idempotencyKey: 'k' })
  assert.deepEqual(await fixture.hub.publish('room:1', 'again', { idempotencyKey: 'k' }), first)
  await fixture.hub.publish('plain:1', 'b', { idempotencyKey: 'k' })
  assert.deepEqual(await fixture.hub.publish('plain:1', 'again', { idempotencyKey: 'k' }), {})
  await fixture.hub.publish('room:1', 'c', { idempotencyKey: 'l' })
  const heard = [await client.nextPush(), await client.nextPush(), await client.nextPush()].map(
    (push) => pub(push)['data'],
  )
  assert.deepEqual(heard, ['a', 'b', 'c'])
})

test('[PUB3] keys are forgotten after the window, and the oldest first when there are too many', async (t) => {
  const brief = await startHub(t, { idempotencyWindowSeconds: 0 })
  await brief.hub.publish('room:1', 'a', { idempotencyKey: 'k' })
  assert.equal((await brief.hub.publish('room:1', 'b', { idempotencyKey: 'k' })).offset, 2)
  const small = await startHub(t, { idempotencyMaxEntries: 4 })
  for (let n = 1; n <= 6; n++) await small.hub.publish('room:1', n, { idempotencyKey: String(n) })
  assert.equal((await small.hub.publish('room:1', 'again', { idempotencyKey: '5' })).offset, 5)
  assert.equal((await small.hub.publish('room:1', 'anew', { idempotencyKey: '1' })).offset, 7)
})

test('[PUB4] a broadcast reaches every channel, and a wrong one spoils only its own answer', async (t) => {
  const fixture = await startHub(t)
  const client = await connectRaw(t, fixture, 'ann')
  await client.subscribe('plain:1')
  await subscribeWithToken(client, 'ann', 'room:1')
  const [none, wrong, kept] = await fixture.hub.broadcast(['plain:1', 'nowhere:1', 'room:1'], { x: 1 })
  assert.deepEqual(none, { result: {} })
  assert.deepEqual(wrong, { error: { code: 102, message: 'unknown channel' } })
  assert.equal(kept && 'result' in kept && kept.result.offset, 1)
  assert.deepEqual(
    [await client.nextPush(), await client.nextPush()],
    [
      { channel: 'plain:1', pub: { data: { x: 1 } } },
      { channel: 'room:1', pub: { data: { x: 1 }, offset: 1 } },
    ],
  )
  const again = await fixture.hub.broadcast(['room:1', 'room:2'], 2, { idempotencyKey: 'k' })
  assert.deepEqual(await fixture.hub.broadcast(['room:1', 'room:2'], 2, { idempotencyKey: 'k' }), again)
})

test('[PUB5] what cannot be published is refused', async (t) => {
  const { hub } = await startHub(t)
  await assert.rejects(hub.publish('nowhere:x', 1), { code: 102 })
  await assert.rejects(hub.publish('', 1), { code: 107 })
  const circular: unknown[] = []
  circular.push(circular)
  for (const data of [undefined, circular, 1n, () => 1]) {
    await assert.rejects(hub.publish('plain:x', data), { code: 107 })
    await assert.rejects(hub.broadcast(['plain:x'], data), { code: 107 })
  }
})

test('[PUB6] a client publishes where it may, under its own name', async (t) => {
  const fixture = await startHub(t, { client: { allowAnonymousConnectWithoutToken: true } })
  const [ann, bob] = [
    await connectRaw(t, fixture, 'ann', { info: { name: 'Ann' } }),
    await connectRaw(t, fixture, 'bob'),
  ]
  await subscribeWithToken(bob, 'bob', 'here:1')
  const typing = { channel: 'here:1', data: { typing: true }, info: { user: 'bob' } }
  assert.equal(await ann.ask('publish', typing), 103, 'not a subscriber yet')
  await subscribeWithToken(ann, 'ann', 'here:1')
  assert.deepEqual(await ann.ask('publish', typing), {})
  const { pub } = await bob
    .nextPush()
    .then(async () => bob.next((message) => JSON.stringify(message).includes('typing')))
    .then(({ push }) => push as { pub: { info: Message; data: unknown } })
  assert.equal(pub.info['user'], 'ann')
  assert.deepEqual(pub.info['conn_info'], { name: 'Ann' })
  await ann.ask('unsubscribe', { channel: 'here:1' })
  assert.equal(await ann.ask('publish', typing), 103, 'no subscriber any more')
  assert.equal(await ann.ask('publish', { channel: 'room:1', data: 1 }), 103)
  assert.equal(await ann.ask('publish', { channel: 'workspace', data: 1 }), 103)
  assert.equal(await ann.ask('publish', { channel: 'nowhere:1', data: 1 }), 102)
  assert.equal(await ann.ask('publish', { channel: 'plain:1', data: 1, type: 1 }), 108)
  const anonymous = await openRaw(t, fixture)
  await anonymous.call('connect')
  assert.equal(await anonymous.ask('publish', { channel: 'plain:1', data: 1 }), 103)
  ann.send({ id: 99, publish: { data: 1 } })
  assert.equal((await ann.closed).code, 3501)
})

test('[PUB7] a payload is passed on letter by letter', async (t) => {
  const fixture = await startHub(t)
  const [ann, bob] = [await connectRaw(t, fixture, 'ann'), await connectRaw(t, fixture, 'bob')]
  await bob.subscribe('plain:x')
  const payloads = [
    '{"big":12345678901234567890123,"z":1,"a":{"10":0,"9":0}}',
    '"]}\\"{\\\\"',
    '[1.0,1e2, "\\u0061",\t{"a":1,"a":2}]',
    'null',
    '  7',
  ]
  for (const [id, data] of payloads.entries()) {
    ann.send(
      `{"id":${id + 1},"publish":{"data":"not this","channel":"plain:x", "d\\u0061ta" : ${data} ,"x":[{"data":0}]}}`,
    )
    const frame = (await bob.nextPush(), bob.frames.at(-1) ?? '')
    assert.ok(frame.includes(`"data":${data.trimStart()}`), frame)
  }
})

test('[PUB7] no payload and one that is nested too deeply are refused', async (t) => {
  const fixture = await startHub(t)
  const [ann, bob] = [await connectRaw(t, fixture, 'ann'), await connectRaw(t, fixture, 'bob')]
  await bob.subscribe('plain:x')
  assert.equal(await ann.ask('publish', { channel: 'plain:x' }), 107)
  const nested = (depth: number) =>
    `{"id":9,"publish":{"channel":"plain:x","data":${'['.repeat(depth)}${']'.repeat(depth)}}}`
  ann.send(nested(256))
  await bob.nextPush()
  for (const depth of [257, 30_000]) {
    const client = await connectRaw(t, fixture, 'eve')
    client.send(nested(depth))
    assert.equal((await client.closed).code, 3501)
  }
  assert.deepEqual(bob.rest(), [])
})

test('[PUB8] tags come with the publication', async (t) => {
  const fixture = await startHub(t)
  const client = await connectRaw(t, fixture, 'ann')
  await client.subscribe('plain:x')
  await fixture.hub.publish('plain:x', 1, { tags: { kind: 'a "quoted" one' } })
  assert.deepEqual(pub(await client.nextPush()), { data: 1, tags: { kind: 'a "quoted" one' } })
})

test('[PUB9] a huge channel leaves room for others and keeps its order', async (t) => {
  const node = newNode(t)
  const clients = Array.from({ length: 1200 }, () => new LoopbackClient(t, node))
  for (const client of clients) await client.connect('ann')
  for (const client of clients) {
    client.receive({ id: 2, subscribe: { channel: 'plain:huge' } })
    await client.reply(2)
  }
  const [observer] = clients
  assert.ok(observer)
  observer.receive({ id: 3, subscribe: { channel: 'plain:small' } })
  await observer.reply(3)
  const publish = (channel: string, data: number) => node.publish(channel, new Content(String(data)), {})
  const received = (channel: string) =>
    clients.map(({ messages }) =>
      messages.flatMap(({ push }) => {
        const { channel: from, pub } = (push ?? {}) as { channel?: string; pub?: { data: unknown } }
        return from === channel ? [pub?.data] : []
      }),
    )
  for (let n = 0; n < 5; n++) publish('plain:huge', n)
  publish('plain:small', 7)
  await nextTurn()
  const early = received('plain:huge').flat().length
  assert.ok(early > 0 && early < 5 * clients.length, 'the loop turned before all was sent')
  await observer.find((message) => JSON.stringify(message).includes('small') && 'push' in message)
  const atSmall = received('plain:huge').flat().length
  assert.ok(atSmall < 5 * clients.length, 'the small channel did not wait for the huge one')
  for (const client of clients) await client.find((message) => JSON.stringify(message).includes('"data":4'))
  for (const data of received('plain:huge')) assert.deepEqual(data, [0, 1, 2, 3, 4])
})

test('[PUB9] who subscribes during a fan-out gets only what comes after', async (t) => {
  const node = newNode(t)
  const clients = Array.from({ length: 800 }, () => new LoopbackClient(t, node))
  for (const client of clients) await client.connect('ann')
  for (const client of clients) {
    client.receive({ id: 2, subscribe: { channel: 'plain:x' } })
    await client.reply(2)
  }
  node.publish('plain:x', new Content('"before"'), {})
  const late = clients.at(-1)
  assert.ok(late)
  late.receive({ id: 3, unsubscribe: { channel: 'plain:x' } }, { id: 4, subscribe: { channel: 'plain:x' } })
  node.publish('plain:x', new Content('"after"'), {})
  await late.find((message) => JSON.stringify(message).includes('after'))
  assert.equal(JSON.stringify(late.messages).includes('before'), false)
})

test('[PUB9] publishers wait when subscribers cannot keep up', async (t) => {
  const node = newNode(t)
  const clients = Array.from({ length: 600 }, () => new LoopbackClient(t, node))
  for (const client of clients) await client.connect('ann')
  for (const client of clients) {
    client.receive({ id: 2, subscribe: { channel: 'plain:x' } })
    await client.reply(2)
  }
  const backlogs = Array.from({ length: 100 }, (_, n) => node.publish('plain:x', new Content(String(n)), {}).keptUp)
  assert.equal(backlogs[0], undefined)
  assert.ok(backlogs.at(-1) instanceof Promise)
  await Promise.all(backlogs.filter((backlog) => backlog !== undefined))
  await clients.at(-1)?.find((message) => JSON.stringify(message).includes('"data":99'))
})

test('[PUB9] publishers are not left waiting when all subscribers leave', async (t) => {
  const node = newNode(t)
  const clients = Array.from({ length: 600 }, () => new LoopbackClient(t, node))
  for (const client of clients) await client.connect('ann')
  for (const client of clients) {
    client.receive({ id: 2, subscribe: { channel: 'plain:x' } })
    await client.reply(2)
  }
  const backlogs = Array.from({ length: 300 }, (_, n) => node.publish('plain:x', new Content(String(n)), {}).keptUp)
  for (const { client } of clients) client.transportClosed()
  await Promise.all(backlogs.filter((backlog) => backlog !== undefined))
})

test('[PUB4] a broadcast to very many channels lets others have their turn', async (t) => {
  const { hub } = await startHub(t)
  const channels = Array.from({ length: 10_000 }, (_, n) => `personal:${n}`)
  let hasHadTurn = false
  setImmediate(() => (hasHadTurn = true))
  const responses = await hub.broadcast(channels, 1)
  assert.ok(hasHadTurn)
  assert.equal(responses.length, 10_000)
  assert.equal(hub.history('personal:9999').offset, 1)
})
