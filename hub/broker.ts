import type { Content, Publication, StreamPosition } from './protocol.ts'

export type HistoryFilter = {
  /** At most that many; 0: none, only the position; undefined: all. */
  limit?: number
  /** Exclusive: only what comes after it, or before it when read in reverse. */
  since?: StreamPosition
  reverse?: boolean
}

export type History = { publications: Publication[]; position: StreamPosition }

export type PublishOptions = {
  historySize: number
  historyTtlSeconds: number
  idempotencyKey?: string
  /** Of the state that is published: what is not newer than the latest of the same epoch is not sent. */
  version?: number
  versionEpoch?: string
  /** How long the stream is remembered without publications and readers. */
  historyMetaTtlSeconds?: number
}

export type Published = {
  /** Undefined when the idempotency key was known or the version is old: nothing is to be sent. */
  publication: Publication | undefined
  suppressedBy?: 'idempotency' | 'version'
  /** What was published before, if it is still kept. */
  previous?: Publication | undefined
  /** Undefined in a channel without history. */
  position: StreamPosition | undefined
}

/**
 * Keeps the streams of channels and gives every publication its offset. Its methods are synchronous on purpose: a
 * subscription reads its history, is registered and answered in one step of the event loop, so that no publication can
 * fall between. What spans processes is Centrifugo's business.
 */
export type Broker = {
  publish(channel: string, content: Content, options: PublishOptions): Published
  /** Makes an empty stream with a new epoch when there is none. */
  history(channel: string, filter: HistoryFilter, historyMetaTtlSeconds?: number): History
  /** Drops the publications; offset and epoch stay. */
  removeHistory(channel: string): void
}
