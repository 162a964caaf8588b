import assert from 'node:assert/strict'
import { test } from 'node:test'
import { methods } from '../protocol.ts'
import { matches, parseFilter } from '../tags-filter.ts'
import {
  commandType,
  delimit,
  sdk,
  plain,
  data,
  filter,
  readCommands,
  requests,
  field,
  message,
  unsubscribe,
  protobuf,
} from './protobuf-fixture.ts'

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
