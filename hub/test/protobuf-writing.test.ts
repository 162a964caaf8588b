import assert from 'node:assert/strict'
import { test } from 'node:test'
import { disconnects, errors, unsubscribes } from '../codes.ts'
import { ping, readEmulationRequest, writeError, writePush, writeReply } from '../protobuf-messages.ts'
import { type ClientInfo, Content, type Method, type Push, type Results } from '../protocol.ts'
import { replyType, sdk, plain, data, field, message, root, protobuf } from './protobuf-fixture.ts'

const info = { user: 'ann', client: 'c-1', conn_info: '{"name":"Аня"}', chan_info: '[1]' }
const content = new Content('{"text":"😀"}', { info, tags: { kind: 'x', ключ: 'ж', empty: '' } })
const bare = new Content(Buffer.from([0xff, 0, 1]))
const publications = [
  { content, offset: 5_000_000_000 },
  { content: new Content('1'), offset: 0 },
]
const publication = {
  data: content.json,
  info,
  offset: 5_000_000_000,
  tags: { kind: 'x', ключ: 'ж', empty: '' },
}
const subscribed = {
  expires: true,
  ttl: 60,
  recoverable: true,
  positioned: true,
  recovered: true,
  was_recovering: true,
  epoch: 'abcd',
  offset: 4_999_999_999,
  data: '{"a":1}',
  delta: true,
}

/** For each method a result, and how it is read. */
const results: { [M in Exclude<Method, 'send'>]: Array<[result: Results[M], read: object]> } = {
  connect: [
    [
      {
        client: 'c-1',
        version: '1',
        expires: true,
        ttl: 3600,
        subs: new Map([
          ['room:1', { ...subscribed, publications }],
          ['room:2', {}],
        ]),
        ping: 25,
        pong: true,
        session: 's',
        node: 'n',
        time: 1_790_000_000_123,
      },
      {
        client: 'c-1',
        version: '1',
        expires: true,
        ttl: 3600,
        subs: { 'room:1': { ...subscribed, publications: [publication, { data: '1' }] }, 'room:2': {} },
        ping: 25,
        pong: true,
        session: 's',
        node: 'n',
        time: 1_790_000_000_123,
      },
    ],
    [
      { client: 'c', version: '1', ping: 0, pong: false },
      { client: 'c', version: '1' },
    ],
  ],
  subscribe: [
    [
      { ...subscribed, publications },
      { ...subscribed, publications: [publication, { data: '1' }] },
    ],
    [{}, {}],
    [{ recovered: false, publications: [], offset: 0, epoch: '' }, {}],
  ],
  unsubscribe: [[{}, {}]],
  publish: [[{}, {}]],
  presence: [
    [
      {
        presence: new Map<string, ClientInfo>([
          ['c-1', info],
          ['c-2', { user: '', client: 'c-2' }],
        ]),
      },
      { presence: { 'c-1': info, 'c-2': { client: 'c-2' } } },
    ],
  ],
  presence_stats: [
    [
      { num_clients: 300, num_users: 2 },
      { num_clients: 300, num_users: 2 },
    ],
    [{ num_clients: 0, num_users: 0 }, {}],
  ],
  history: [
    [
      { publications, epoch: 'abcd', offset: 2 ** 53 - 1 },
      { publications: [publication, { data: '1' }], epoch: 'abcd', offset: 2 ** 53 - 1 },
    ],
  ],
  rpc: [
    [{ data: '{"a":"é"}' }, { data: '{"a":"é"}' }],
    [{}, {}],
  ],
  refresh: [
    [
      { client: 'c', version: '1', expires: true, ttl: 7 },
      { client: 'c', version: '1', expires: true, ttl: 7 },
    ],
  ],
  sub_refresh: [
    [
      { expires: true, ttl: 7 },
      { expires: true, ttl: 7 },
    ],
    [{}, {}],
  ],
}

/** What both decoders make of it, which must be the same. */
function decoded(bytes: Buffer): unknown {
  const reader = protobuf.Reader.create(bytes)
  const reply = plain(replyType.toObject(replyType.decodeDelimited(reader), { longs: Number }))
  assert.equal(reader.pos, bytes.length)
  const bySdk = sdk.decodeReplies(bytes)
  assert.equal(bySdk.length, 1)
  assert.deepEqual(plain(bySdk[0]), reply)
  return reply
}

test('every reply is read by the SDK, and by the definition of the messages, as it was meant', () => {
  for (const [method, cases] of Object.entries(results) as Array<['connect', (typeof results)['connect']]>) {
    for (const [result, read] of cases) {
      assert.deepEqual(decoded(writeReply(2 ** 32 - 1, method, result)), { id: 2 ** 32 - 1, [method]: read }, method)
    }
  }
})

test('an empty result is there all the same', () => {
  const result = { presence: new Map<string, ClientInfo>() }
  assert.deepEqual([...writeReply(1, 'presence', result)], message(8, 1, ...field(9, 2, 0)))
  assert.deepEqual([...writeReply(1, 'publish', {})], message(8, 1, ...field(8, 2, 0)))
})

test('an error is read as it was meant', () => {
  assert.deepEqual(decoded(writeError(7, errors.tokenExpired)), {
    id: 7,
    error: { code: 109, message: errors.tokenExpired.message },
  })
  const { code, message } = errors.expiredRefreshToken
  assert.deepEqual(decoded(writeError(7, errors.expiredRefreshToken)), {
    id: 7,
    error: { code, message, temporary: true },
  })
})

const said = ({ code, reason }: { code: number; reason: string }) => ({ code, reason })

test('every push is read as it was meant', () => {
  const pushes: Array<[push: Push, read: object]> = [
    [{ pub: { content, offset: 5_000_000_000 } }, { pub: publication }],
    [{ pub: { content, offset: 0 } }, { pub: { ...publication, offset: undefined } }],
    [{ join: info }, { join: { info } }],
    [{ leave: info }, { leave: { info } }],
    [{ unsubscribe: unsubscribes.expired }, { unsubscribe: said(unsubscribes.expired) }],
    [
      { subscribe: subscribed },
      { subscribe: { recoverable: true, positioned: true, epoch: 'abcd', offset: 4_999_999_999, data: '{"a":1}' } },
    ],
    [{ disconnect: disconnects.shutdown }, { disconnect: said(disconnects.shutdown) }],
  ]
  for (const [push, read] of pushes) {
    const expected = { push: { channel: 'комната:1', ...read } }
    assert.deepEqual(decoded(writePush('комната:1', push)), JSON.parse(JSON.stringify(expected)))
  }
  assert.deepEqual(decoded(writePush('', { disconnect: disconnects.shutdown })), {
    push: { disconnect: said(disconnects.shutdown) },
  })
})

test('a publication is sent whole or as a difference', () => {
  const read = (delta: { patch?: Buffer }) =>
    (decoded(writePush('c', { pub: { content, offset: 7, delta } })) as { push: { pub: object } }).push.pub
  assert.deepEqual(read({ patch: Buffer.from('the patch') }), {
    ...publication,
    offset: 7,
    data: 'the patch',
    delta: true,
  })
  assert.deepEqual(read({}), { ...publication, offset: 7 })
})

test('a payload that is no text arrives as it is', () => {
  const [reply] = sdk.decodeReplies(writePush('c', { pub: { content: bare, offset: 1 } })) as [
    { push: { pub: { data: Uint8Array } } },
  ]
  assert.deepEqual([...reply.push.pub.data], [0xff, 0, 1])
})

test('large messages are written whole', () => {
  const large = new Content(JSON.stringify('щ'.repeat(400_000)))
  const result = { publications: [1, 2, 3].map((offset) => ({ content: large, offset })), epoch: 'e', offset: 3 }
  const reply = decoded(writeReply(1, 'history', result)) as { history: { publications: Array<{ data: string }> } }
  assert.deepEqual(
    reply.history.publications.map((each) => each.data === large.json),
    [true, true, true],
  )
})

test('a ping is an empty message', () => {
  assert.deepEqual([...ping], [0])
  assert.deepEqual(plain(sdk.decodeReplies(ping)), [{}])
})

test('an emulated frame is unwrapped', () => {
  const type = root.lookupType('EmulationRequest')
  const wrap = (message: object) => type.encode(type.fromObject(message)).finish()
  assert.deepEqual(readEmulationRequest(wrap({ node: 'n', session: 's', data })), { node: 'n', session: 's', data })
  assert.deepEqual(readEmulationRequest(new Uint8Array(0)), { node: '', session: '', data: Buffer.alloc(0) })
  assert.equal(readEmulationRequest(Buffer.from([10, 5, 1])), undefined)
})
