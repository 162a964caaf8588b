import type { Publication, StreamPosition } from './protocol.ts'

/**
 * What can be published: any JSON value, bytes (a `Buffer`; other subscribers than Protobuf ones need them to be JSON),
 * or JSON text that is passed on as it stands (`RawJson`).
 */
export type Payload = unknown

export type HubPublishOptions = {
  /** Within the window, a publish with a key that was used in this channel sends nothing and returns the first answer. */
  idempotencyKey?: string
  /** Sent to who is there, without an offset, and not kept. */
  skipHistory?: boolean
  tags?: Record<string, string>
  /** Of the state that is published, rising: what is not newer than the latest in the channel is not sent. */
  version?: number
  /** Versions of different epochs are not compared. */
  versionEpoch?: string
  /** As a difference to those who negotiated it. Default: the namespace's `deltaPublish`. */
  delta?: boolean
}

/** Both absent in a channel without history. */
export type PublishResult = { offset?: number; epoch?: string }

export type PresentClient = { user: string; client: string; conn_info?: unknown; chan_info?: unknown }

/** Without a limit only the position is returned; a negative limit stands for all. */
export type HistoryOptions = { limit?: number; since?: StreamPosition; reverse?: boolean }
export type HistoryPublication = { data: unknown; offset?: number; info?: PresentClient; tags?: Record<string, string> }

export type HistoryResult = StreamPosition & { publications: HistoryPublication[] }
/** The same with payloads as they were published. */
export type KeptHistory = StreamPosition & { publications: Publication[] }
export type BroadcastResponse = { result: PublishResult } | { error: { code: number; message: string } }

/** One of a user's connections instead of all. */
export type Which = { client?: string; session?: string }

export type SubscribeOptions = Which & {
  /** Unix seconds; afterwards the connection ends with 3006. 0 or absent: never. */
  expireAt?: number
  /** Shown to others as `chan_info`. */
  info?: unknown
  /** For the client, with the push that tells of the subscription. */
  data?: unknown
  /** What was published after this position is sent along, if nothing of it is gone. */
  recoverSince?: StreamPosition
  /** Instead of what the namespace says. */
  override?: {
    presence?: boolean
    joinLeave?: boolean
    forcePushJoinLeave?: boolean
    forceRecovery?: boolean
    forcePositioning?: boolean
  }
}

/** What clients are told; default: 2000, which is final. */
export type UnsubscribeOptions = Which & { code?: number; reason?: string }

/** What clients are told; default: 3503, which tells SDKs to stay away. */
export type DisconnectOptions = Which & {
  code?: number
  reason?: string
  /** Ids of clients that stay. */
  whitelist?: string[]
}

export type RefreshOptions = Which & {
  /** Ends the connection with 3005. */
  expired?: boolean
  /** The new end of the connection in unix seconds; 0 or absent: never. */
  expireAt?: number
  /** Shown to others as `conn_info` from now on. Absent: unchanged. */
  info?: unknown
}
