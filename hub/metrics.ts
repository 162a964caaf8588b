import { methods } from './protocol.ts'

/** What is counted of each transport, by what the message was. The names are Centrifugo's. */
export const frameTypes = [
  'server_ping',
  'client_pong',
  'push_publication',
  'push_join',
  'push_leave',
  'push_subscribe',
  'push_unsubscribe',
  'push_disconnect',
  ...methods,
  'unknown',
] as const
export type FrameType = (typeof frameTypes)[number]

export const transportNames = ['websocket', 'http_stream', 'sse'] as const
export type TransportName = (typeof transportNames)[number]

/** Messages, and their bytes without framing and compression. */
export type Traffic = { messages: number; bytes: number }

/** Of one transport. A connection keeps the object, so that counting is an addition and no search. */
export class TransportMetrics {
  /** Connections that were begun, accepted or not. */
  connects = 0
  /** Clients whose connect succeeded, and those of them that are still there. */
  accepted = 0
  connected = 0
  readonly sent = traffic()
  readonly received = traffic()

  /** A reply counts as the command that it answers. */
  countSent(type: FrameType, bytes: number): void {
    const counter = this.sent[type]
    counter.messages++
    counter.bytes += bytes
  }

  countReceived(type: FrameType, bytes: number): void {
    const counter = this.received[type]
    counter.messages++
    counter.bytes += bytes
  }
}

function traffic(): Record<FrameType, Traffic> {
  return Object.fromEntries(frameTypes.map((type) => [type, { messages: 0, bytes: 0 }])) as Record<FrameType, Traffic>
}

/** A rare count by labels. Their values must come from a small set: every one is kept for ever. */
export class LabelledCounter {
  readonly #counts = new Map<string, { labels: string[]; count: number }>()

  add(...labels: string[]): void {
    const key = labels.join('\n')
    const entry = this.#counts.get(key)
    if (entry) entry.count++
    else this.#counts.set(key, { labels, count: 1 })
  }

  entries(): Array<{ labels: string[]; count: number }> {
    return [...this.#counts.values()]
  }
}

/** Seconds, as Prometheus' clients have them unless told otherwise. */
export const defaultBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export class Histogram {
  readonly bounds: readonly number[]
  /** How many were in each bucket alone; the last one is for what is above all bounds. */
  readonly counts: number[]
  sum = 0

  constructor(bounds: readonly number[] = defaultBuckets) {
    this.bounds = bounds
    this.counts = Array.from({ length: bounds.length + 1 }, () => 0)
  }

  observe(value: number): void {
    let bucket = 0
    while (bucket < this.bounds.length && value > (this.bounds[bucket] ?? Infinity)) bucket++
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1
    this.sum += value
  }
}

/**
 * What a node counts. On the hot path these are plain numbers of plain objects; whatever has labels is rare. What is
 * not a count but a state (clients, channels) is asked for when it is shown.
 */
export class Metrics {
  /** What was handed to the broker, once however many subscribers it has. */
  readonly messagesSent = { publication: 0, join: 0, leave: 0, control: 0 }
  readonly transports: Readonly<Record<TransportName, TransportMetrics>> = {
    websocket: new TransportMetrics(),
    http_stream: new TransportMetrics(),
    sse: new TransportMetrics(),
  }
  /** Publications that subscribers did not want, by their tags. */
  tagsFilterDropped = 0
  /** Requests that were refused because the process has all the connections that it may have. */
  connectionLimitReached = 0

  readonly serverDisconnects = new LabelledCounter()
  readonly serverUnsubscribes = new LabelledCounter()
  readonly replyErrors = new LabelledCounter()
  readonly recoveries = new LabelledCounter()
  readonly suppressedPublishes = new LabelledCounter()
  readonly apiErrors = new LabelledCounter()
  readonly apiDurations = new Map<string, Histogram>()

  countServerDisconnect(code: number): void {
    this.serverDisconnects.add(String(code))
  }

  countServerUnsubscribe(code: number): void {
    this.serverUnsubscribes.add(String(code))
  }

  /** The method is one that is known, or `unknown`. */
  countReplyError(method: FrameType, code: number): void {
    this.replyErrors.add(method, String(code))
  }

  /** A subscribe that asked for recovery: did it get it, and was there anything that it had missed? */
  countRecovery(recovered: boolean, hasPublications: boolean): void {
    this.recoveries.add(yesOrNo(recovered), yesOrNo(hasPublications))
  }

  /** A publish that sent nothing, because its key was known or its version old. */
  countSuppressedPublish(reason: 'idempotency' | 'version'): void {
    this.suppressedPublishes.add(reason)
  }

  /** The code of the error, or a word for what went wrong before there was one. */
  countApiError(method: string, error: number | 'unmarshal'): void {
    this.apiErrors.add(method, String(error))
  }

  observeApiCommand(method: string, seconds: number): void {
    let durations = this.apiDurations.get(method)
    if (!durations) this.apiDurations.set(method, (durations = new Histogram()))
    durations.observe(seconds)
  }
}

const yesOrNo = (fact: boolean) => (fact ? 'yes' : 'no')
