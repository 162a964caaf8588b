import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { FilterNode } from 'centrifuge'
import { type RawData, WebSocket } from 'ws'
import { ask, historyOf, publish, publishAll, refusal } from './api.ts'
import { newChannel, newUser } from './names.ts'
import { connectRaw, nextData } from './raw.ts'
import { connected, connectSdk, Heard, newProtobufSdk, next, subscribed } from './sdk.ts'
import { startServer } from './server.ts'
import { channelToken, connectionToken } from './tokens.ts'

const server = await startServer(
  { after },
  {
    client: { ping_interval: '2s', pong_timeout: '1900ms' },
    channel: {
      namespaces: [
        {
          name: 'room',
          history_size: 20,
          history_ttl: '600s',
          force_recovery: true,
          presence: true,
          join_leave: true,
          allow_subscribe_for_client: true,
          allow_publish_for_client: true,
          allow_history_for_client: true,
          allow_presence_for_client: true,
          allow_tags_filter: true,
        },
        {
          name: 'bytes',
          publication_data_format: 'binary',
          allow_subscribe_for_client: true,
          allow_publish_for_client: true,
        },
        { name: 'closed' },
      ],
    },
  },
)

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const decode = (bytes: unknown) => JSON.parse(Buffer.from(bytes as Uint8Array).toString()) as unknown

test('[CON11] the SDK connects, subscribes, publishes, and hears what others of either format say', async (t) => {
  const [user, channel] = [newUser(), newChannel('room')]
  const sdk = await connected(
    newProtobufSdk(t, server, { token: await connectionToken(user, { info: { name: 'Ann' } }) }),
  )
  const heard = new Heard(await subscribed(sdk.newSubscription(channel)))
  const json = await connectRaw(t, server, newUser())
  await json.subscribe(channel)
  await sdk.publish(channel, encode({ text: 'Привет 👋' }))
  assert.deepEqual(await nextData(json), { text: 'Привет 👋' })
  await publish(server, channel, { from: 'the API' }, { tags: { kind: 'a' } })
  assert.deepEqual((await heard.first(2)).map(decode), [{ text: 'Привет 👋' }, { from: 'the API' }])
  const [first, second] = heard.contexts
  assert.equal(first?.info?.user, user)
  assert.deepEqual(decode(first?.info?.connInfo), { name: 'Ann' })
  assert.deepEqual([first?.offset, second?.offset, second?.tags], [1, 2, { kind: 'a' }])
})

test('[CON11] the SDK reads history and presence, and is told errors', async (t) => {
  const [user, channel] = [newUser(), newChannel('room')]
  const sdk = await connected(newProtobufSdk(t, server, { token: await connectionToken(user) }))
  const position = await publishAll(server, channel, [1, 2, 3])
  const { publications, ...top } = await sdk.history(channel, { limit: 2, reverse: true })
  assert.deepEqual([publications.map(({ data }) => decode(data)), top], [[3, 2], position])
  await subscribed(sdk.newSubscription(channel))
  const { clients } = await sdk.presence(channel)
  assert.deepEqual(
    Object.values(clients).map(({ user }) => user),
    [user],
  )
  assert.deepEqual(await sdk.presenceStats(channel), { numClients: 1, numUsers: 1 })
  await assert.rejects(sdk.publish('unknown:x', encode(1)), { code: 102 })
  await assert.rejects(sdk.rpc('none', encode(1)), { code: 108 })
  await assert.rejects(sdk.history('closed:x', { limit: 1 }), { code: 108 })
})

test('[CON11] the SDK recovers, by tokens and over breaks', async (t) => {
  const [user, channel] = [newUser(), newChannel('room')]
  const sdk = await connected(newProtobufSdk(t, server, { token: await connectionToken(user) }))
  const subscription = sdk.newSubscription(channel, { token: await channelToken(user, channel), joinLeave: true })
  const joined = next<{ info: { user: string } }>(subscription, 'join')
  const heard = new Heard(await subscribed(subscription))
  assert.equal((await joined).info.user, user)
  for (let n = 1; n <= 10; n++) {
    await publish(server, channel, n)
    if (n % 5 !== 2) continue
    const again = next<{ recovered: boolean }>(subscription, 'subscribed')
    await ask(server, 'disconnect', { user, disconnect: { code: 3011, reason: 'force reconnect' } })
    await publish(server, channel, ++n)
    assert.equal((await again).recovered, true)
  }
  assert.deepEqual((await heard.first(10)).map(decode), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
})

test('[CON11] the SDK is subscribed and unsubscribed by the server, and filters by tags', async (t) => {
  const [user, channel, other] = [newUser(), newChannel('room'), newChannel('room')]
  const sdk = await connected(newProtobufSdk(t, server, { token: await connectionToken(user, { channels: [other] }) }))
  const tagsFilter: FilterNode = { op: 'or', nodes: [{ key: 'lang', cmp: 'in', vals: ['ru', 'en'] }] }
  const heard = new Heard(await subscribed(sdk.newSubscription(channel, { tagsFilter })))
  await publish(server, channel, 'de', { tags: { lang: 'de' } })
  await publish(server, channel, 'ru', { tags: { lang: 'ru' } })
  assert.deepEqual((await heard.first(1)).map(decode), ['ru'])
  const publication = next<{ data: unknown; channel: string }>(sdk, 'publication')
  await publish(server, other, 'by token')
  const { data, channel: from } = await publication
  assert.deepEqual([decode(data), from], ['by token', other])
  const gone = next<{ channel: string }>(sdk, 'unsubscribed')
  await ask(server, 'unsubscribe', { user, channel: other })
  assert.equal((await gone).channel, other)
})

test('[PUB11] [PUB12] bytes that are no JSON reach Protobuf clients, and a JSON client is told 3506', async (t) => {
  const channel = newChannel('bytes')
  const sdk = await connected(newProtobufSdk(t, server, { token: await connectionToken(newUser()) }))
  const heard = new Heard(await subscribed(sdk.newSubscription(channel)))
  const json = await connectRaw(t, server, newUser())
  await json.subscribe(channel)
  const bytes = Uint8Array.from([0, 255, 10, 13, 34])
  await ask(server, 'publish', { channel, b64data: Buffer.from(bytes).toString('base64') })
  assert.deepEqual(await json.closed, { code: 3506, reason: 'inappropriate protocol' })
  await sdk.publish(channel, bytes)
  assert.deepEqual(
    (await heard.first(2)).map((data) => [...(data as Uint8Array)]),
    [[...bytes], [...bytes]],
  )
})

type Opened = { socket: WebSocket; frames: Buffer[]; closed: Promise<number> }

/** A bare socket that speaks Protobuf, chosen in one of the ways that there are. */
async function openBare(query: string, protocols: string[]): Promise<Opened> {
  const socket = new WebSocket(server.wsUrl + query, protocols)
  const frames: Buffer[] = []
  socket.on('message', (data: RawData, isBinary) => {
    assert.ok(isBinary)
    frames.push(data as Buffer)
  })
  const closed = new Promise<number>((resolve) => socket.once('close', resolve))
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  return { socket, frames, closed }
}

/** A command whose members are all texts: each is its tag, its length, and the text. */
function command(id: number, method: number, texts: Record<number, string>): Buffer {
  const request = Buffer.concat(
    Object.entries(texts).map(([field, text]) => delimited(Number(field), Buffer.from(text))),
  )
  const message = Buffer.concat([Buffer.from([8, id]), delimited(method, request)])
  return Buffer.concat([varint(message.length), message])
}

const delimited = (field: number, bytes: Buffer) => Buffer.concat([varint(field * 8 + 2), varint(bytes.length), bytes])

function varint(value: number): Buffer {
  return value < 128 ? Buffer.from([value]) : Buffer.concat([Buffer.from([(value % 128) + 128]), varint(value >> 7)])
}

const fields = { connect: 4, subscribe: 5 }

for (const [query, protocols] of [
  ['', ['centrifuge-protobuf']],
  ['?format=protobuf', []],
  ['?cf_protocol=protobuf', []],
] as Array<[string, string[]]>) {
  test(`[CON9] Protobuf is chosen by ${query || protocols.join()}`, async (t) => {
    const { socket, frames, closed } = await openBare(query, protocols)
    t.after(() => socket.terminate())
    assert.equal(socket.protocol, protocols[0] ?? '')
    socket.send(command(1, fields.connect, { 1: await connectionToken(newUser()) }))
    while (frames.length === 0) await new Promise((resolve) => socket.once('message', resolve))
    assert.deepEqual(
      [...(frames[0] ?? [])].slice(1 + Number((frames[0]?.[0] ?? 0) > 127), 3 + Number((frames[0]?.[0] ?? 0) > 127)),
      [8, 1],
    )
    socket.send(Buffer.from([5, 255, 255, 255, 255, 255]))
    assert.equal(await closed, 3501)
  })
}

describe('pings', () => {
  test('[CON11] [PNG1] a ping is an empty message, and so is its answer', async (t) => {
    const { socket, frames } = await openBare('', ['centrifuge-protobuf'])
    t.after(() => socket.terminate())
    socket.send(command(1, fields.connect, { 1: await connectionToken(newUser()) }))
    for (let pings = 0; pings < 2;) {
      await new Promise((resolve) => socket.once('message', resolve))
      if (frames.at(-1)?.length !== 1) continue
      assert.equal(frames.at(-1)?.[0], 0)
      pings++
      socket.send(Buffer.from([0]))
    }
    assert.equal(socket.readyState, WebSocket.OPEN)
  })
})

test('a JSON client and a Protobuf client see the same history', async (t) => {
  const channel = newChannel('room')
  const sdk = await connected(newProtobufSdk(t, server, { token: await connectionToken(newUser()) }))
  const json = await connectSdk(t, server, newUser())
  await sdk.publish(channel, encode({ n: 1 }))
  await json.publish(channel, { n: 2 })
  assert.deepEqual(
    (await historyOf(server, channel)).publications.map(({ data }) => data),
    [{ n: 1 }, { n: 2 }],
  )
  assert.equal(await refusal(server, 'history', { channel: 'closed:x' }), 108)
})
