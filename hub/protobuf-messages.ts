import type { ReplyError } from './codes.ts'
import { type Field, MalformedMessage, MessageType, WireReader, WireWriter } from './protobuf-wire.ts'
import { type ClientInfo, type Command, type Content, type Method, methods, type Received } from './protocol.ts'
import type { Expiry, Publication, Push, Requests, Results, SubscribeResult } from './protocol.ts'

/** The numbers are those of `client.proto` in github.com/centrifugal/protocol. */

const string = (number: number): Field => ({ number, kind: 'string' })
const bytes = (number: number): Field => ({ number, kind: 'bytes' })
const bool = (number: number): Field => ({ number, kind: 'bool' })
const uint32 = (number: number): Field => ({ number, kind: 'uint32' })
const int32 = (number: number): Field => ({ number, kind: 'int32' })
const uint64 = (number: number): Field => ({ number, kind: 'uint64' })
const int64 = (number: number): Field => ({ number, kind: 'int64' })
const list = (field: Field): Field => ({ ...field, form: 'list' })
const message = (number: number, kind: () => MessageType): Field => ({ number, kind })
const map = (number: number, value: Field): Field => {
  const entry = new MessageType({ key: string(1), value })
  return { number, kind: () => entry, form: 'map' }
}

const streamPosition = new MessageType({ offset: uint64(1), epoch: string(2) })
const recoverRequest = new MessageType({ recover: bool(3), epoch: string(6), offset: uint64(7) })
const filterNode = new MessageType({
  op: string(1),
  key: string(2),
  cmp: string(3),
  val: string(4),
  vals: list(string(5)),
  nodes: list(message(6, () => filterNode)),
})

const requests: { [M in Method]: { [K in keyof Requests[M]]-?: Field } } = {
  connect: {
    token: string(1),
    subs: map(
      3,
      message(2, () => recoverRequest),
    ),
    name: string(4),
    version: string(5),
  },
  subscribe: {
    channel: string(1),
    token: string(2),
    recover: bool(3),
    epoch: string(6),
    offset: uint64(7),
    positioned: bool(9),
    recoverable: bool(10),
    join_leave: bool(11),
    delta: string(12),
    tf: message(13, () => filterNode),
    flag: int64(14),
    type: int32(15),
  },
  unsubscribe: { channel: string(1) },
  publish: { channel: string(1), data: bytes(2), type: int32(3) },
  presence: { channel: string(1) },
  presence_stats: { channel: string(1) },
  history: { channel: string(1), limit: int32(7), since: message(8, () => streamPosition), reverse: bool(9) },
  rpc: { data: bytes(1), method: string(2) },
  send: { data: bytes(1) },
  refresh: { token: string(1) },
  sub_refresh: { channel: string(1), token: string(2) },
}

/** Where the request is in a command, and the result in a reply. */
const numbers: Record<Method, { command: number; reply: number }> = {
  connect: { command: 4, reply: 5 },
  subscribe: { command: 5, reply: 6 },
  unsubscribe: { command: 6, reply: 7 },
  publish: { command: 7, reply: 8 },
  presence: { command: 8, reply: 9 },
  presence_stats: { command: 9, reply: 10 },
  history: { command: 10, reply: 11 },
  send: { command: 12, reply: 0 },
  rpc: { command: 13, reply: 13 },
  refresh: { command: 14, reply: 14 },
  sub_refresh: { command: 15, reply: 15 },
}

const command = new MessageType({
  id: uint32(1),
  ...Object.fromEntries(
    methods.map((method) => {
      const request = new MessageType(requests[method])
      return [method, message(numbers[method].command, () => request)]
    }),
  ),
})

/** The commands of one frame, each decoded when its turn comes. Undefined: malformed, and so is what follows. */
export function* readCommands(frame: Uint8Array): Generator<Received> {
  const reader = new WireReader(Buffer.from(frame.buffer, frame.byteOffset, frame.length))
  do {
    const bytes = wellFormed(() => reader.slice())
    const command = bytes && wellFormed(() => readCommand(bytes))
    yield { command, size: bytes?.length ?? frame.length }
    if (!command) return
  } while (!reader.isAtEnd)
}

function readCommand(bytes: Buffer): Command | 'pong' | undefined {
  const members = command.read(bytes)
  const { id = 0, publish } = members
  // Nothing and an empty payload look the same.
  if (publish) members['publish'] = { data: Buffer.alloc(0), ...publish }
  const method = methods.find((method) => members[method] !== undefined)
  if (id === 0 && method !== 'send') return 'pong'
  // As the fields above have it.
  return method && ({ id, method, request: members[method] } as Command)
}

const emulationRequest = new MessageType({ node: string(1), session: string(2), data: bytes(3) })

/** What a client of a transport that cannot receive sends by another way: `data` is a frame. Undefined: malformed. */
export function readEmulationRequest(body: Uint8Array): { node: string; session: string; data: Buffer } | undefined {
  const members = wellFormed(() => emulationRequest.read(Buffer.from(body.buffer, body.byteOffset, body.length))) as
    | Partial<ReturnType<typeof readEmulationRequest>>
    | undefined
  return members && { node: '', session: '', data: Buffer.alloc(0), ...members }
}

function wellFormed<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof MalformedMessage) return undefined
    throw error
  }
}

/** An empty message. */
export const ping = Buffer.from([0])

export function writeReply<M extends Method>(id: number, method: M, result: Results[M]): Buffer {
  return encode((reply) => {
    reply.number(1, id)
    reply.message(numbers[method].reply, (writer) => results[method](writer, result))
  })
}

export function writeError(id: number, { code, message, temporary }: ReplyError): Buffer {
  return encode((reply) => {
    reply.number(1, id)
    reply.message(2, (error) => {
      error.number(1, code)
      error.string(2, message)
      error.flag(3, temporary)
    })
  })
}

export function writePush(channel: string, push: Push): Buffer {
  return encode((reply) =>
    reply.message(4, (writer) => {
      writer.string(2, channel)
      writePushed(writer, push)
    }),
  )
}

function encode(write: (reply: WireWriter) => void): Buffer {
  const writer = new WireWriter()
  writer.delimited(write)
  return writer.finish()
}

function writePushed(push: WireWriter, pushed: Push): void {
  if ('pub' in pushed) push.message(4, (writer) => writePublication(writer, pushed.pub))
  else if ('join' in pushed) push.message(5, (join) => join.message(1, (info) => writeInfo(info, pushed.join)))
  else if ('leave' in pushed) push.message(6, (leave) => leave.message(1, (info) => writeInfo(info, pushed.leave)))
  else if ('unsubscribe' in pushed) push.message(7, (writer) => writeReason(writer, 2, pushed.unsubscribe))
  else if ('subscribe' in pushed) push.message(9, (writer) => writeSubscribePush(writer, pushed.subscribe))
  else push.message(11, (writer) => writeReason(writer, 1, pushed.disconnect))
}

function writeReason(writer: WireWriter, first: number, { code, reason }: { code: number; reason: string }): void {
  writer.number(first, code)
  writer.string(first + 1, reason)
}

function writeSubscribePush(writer: WireWriter, result: SubscribeResult): void {
  writer.flag(1, result.recoverable)
  writer.string(4, result.epoch)
  writer.number(5, result.offset)
  writer.flag(6, result.positioned)
  writer.string(7, result.data)
}

const results: { [M in Method]: (writer: WireWriter, result: Results[M]) => void } = {
  connect: (writer, result) => {
    writer.string(1, result.client)
    writer.string(2, result.version)
    writeExpiry(writer, 3, result)
    for (const [channel, subscribe] of result.subs ?? []) {
      writer.message(6, (entry) => {
        entry.string(1, channel)
        entry.message(2, (value) => writeSubscribe(value, subscribe))
      })
    }
    writer.number(7, result.ping)
    writer.flag(8, result.pong)
    writer.string(9, result.session)
    writer.string(10, result.node)
    writer.number(11, result.time)
  },
  subscribe: writeSubscribe,
  unsubscribe: () => {},
  publish: () => {},
  presence: (writer, { presence }) => {
    for (const [client, info] of presence) {
      writer.message(1, (entry) => {
        entry.string(1, client)
        entry.message(2, (value) => writeInfo(value, info))
      })
    }
  },
  presence_stats: (writer, result) => {
    writer.number(1, result.num_clients)
    writer.number(2, result.num_users)
  },
  history: (writer, { publications, epoch, offset }) => {
    for (const each of publications) writer.message(1, (publication) => writePublication(publication, each))
    writer.string(2, epoch)
    writer.number(3, offset)
  },
  rpc: (writer, { data }) => writer.string(1, data),
  send: () => {},
  refresh: (writer, result) => {
    writer.string(1, result.client)
    writer.string(2, result.version)
    writeExpiry(writer, 3, result)
  },
  sub_refresh: (writer, result) => writeExpiry(writer, 1, result),
}

function writeExpiry(writer: WireWriter, first: number, { expires, ttl }: Expiry): void {
  writer.flag(first, expires)
  writer.number(first + 1, ttl)
}

function writeSubscribe(writer: WireWriter, result: SubscribeResult): void {
  writeExpiry(writer, 1, result)
  writer.flag(3, result.recoverable)
  writer.string(6, result.epoch)
  for (const each of result.publications ?? []) writer.message(7, (publication) => writePublication(publication, each))
  writer.flag(8, result.recovered)
  writer.number(9, result.offset)
  writer.flag(10, result.positioned)
  writer.string(11, result.data)
  writer.flag(12, result.was_recovering)
  writer.flag(13, result.delta)
}

function writePublication(writer: WireWriter, { content, offset, delta }: Publication): void {
  const patch = delta?.patch
  if (patch) {
    writer.bytes(4, patch)
    writeOrigin(writer, content)
  } else {
    writer.raw((content.protobufMembers ??= encodeContent(content)))
  }
  writer.number(6, offset)
  writer.flag(8, patch !== undefined)
}

function encodeContent(content: Content): Buffer {
  const writer = new WireWriter()
  writer.bytes(4, content.bytes)
  writeOrigin(writer, content)
  return writer.finish()
}

function writeOrigin(writer: WireWriter, { info, tags = {} }: Content): void {
  if (info) writer.message(5, (member) => writeInfo(member, info))
  for (const [tag, value] of Object.entries(tags)) {
    writer.message(7, (entry) => {
      entry.string(1, tag)
      entry.string(2, value)
    })
  }
}

function writeInfo(writer: WireWriter, info: ClientInfo): void {
  writer.string(1, info.user)
  writer.string(2, info.client)
  writer.string(3, info.conn_info)
  writer.string(4, info.chan_info)
}
