import type { FrameType } from './metrics.ts'
import { jsonTextOf } from './json-text.ts'
import type { Disconnect, ReplyError, Unsubscribe } from './codes.ts'

/** The text of a JSON value. It is spliced into frames as it is and never parsed here. */
export type Json = string

export type StreamPosition = { offset: number; epoch: string }

export type ClientInfo = { user: string; client: string; conn_info?: Json; chan_info?: Json }

/** JSON text that is passed on as it stands. */
export class RawJson {
  readonly text: Json

  constructor(text: Json) {
    this.text = text
  }
}

type ContentMembers = { info?: ClientInfo | undefined; tags?: Record<string, string> | undefined; time?: number }

/** What is published, one object however many channels it goes to and keep it. Bytes need not be JSON. */
export class Content {
  readonly info: ClientInfo | undefined
  readonly tags: Record<string, string> | undefined
  /** Its members in the JSON protocol, and in Protobuf; made when first needed. */
  jsonMembers: Json | undefined
  protobufMembers: Buffer | undefined
  #json: Json | undefined
  #bytes: Buffer | undefined
  #jsonBytes: Buffer | undefined
  #isText: boolean | undefined

  constructor(data: Json | Buffer, { info, tags }: ContentMembers = {}) {
    if (typeof data === 'string') this.#json = data
    else this.#bytes = data
    this.info = info
    this.tags = tags
  }

  /** Undefined when it is not JSON. */
  get json(): Json | undefined {
    if (this.#json === undefined && this.#isText === undefined && this.#bytes) {
      this.#json = jsonTextOf(this.#bytes)
      this.#isText = this.#json !== undefined
    }
    return this.#json
  }

  get bytes(): Buffer {
    return (this.#bytes ??= Buffer.from(this.#json ?? ''))
  }

  /** Those of `json`: it stands on one line, also when what was published did not. */
  get jsonBytes(): Buffer | undefined {
    if (this.json === undefined) return undefined
    return (this.#jsonBytes ??= this.#isText ? Buffer.from(this.json) : this.bytes)
  }
}

/** How a publication is shown to a subscriber who negotiated delta: whole, or as the difference to the one before. */
export type DeltaForm = { patch?: Buffer | undefined }

/** What a channel brings. The offset is 0 where it keeps no history. */
export type Publication = { content: Content; offset: number; delta?: DeltaForm }

/** In the order in which a command is searched for them: the first one present counts. */
export const methods = [
  'connect',
  'subscribe',
  'unsubscribe',
  'publish',
  'presence',
  'presence_stats',
  'history',
  'rpc',
  'send',
  'refresh',
  'sub_refresh',
] as const
export type Method = (typeof methods)[number]

/** Where a server-side subscription was when the connection broke. */
export type RecoverRequest = { recover?: boolean; epoch?: string; offset?: number }

export type Requests = {
  connect: { token?: string; name?: string; version?: string; subs?: Map<string, RecoverRequest> }
  subscribe: {
    channel?: string
    token?: string
    recover?: boolean
    epoch?: string
    offset?: number
    positioned?: boolean
    recoverable?: boolean
    join_leave?: boolean
    delta?: string
    flag?: number
    type?: number
    /** A filter by tags, as it came: `parseFilter` checks it. */
    tf?: object
  }
  unsubscribe: { channel?: string }
  publish: { channel?: string; data?: Json | Buffer; type?: number }
  presence: { channel?: string }
  presence_stats: { channel?: string }
  history: { channel?: string; limit?: number; since?: Partial<StreamPosition>; reverse?: boolean }
  rpc: { method?: string; data?: Json | Buffer }
  send: { data?: Json | Buffer }
  refresh: { token?: string }
  sub_refresh: { channel?: string; token?: string }
}

export type Expiry = { expires?: boolean; ttl?: number }

export type SubscribeResult = Expiry & {
  recoverable?: boolean
  positioned?: boolean
  recovered?: boolean
  was_recovering?: boolean
  epoch?: string
  offset?: number
  publications?: Publication[]
  data?: Json
  delta?: boolean
}

export type Results = {
  connect: Expiry & {
    client: string
    version: string
    subs?: Map<string, SubscribeResult>
    ping: number
    pong: boolean
    /** Of the transports that cannot receive: what the client's requests name. */
    session?: string
    node?: string
    /** Unix milliseconds. */
    time?: number
  }
  subscribe: SubscribeResult
  unsubscribe: Record<string, never>
  publish: Record<string, never>
  presence: { presence: ReadonlyMap<string, ClientInfo> }
  presence_stats: { num_clients: number; num_users: number }
  history: StreamPosition & { publications: Publication[] }
  rpc: { data?: Json }
  send: never
  refresh: Expiry & { client: string; version: string }
  sub_refresh: Expiry
}

export type Command = { [M in Method]: { id: number; method: M; request: Requests[M] } }[Method]

export function frameTypeOf(push: Push): FrameType {
  if ('pub' in push) return 'push_publication'
  if ('join' in push) return 'push_join'
  if ('leave' in push) return 'push_leave'
  if ('subscribe' in push) return 'push_subscribe'
  return 'unsubscribe' in push ? 'push_unsubscribe' : 'push_disconnect'
}

export type Push =
  | { pub: Publication }
  | { join: ClientInfo }
  | { leave: ClientInfo }
  | { subscribe: SubscribeResult }
  | { unsubscribe: Unsubscribe }
  | { disconnect: Disconnect }

/** One encoded message, made once however many clients receive it. */
export class Encoded {
  readonly bytes: Buffer
  /** As what it is counted. */
  readonly type: FrameType
  /** The WebSocket frame of it alone, once there is one. */
  frame: Buffer | undefined

  constructor(bytes: Buffer, type: FrameType) {
    this.bytes = bytes
    this.type = type
  }
}

/** Thrown by the JSON codec: bytes that are no JSON have no place in it, and the client is told 3506. */
export class UnsuitableContent extends Error {}

/** One command, or the answer to a ping, and how many bytes it took. Undefined: malformed. */
export type Received = { command: Command | 'pong' | undefined; size: number }

/** How commands and messages look on the wire. */
export type Codec = {
  readonly name: 'json' | 'protobuf'
  /** The commands of one incoming frame, each decoded when its turn comes. */
  commands(frame: string | Buffer): Iterable<Received>
  reply<M extends Method>(id: number, method: M, result: Results[M]): Encoded
  error(id: number, method: Method, error: ReplyError): Encoded
  push(channel: string, push: Push): Encoded
  readonly ping: Encoded
  /** A payload as clients receive it. Undefined: they cannot. */
  payload(content: Content): Buffer | undefined
  /** What stands between two messages of one frame. */
  readonly separator: string
}
