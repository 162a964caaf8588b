import { sliceMember, strictUtf8 } from './json-text.ts'
import {
  type ClientInfo,
  type Codec,
  type Command,
  Encoded,
  frameTypeOf,
  type Json,
  type Method,
  methods,
  UnsuitableContent,
} from './protocol.ts'
import type { Content, DeltaForm, Publication, Push, Requests, Results, SubscribeResult, Received } from './protocol.ts'
import type { ReplyError } from './codes.ts'
import type { FrameType } from './metrics.ts'

/** Centrifugo's JSON protocol: documents divided by line feeds, empty and zero members left out. */
export const jsonCodec: Codec = {
  name: 'json',
  commands: decodeFrame,
  reply: (id, method, result) => encoded(`{"id":${id},"${method}":${resultWriters[method](result)}}`, method),
  error: (id, method, error) => encoded(`{"id":${id},"error":${writeError(error)}}`, method),
  push: (channel, push) =>
    encoded(`{"push":{${channel && `"channel":${JSON.stringify(channel)},`}${writePush(push)}}}`, frameTypeOf(push)),
  ping: encoded('{}', 'server_ping'),
  payload: (content) => content.jsonBytes,
  separator: '\n',
}

function encoded(text: Json, type: FrameType): Encoded {
  return new Encoded(Buffer.from(text), type)
}

function* decodeFrame(frame: string | Buffer): Generator<Received> {
  const text = typeof frame === 'string' ? frame : textOf(frame)
  if (text === undefined) yield { command: undefined, size: frame.length }
  else
    for (const document of text.replace(/\n$/, '').split('\n'))
      yield { command: decode(document), size: Buffer.byteLength(document) }
}

function textOf(bytes: Buffer): string | undefined {
  try {
    return strictUtf8.decode(bytes)
  } catch {
    return undefined
  }
}

type Field = 'string' | 'boolean' | 'uint32' | 'int32' | 'uint64' | 'position' | 'positions' | 'object' | 'json'

/** The members that are read; others are ignored, and one of a wrong type makes the command malformed. */
const fields: { [M in Method]: { [K in keyof Requests[M]]-?: Field } } = {
  connect: { token: 'string', name: 'string', version: 'string', subs: 'positions' },
  subscribe: {
    channel: 'string',
    token: 'string',
    recover: 'boolean',
    epoch: 'string',
    offset: 'uint64',
    positioned: 'boolean',
    recoverable: 'boolean',
    join_leave: 'boolean',
    delta: 'string',
    flag: 'int32',
    type: 'int32',
    tf: 'object',
  },
  unsubscribe: { channel: 'string' },
  publish: { channel: 'string', data: 'json', type: 'int32' },
  presence: { channel: 'string' },
  presence_stats: { channel: 'string' },
  history: { channel: 'string', limit: 'int32', since: 'position', reverse: 'boolean' },
  rpc: { method: 'string', data: 'json' },
  send: { data: 'json' },
  refresh: { token: 'string' },
  sub_refresh: { channel: 'string', token: 'string' },
}

const fieldLists = Object.fromEntries(methods.map((method) => [method, Object.entries(fields[method])])) as Record<
  Method,
  Array<[name: string, field: Field]>
>

type Members = Record<string, unknown>

function decode(document: string): Command | 'pong' | undefined {
  const command = parseObject(document)
  const id = command && (member(command, 'id') ?? 0)
  if (!command || !isInteger(id, 0, 0xffff_ffff)) return undefined
  const method = methods.find((method) => member(command, method) !== undefined)
  if (id === 0 && method !== 'send') return 'pong'
  if (!method) return undefined
  const request = decodeRequest(method, member(command, method), document)
  return request && { id, method, request }
}

function decodeRequest(method: Method, value: unknown, document: string): Members | undefined {
  if (!isObject(value)) return undefined
  const request: Members = {}
  for (const [name, field] of fieldLists[method]) {
    const given = member(value, name)
    if (field === 'json') {
      if (!Object.hasOwn(value, name)) continue
      request[name] = sliceMember(document, [method, name])
      if (request[name] === undefined) return undefined
    } else if (given !== undefined) {
      if (!checks[field](given)) return undefined
      request[name] = field === 'positions' ? new Map(Object.entries(given)) : given
    }
  }
  return request
}

const checks: { [F in Exclude<Field, 'json'>]: (value: unknown) => boolean } = {
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  uint32: (value) => isInteger(value, 0, 0xffff_ffff),
  int32: (value) => isInteger(value, -0x8000_0000, 0x7fff_ffff),
  uint64: (value) => isInteger(value, 0, 2 ** 64),
  position: (value) =>
    isObject(value) && checks.uint64(member(value, 'offset') ?? 0) && checks.string(member(value, 'epoch') ?? ''),
  positions: (value) => isObject(value) && Object.values(value).every(isRecoverRequest),
  object: (value) => isObject(value),
}

function parseObject(document: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(document)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isRecoverRequest(value: unknown): boolean {
  return checks.position(value) && checks.boolean(member(value as Members, 'recover') ?? false)
}

/** Undefined for null, too: the protocol knows no difference. */
const member = (members: Members, name: string) =>
  Object.hasOwn(members, name) ? (members[name] ?? undefined) : undefined
const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isInteger = (value: unknown, from: number, to: number): value is number =>
  Number.isInteger(value) && (value as number) >= from && (value as number) <= to

/** Writes members in order; what is empty, zero or false is left out. Values are JSON texts. */
function write(members: Array<[name: string, value: Json | undefined | false]>): Json {
  let text = ''
  for (const [name, value] of members) if (value) text += `${text ? ',' : ''}${JSON.stringify(name)}:${value}`
  return `{${text}}`
}

const number = (value: number | undefined) => (value ? String(value) : undefined)
const flag = (value: boolean | undefined) => value && 'true'
const string = (value: string | undefined) => (value ? JSON.stringify(value) : undefined)

const resultWriters: { [M in Method]: (result: Results[M]) => Json } = {
  connect: (result) =>
    write([
      ['client', string(result.client)],
      ['version', string(result.version)],
      ['expires', flag(result.expires)],
      ['ttl', number(result.ttl)],
      ['subs', result.subs && writeSubs(result.subs)],
      ['ping', number(result.ping)],
      ['pong', flag(result.pong)],
      ['session', string(result.session)],
      ['node', string(result.node)],
      ['time', number(result.time)],
    ]),
  subscribe: writeSubscribe,
  unsubscribe: () => '{}',
  publish: () => '{}',
  presence: ({ presence }) =>
    `{"presence":{${Array.from(presence, ([client, info]) => `${JSON.stringify(client)}:${writeInfo(info)}`).join(',')}}}`,
  presence_stats: (result) => `{"num_clients":${result.num_clients},"num_users":${result.num_users}}`,
  history: ({ publications, epoch, offset }) =>
    `{"publications":[${publications.map(writePublication).join(',')}],"epoch":${JSON.stringify(epoch)},"offset":${offset}}`,
  rpc: ({ data }) => write([['data', data]]),
  send: () => '{}',
  refresh: (result) =>
    write([
      ['client', string(result.client)],
      ['version', string(result.version)],
      ['expires', flag(result.expires)],
      ['ttl', number(result.ttl)],
    ]),
  sub_refresh: (result) =>
    write([
      ['expires', flag(result.expires)],
      ['ttl', number(result.ttl)],
    ]),
}

function writeSubscribe(result: SubscribeResult): Json {
  return write([
    ['expires', flag(result.expires)],
    ['ttl', number(result.ttl)],
    ['recoverable', flag(result.recoverable)],
    ['epoch', string(result.epoch)],
    ['publications', writePublications(result.publications)],
    ['recovered', flag(result.recovered)],
    ['offset', number(result.offset)],
    ['positioned', flag(result.positioned)],
    ['data', result.data],
    ['was_recovering', flag(result.was_recovering)],
    ['delta', flag(result.delta)],
  ])
}

function writeSubs(subs: Map<string, SubscribeResult>): Json {
  return write(Array.from(subs, ([channel, result]) => [channel, writeSubscribe(result)]))
}

function writePublications(publications: Publication[] = []): Json | undefined {
  return publications.length === 0 ? undefined : `[${publications.map(writePublication).join(',')}]`
}

function writeError(error: ReplyError): Json {
  return `{"code":${error.code},"message":${JSON.stringify(error.message)}${error.temporary ? ',"temporary":true' : ''}}`
}

function writePush(push: Push): Json {
  if ('pub' in push) return `"pub":${writePublication(push.pub)}`
  if ('join' in push) return `"join":{"info":${writeInfo(push.join)}}`
  if ('leave' in push) return `"leave":{"info":${writeInfo(push.leave)}}`
  if ('subscribe' in push) return `"subscribe":${writeSubscribe(push.subscribe)}`
  const [name, { code, reason }] =
    'unsubscribe' in push ? (['unsubscribe', push.unsubscribe] as const) : (['disconnect', push.disconnect] as const)
  return `"${name}":{"code":${code},"reason":${JSON.stringify(reason)}}`
}

function writePublication({ content, offset, delta }: Publication): Json {
  const members = delta ? writeContent(content, delta) : (content.jsonMembers ??= writeContent(content))
  return offset > 0 ? `{${members},"offset":${offset}}` : `{${members}}`
}

/** Who negotiated delta gets strings: the text of the payload, or a patch to the one before. */
function writeContent(content: Content, delta?: DeltaForm): string {
  const { json, info, tags } = content
  if (json === undefined) throw new UnsuitableContent('The payload is not JSON.')
  const data = delta ? JSON.stringify(delta.patch?.toString() ?? json) : json
  return `"data":${data}${info ? `,"info":${writeInfo(info)}` : ''}${tags ? `,"tags":${JSON.stringify(tags)}` : ''}${delta?.patch ? ',"delta":true' : ''}`
}

/** `user` and `client` are always there, even when empty. */
function writeInfo(info: ClientInfo): Json {
  const ids = `{"user":${JSON.stringify(info.user)},"client":${JSON.stringify(info.client)}`
  return `${ids}${info.conn_info ? `,"conn_info":${info.conn_info}` : ''}${info.chan_info ? `,"chan_info":${info.chan_info}` : ''}}`
}
