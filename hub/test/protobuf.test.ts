import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Centrifuge } from 'centrifuge/build/protobuf'
import protobuf from 'protobufjs'
import { disconnects, errors, unsubscribes } from '../codes.ts'
import {
  ping,
  readCommands as readReceived,
  readEmulationRequest,
  writeError,
  writePush,
  writeReply,
} from '../protobuf-messages.ts'
import { type ClientInfo, Content, type Method, methods, type Push, type Results } from '../protocol.ts'
import { matches, parseFilter } from '../tags-filter.ts'
import { random } from './random.ts'

const readCommands = (bytes: Uint8Array) => Array.from(readReceived(bytes), ({ command }) => command)

/** The messages as the protocol defines them, as far as the hub has them. */
const { root } = protobuf.parse(
  `syntax = "proto3";
  message Error { uint32 code = 1; string message = 2; bool temporary = 3; }
  message EmulationRequest { string node = 1; string session = 2; bytes data = 3; }
  message Command {
    uint32 id = 1; ConnectRequest connect = 4; SubscribeRequest subscribe = 5; Named unsubscribe = 6;
    PublishRequest publish = 7; Named presence = 8; Named presence_stats = 9; HistoryRequest history = 10;
    Empty ping = 11; Payload send = 12; RPCRequest rpc = 13; RefreshRequest refresh = 14; SubRefreshRequest sub_refresh = 15;
  }
  message Reply {
    uint32 id = 1; Error error = 2; Push push = 4; ConnectResult connect = 5; SubscribeResult subscribe = 6;
    Empty unsubscribe = 7; Empty publish = 8; PresenceResult presence = 9; PresenceStatsResult presence_stats = 10;
    HistoryResult history = 11; Empty ping = 12; Payload rpc = 13; RefreshResult refresh = 14; Expiry sub_refresh = 15;
  }
  message Push {
    string channel = 2; Publication pub = 4; Join join = 5; Join leave = 6; Unsubscribe unsubscribe = 7;
    Subscribe subscribe = 9; Disconnect disconnect = 11;
  }
  message ClientInfo { string user = 1; string client = 2; bytes conn_info = 3; bytes chan_info = 4; }
  message Publication {
    bytes data = 4; ClientInfo info = 5; uint64 offset = 6; map<string, string> tags = 7; bool delta = 8;
  }
  message Join { ClientInfo info = 1; }
  message Unsubscribe { uint32 code = 2; string reason = 3; }
  message Subscribe { bool recoverable = 1; string epoch = 4; uint64 offset = 5; bool positioned = 6; bytes data = 7; }
  message Disconnect { uint32 code = 1; string reason = 2; bool reconnect = 3; }
  message ConnectRequest {
    string token = 1; map<string, RecoverRequest> subs = 3; string name = 4; string version = 5;
  }
  message ConnectResult {
    string client = 1; string version = 2; bool expires = 3; uint32 ttl = 4;
    map<string, SubscribeResult> subs = 6; uint32 ping = 7; bool pong = 8; string session = 9; string node = 10; int64 time = 11;
  }
  message RefreshRequest { string token = 1; }
  message RefreshResult { string client = 1; string version = 2; bool expires = 3; uint32 ttl = 4; }
  message SubscribeRequest {
    string channel = 1; string token = 2; bool recover = 3; string epoch = 6; uint64 offset = 7;
    bool positioned = 9; bool recoverable = 10; bool join_leave = 11; string delta = 12; FilterNode tf = 13;
    int64 flag = 14; int32 type = 15;
  }
  message RecoverRequest { bool recover = 3; string epoch = 6; uint64 offset = 7; }
  message SubscribeResult {
    bool expires = 1; uint32 ttl = 2; bool recoverable = 3; string epoch = 6; repeated Publication publications = 7;
    bool recovered = 8; uint64 offset = 9; bool positioned = 10; bytes data = 11; bool was_recovering = 12; bool delta = 13;
  }
  message FilterNode {
    string op = 1; string key = 2; string cmp = 3; string val = 4; repeated string vals = 5; repeated FilterNode nodes = 6;
  }
  message SubRefreshRequest { string channel = 1; string token = 2; }
  message Expiry { bool expires = 1; uint32 ttl = 2; }
  message Named { string channel = 1; }
  message PublishRequest { string channel = 1; bytes data = 2; int32 type = 3; }
  message PresenceResult { map<string, ClientInfo> presence = 1; }
  message PresenceStatsResult { uint32 num_clients = 1; uint32 num_users = 2; }
  message StreamPosition { uint64 offset = 1; string epoch = 2; }
  message HistoryRequest { string channel = 1; int32 limit = 7; StreamPosition since = 8; bool reverse = 9; }
  message HistoryResult { repeated Publication publications = 1; string epoch = 2; uint64 offset = 3; }
  message RPCRequest { bytes data = 1; string method = 2; }
  message Payload { bytes data = 1; }
  message Empty {}`,
  { keepCase: true },
)
const [commandType, replyType] = [root.lookupType('Command'), root.lookupType('Reply')]
const delimit = (message: object) => Buffer.from(commandType.encodeDelimited(commandType.fromObject(message)).finish())

type ProtobufCodec = { encodeCommands(commands: object[]): Uint8Array; decodeReplies(frame: Uint8Array): object[] }
const { _codec: sdk } = new Centrifuge('ws://localhost') as unknown as { _codec: ProtobufCodec }

/** The SDK's objects have a list or a map where there is none. */
const isNothing = ([name, value]: [string, unknown]) =>
  ['publications', 'state', 'tags', 'subs', 'items'].includes(name) &&
  !(value instanceof Map) &&
  Object.keys(value as object).length === 0

/** What stands in a decoded message, with bytes as text. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString()
  if (typeof value !== 'object' || value === null) return value
  if ('toNumber' in value && typeof value.toNumber === 'function') return (value.toNumber as () => number)()
  if (Array.isArray(value)) return value.map(plain)
  const entries: Array<[string, unknown]> = value instanceof Map ? [...value] : Object.entries(value)
  return Object.fromEntries(entries.filter((entry) => !isNothing(entry)).map(([name, member]) => [name, plain(member)]))
}

const data = Buffer.from('{"text":"привет 😀"}')
const filter = {
  op: 'and',
  nodes: [
    { key: 'a', cmp: 'in', vals: ['1', '2'] },
    { op: 'not', nodes: [{ key: 'b', cmp: 'eq', val: 'ж' }] },
  ],
}

/** For each method everything that the hub reads of it. */
const requests: { [M in Method]: object } = {
  connect: {
    token: 'a.b.c',
    name: 'js',
    version: '5',
    subs: { 'room:1': { recover: true, epoch: 'abc', offset: 300 }, 'комната:2': {} },
  },
  subscribe: {
    channel: 'room:1',
    token: 't',
    recover: true,
    epoch: 'abc',
    offset: 2 ** 53 - 1,
    positioned: true,
    recoverable: true,
    join_leave: true,
    delta: 'fossil',
    tf: filter,
    flag: 3,
    type: 4,
  },
  unsubscribe: { channel: 'room:1' },
  publish: { channel: 'room:1', data, type: 1 },
  presence: { channel: 'room:1' },
  presence_stats: { channel: 'room:1' },
  history: { channel: 'room:1', limit: -1, since: { offset: 5_000_000_000, epoch: 'abc' }, reverse: true },
  rpc: { method: 'm', data },
  send: { data },
  refresh: { token: 't' },
  sub_refresh: { channel: 'room:1', token: 't' },
}

test('every command is read as the SDK and the definition of the messages write it', () => {
  for (const method of methods) {
    for (const request of [requests[method], {}]) {
      const command = { id: 2 ** 32 - 1, [method]: request }
      const expected = {
        id: 2 ** 32 - 1,
        method,
        request: plain(method === 'publish' ? { data: '', ...request } : request),
      }
      assert.deepEqual([...readCommands(sdk.encodeCommands([command]))].map(plain), [expected], method)
      assert.deepEqual([...readCommands(delimit(command))].map(plain), [expected], method)
    }
  }
})

test('a frame holds commands one after the other, and an empty one is a pong', () => {
  const frame = Buffer.concat([
    sdk.encodeCommands([
      { id: 1, connect: { token: 't' } },
      { id: 2, subscribe: { channel: 'room:1' } },
    ]),
    Buffer.from([0]),
    sdk.encodeCommands([{ send: { data } }]),
  ])
  assert.deepEqual([...readCommands(frame)].map(plain), [
    { id: 1, method: 'connect', request: { token: 't' } },
    { id: 2, method: 'subscribe', request: { channel: 'room:1' } },
    'pong',
    { id: 0, method: 'send', request: { data: data.toString() } },
  ])
})

test('of two requests in one command the first in the order of the methods counts', () => {
  const [command] = readCommands(delimit({ id: 1, refresh: { token: 't' }, unsubscribe: { channel: 'c' } }))
  assert.deepEqual(plain(command), { id: 1, method: 'unsubscribe', request: { channel: 'c' } })
})

test('what the hub does not know is skipped', () => {
  const known = { channel: 'room:1', limit: 0 }
  const frame = sdk.encodeCommands([{ id: 1, subscribe: { ...known, data, phase: -1, cursor: 'x', asc: true } }])
  assert.deepEqual([...readCommands(frame)].map(plain), [
    { id: 1, method: 'subscribe', request: { channel: 'room:1' } },
  ])
  const unknown = new protobuf.Writer()
    .uint32(8).uint32(1)
    .uint32((99 << 3) | 0).int64(-1)
    .uint32((99 << 3) | 1).fixed64(7)
    .uint32((99 << 3) | 2).bytes(data)
    .uint32((99 << 3) | 5).fixed32(7)
    .uint32((6 << 3) | 2).fork().uint32(10).string('c').ldelim()
    .finish() // prettier-ignore
  const [command] = readCommands(Buffer.concat([Buffer.from([unknown.length]), unknown]))
  assert.deepEqual(plain(command), { id: 1, method: 'unsubscribe', request: { channel: 'c' } })
})

test('what comes twice counts in the way of Protobuf', () => {
  const parts = [
    { subscribe: { channel: 'a', epoch: 'e' } },
    { subscribe: { channel: 'b', tf: filter } },
    { id: 7 },
    { id: 8 },
  ]
  const body = Buffer.concat(parts.map((part) => commandType.encode(commandType.fromObject(part)).finish()))
  const [command] = readCommands(Buffer.concat([Buffer.from([body.length]), body]))
  assert.deepEqual(plain(command), { id: 8, method: 'subscribe', request: { channel: 'b', epoch: 'e', tf: filter } })
})

test('a filter by tags goes through as it is, and one that is too deep is malformed', () => {
  const [command] = readCommands(sdk.encodeCommands([{ id: 1, subscribe: { channel: 'c', tf: filter } }]))
  assert.ok(typeof command === 'object' && command.method === 'subscribe')
  const node = parseFilter(command.request.tf)
  assert.ok(node && matches(node, { a: '2' }) && !matches(node, { a: '2', b: 'ж' }))
  const nested = (depth: number) =>
    Array.from({ length: depth }).reduce<object>((tf) => ({ op: 'not', nodes: [tf] }), {})
  assert.equal(typeof [...readCommands(delimit({ id: 1, subscribe: { tf: nested(40) } }))][0], 'object')
  assert.deepEqual([...readCommands(delimit({ id: 1, subscribe: { tf: nested(90) } }))], [undefined])
})

test('offsets beyond what numbers can say are large numbers', () => {
  const offsets = ['9007199254740991', '9007199254740993', '9223372036854775808', '18446744073709551615']
  for (const offset of offsets) {
    const [command] = readCommands(delimit({ id: 1, subscribe: { channel: 'c', offset } }))
    assert.ok(typeof command === 'object' && command.method === 'subscribe')
    assert.equal(command.request.offset, Number(offset))
  }
})

test('the payload of a command does not keep the frame', () => {
  const frame = delimit({ id: 1, publish: { channel: 'c', data } })
  const [command] = readCommands(frame)
  assert.ok(typeof command === 'object' && command.method === 'publish' && Buffer.isBuffer(command.request.data))
  frame.fill(0)
  assert.ok(command.request.data.equals(data))
})

const field = (number: number, wireType: number, ...rest: number[]) => [(number << 3) | wireType, ...rest]
const message = (...bytes: number[]) => [bytes.length, ...bytes]
const unsubscribe = (...bytes: number[]) => message(8, 1, ...field(6, 2, bytes.length, ...bytes))

test('a malformed frame ends with undefined, after the commands before it', () => {
  const good = unsubscribe(10, 1, 99)
  const malformed: Record<string, number[]> = {
    'a length alone': [5],
    'a length that is too long': [200, 1, 8, 1],
    'a length without end': [0x80, 0x80],
    'a length of more than 64 bits': Array.from({ length: 11 }, () => 0xff),
    'a length of eleven bytes': [...Array.from({ length: 10 }, () => 0x80), 0],
    'a huge length': [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 8],
    'a number that is cut': message(8, 0x80),
    'a field number 0': message(0, 0),
    'a field number of more than 32 bits': message(0x88, 0x80, 0x80, 0x80, 0x80, 1, 0),
    'a group': message(...field(9, 3), ...field(9, 4)),
    'the end of a group': message(...field(9, 4)),
    'the wire type 6': message(...field(9, 6)),
    'the wire type 7': message(...field(9, 7)),
    'an id that is no number': message(...field(1, 2, 1, 1)),
    'a request that is a number': message(8, 1, ...field(6, 0, 1)),
    'a channel that is a number': unsubscribe(8, 1),
    'a channel that is cut': unsubscribe(10, 5, 99),
    'a channel that reaches into the next field': message(8, 1, ...field(6, 2, 2, 10, 3), 99, 99, 99),
    'a channel that is not UTF-8': unsubscribe(10, 2, 0xc3, 0x28),
    'unknown bytes that are cut': unsubscribe(...field(5, 2, 9, 1)),
    'four unknown bytes of which one is missing': unsubscribe(...field(5, 5, 1, 2, 3)),
    'eight unknown bytes of which one is missing': unsubscribe(...field(5, 1, 1, 2, 3, 4, 5, 6, 7)),
    'no method': message(8, 1),
    'the method ping': message(8, 1, ...field(11, 2, 0)),
  }
  for (const [what, bytes] of Object.entries(malformed)) {
    const [first, second, ...rest] = readCommands(Buffer.from([...good, ...bytes, ...good]))
    assert.deepEqual(plain(first), { id: 1, method: 'unsubscribe', request: { channel: 'c' } })
    assert.equal(second, undefined, what)
    assert.deepEqual(rest, [], what)
  }
  assert.deepEqual([...readCommands(Buffer.alloc(0))], [undefined])
})

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

test('no frame of 20,000 that chance made is more than malformed', () => {
  const { below, pick } = random(11)
  const whole = methods.map((method, index) =>
    Buffer.from(sdk.encodeCommands([{ id: index + 1, [method]: requests[method] }])),
  )
  const mutate = () => {
    const frame = Buffer.concat(Array.from({ length: 1 + below(3) }, () => pick(whole)))
    for (let edits = 1 + below(4); edits > 0; edits--)
      frame[below(frame.length)] = pick([0, 0x80, 0xff, below(256), below(16)])
    return below(3) === 0 ? frame.subarray(below(frame.length)) : frame
  }
  const noise = () => Buffer.from(Array.from({ length: below(64) }, () => pick([below(256), below(16), 10, 0x80])))
  const counts = { commands: 0, pongs: 0, malformed: 0 }
  for (let round = 0; round < 20_000; round++) {
    const frame = round % 2 === 0 ? mutate() : noise()
    const commands = [...readCommands(frame)]
    assert.ok(commands.length <= frame.length + 1)
    assert.equal(commands.slice(0, -1).includes(undefined), false, 'nothing is read after what is malformed')
    for (const command of commands) {
      if (command === undefined) counts.malformed++
      else if (command === 'pong') counts.pongs++
      else {
        counts.commands++
        assert.ok(command.id >= 0 && command.id < 2 ** 32 && methods.includes(command.method))
        if (command.method === 'subscribe') {
          parseFilter(command.request.tf)
          assert.ok(Number.isInteger(command.request.offset ?? 0) && (command.request.offset ?? 0) >= 0)
        }
      }
    }
    readEmulationRequest(frame)
  }
  assert.ok(Math.min(...Object.values(counts)) > 500, JSON.stringify(counts))
})

test('what is read of a mutated frame is what the definition of the messages reads', () => {
  const { below, pick } = random(12)
  let compared = 0
  for (let round = 0; round < 5000; round++) {
    const method = pick(methods.filter((method) => method !== 'connect'))
    const frame = delimit({ id: 1 + below(1000), [method]: requests[method] })
    frame[below(frame.length)] = below(256)
    const [command] = readCommands(frame)
    if (typeof command !== 'object') continue
    // Whatever we accept the library accepts, too.
    const other = commandType.toObject(commandType.decodeDelimited(frame), { longs: Number }) as Record<string, object>
    const known = Object.keys(command.request)
    const members = Object.entries(other[command.method] ?? assert.fail(command.method)).filter(([name]) =>
      known.includes(name),
    )
    assert.equal(command.id, other['id'] ?? 0)
    if (command.method === 'publish') continue
    assert.deepEqual(plain(command.request), plain(Object.fromEntries(members)))
    compared++
  }
  assert.ok(compared > 1000, String(compared))
})
