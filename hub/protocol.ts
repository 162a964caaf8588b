import type { Disconnect, ReplyError, Unsubscribe } from './codes.ts'

/** The text of a JSON value. It is spliced into frames as it is and never parsed here. */
export type Json = string

export type StreamPosition = { offset: number; epoch: string }

export type ClientInfo = { user: string; client: string; conn_info?: Json; chan_info?: Json }

/** What is published, one object however many channels it goes to and keep it. */
export class Content {
  readonly data: Json
  readonly info: ClientInfo | undefined
  readonly tags: Record<string, string> | undefined
  /** Its members in the JSON protocol, made when first needed. */
  json: string | undefined

  constructor(data: Json, info?: ClientInfo, tags?: Record<string, string>) {
    this.data = data
    this.info = info
    this.tags = tags
  }
}

/** What a channel brings. The offset is 0 where it keeps no history. */
export type Publication = { content: Content; offset: number }

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

export type Requests = {
  connect: { token?: string; name?: string; version?: string }
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
  }
  unsubscribe: { channel?: string }
  publish: { channel?: string; data?: Json; type?: number }
  presence: { channel?: string }
  presence_stats: { channel?: string }
  history: { channel?: string; limit?: number; since?: Partial<StreamPosition>; reverse?: boolean }
  rpc: { method?: string; data?: Json }
  send: { data?: Json }
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
}

export type Results = {
  connect: Expiry & { client: string; version: string; ping: number; pong: boolean }
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

export type Push =
  | { pub: Publication }
  | { join: ClientInfo }
  | { leave: ClientInfo }
  | { unsubscribe: Unsubscribe }
  | { disconnect: Disconnect }

/** One encoded message, made once however many clients receive it. */
export class Encoded {
  readonly text: string
  readonly size: number
  /** The WebSocket frame of it alone, once there is one. */
  frame: Buffer | undefined

  constructor(text: string) {
    this.text = text
    this.size = Buffer.byteLength(text)
  }
}

/** How commands and messages look on the wire. */
export type Codec = {
  /** The documents of one incoming frame, each to be decoded when its turn comes. */
  split(frame: string): string[]
  /** Undefined: malformed. */
  decode(document: string): Command | 'pong' | undefined
  reply<M extends Method>(id: number, method: M, result: Results[M]): Encoded
  error(id: number, error: ReplyError): Encoded
  push(channel: string, push: Push): Encoded
  readonly ping: Encoded
}
