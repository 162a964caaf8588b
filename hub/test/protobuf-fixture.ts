import { Centrifuge } from 'centrifuge/build/protobuf'
import protobuf from 'protobufjs'
import { readCommands as readReceived } from '../protobuf-messages.ts'
import type { Method } from '../protocol.ts'

export const readCommands = (bytes: Uint8Array) => Array.from(readReceived(bytes), ({ command }) => command)

/** The messages as the protocol defines them, as far as the hub has them. */
export const { root } = protobuf.parse(
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
export const [commandType, replyType] = [root.lookupType('Command'), root.lookupType('Reply')]
export const delimit = (message: object) =>
  Buffer.from(commandType.encodeDelimited(commandType.fromObject(message)).finish())

export type ProtobufCodec = {
  encodeCommands(commands: object[]): Uint8Array
  decodeReplies(frame: Uint8Array): object[]
}
export const { _codec: sdk } = new Centrifuge('ws://localhost') as unknown as { _codec: ProtobufCodec }

/** The SDK's objects have a list or a map where there is none. */
export const isNothing = ([name, value]: [string, unknown]) =>
  ['publications', 'state', 'tags', 'subs', 'items'].includes(name) &&
  !(value instanceof Map) &&
  Object.keys(value as object).length === 0

/** What stands in a decoded message, with bytes as text. */
export function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString()
  if (typeof value !== 'object' || value === null) return value
  if ('toNumber' in value && typeof value.toNumber === 'function') return (value.toNumber as () => number)()
  if (Array.isArray(value)) return value.map(plain)
  const entries: Array<[string, unknown]> = value instanceof Map ? [...value] : Object.entries(value)
  return Object.fromEntries(entries.filter((entry) => !isNothing(entry)).map(([name, member]) => [name, plain(member)]))
}

export const data = Buffer.from('{"text":"привет 😀"}')
export const filter = {
  op: 'and',
  nodes: [
    { key: 'a', cmp: 'in', vals: ['1', '2'] },
    { op: 'not', nodes: [{ key: 'b', cmp: 'eq', val: 'ж' }] },
  ],
}

/** For each method everything that the hub reads of it. */

export const requests: { [M in Method]: object } = {
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
export const field = (number: number, wireType: number, ...rest: number[]) => [(number << 3) | wireType, ...rest]
export const message = (...bytes: number[]) => [bytes.length, ...bytes]
export const unsubscribe = (...bytes: number[]) => message(8, 1, ...field(6, 2, bytes.length, ...bytes))

export { protobuf }
