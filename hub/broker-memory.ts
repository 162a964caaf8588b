import { randomInt } from 'node:crypto'
import type { Broker, History, HistoryFilter, Published, PublishOptions } from './broker.ts'
import type { Content, Publication } from './protocol.ts'
import { RecentAnswers } from './recent-answers.ts'
import { now, type TimerWheel } from './timers.ts'

/** The last of `kept` has the offset `top`, those before it the ones below, without gaps. */
type Stream = {
  epoch: string
  top: number
  kept: Content[]
  keptUntil: number
  livesUntil: number
  /** Of the latest publication that had one. */
  version: { number: number; epoch: string } | undefined
}

type Settings = {
  historyMetaTtlSeconds: number
  idempotencyWindowSeconds: number
  idempotencyMaxEntries: number
  /** Streams that were only looked at: clients choose their names. The oldest of more are forgotten. [LIM11] */
  maxUnpublishedStreams?: number
}

/** Streams past their time are treated so at once; their memory is freed by a sweep this often. */
const sweepSeconds = 10
/** Streams that may be forgotten for each new one. */
const stepsPerStream = 8

export class MemoryBroker implements Broker {
  readonly #streams = new Map<string, Stream>()
  readonly #unpublished = new Set<string>()
  readonly #answers: RecentAnswers
  readonly #timers: TimerWheel
  readonly #metaTtlSeconds: number
  readonly #maxUnpublished: number
  readonly #isInUse: (channel: string) => boolean

  /** A stream whose channel is in use does not end: whoever uses it has its epoch. */
  constructor(timers: TimerWheel, settings: Settings, isInUse: (channel: string) => boolean = () => false) {
    this.#timers = timers
    this.#metaTtlSeconds = settings.historyMetaTtlSeconds
    this.#maxUnpublished = settings.maxUnpublishedStreams ?? 100_000
    this.#isInUse = isInUse
    this.#answers = new RecentAnswers(settings.idempotencyWindowSeconds, settings.idempotencyMaxEntries)
  }

  publish(channel: string, content: Content, options: PublishOptions): Published {
    const { idempotencyKey } = options
    if (!idempotencyKey) return this.#append(channel, content, options)
    const answer = this.#answers.get(channel, idempotencyKey)
    if (answer) return { publication: undefined, suppressedBy: 'idempotency', position: answer.position }
    const published = this.#append(channel, content, options)
    this.#answers.set(channel, idempotencyKey, published.position)
    return published
  }

  history(channel: string, filter: HistoryFilter, metaTtlSeconds = this.#metaTtlSeconds): History {
    const stream = this.#stream(channel, now(), metaTtlSeconds)
    return { publications: select(stream, filter), position: { offset: stream.top, epoch: stream.epoch } }
  }

  removeHistory(channel: string): void {
    const stream = this.#streams.get(channel)
    if (stream) stream.kept = []
  }

  #append(channel: string, content: Content, options: PublishOptions): Published {
    const { historySize, historyTtlSeconds, historyMetaTtlSeconds } = options
    if (historySize === 0) return { publication: { content, offset: 0 }, position: undefined }
    const time = now()
    const stream = this.#stream(channel, time, historyMetaTtlSeconds)
    if (isOutdated(stream, options)) {
      return {
        publication: undefined,
        suppressedBy: 'version',
        position: { offset: stream.top, epoch: stream.epoch },
      }
    }
    const last = stream.kept.at(-1)
    const previous = last && { content: last, offset: stream.top }
    stream.kept.push(content)
    if (stream.kept.length > historySize) stream.kept.shift()
    stream.keptUntil = time + historyTtlSeconds
    if (stream.top === 0) this.#unpublished.delete(channel)
    const offset = ++stream.top
    return { publication: { content, offset }, previous, position: { offset, epoch: stream.epoch } }
  }

  #stream(channel: string, time: number, metaTtlSeconds = this.#metaTtlSeconds): Stream {
    let stream = this.#streams.get(channel)
    if (!stream || (time >= stream.livesUntil && !this.#isInUse(channel))) {
      if (this.#streams.size === 0) this.#timers.after(sweepSeconds, () => this.#sweep())
      stream = { epoch: newEpoch(), top: 0, kept: [], keptUntil: 0, livesUntil: 0, version: undefined }
      this.#streams.set(channel, stream)
      this.#unpublished.add(channel)
      this.#forgetUnpublished()
    }
    if (time >= stream.keptUntil) stream.kept = []
    stream.livesUntil = time + metaTtlSeconds
    return stream
  }

  /** Looks at a few only, because those that are in use stay. */
  #forgetUnpublished(): void {
    let steps = 0
    for (const channel of this.#unpublished) {
      if (this.#unpublished.size <= this.#maxUnpublished || ++steps > stepsPerStream) return
      this.#unpublished.delete(channel)
      if (this.#isInUse(channel)) this.#unpublished.add(channel)
      else this.#streams.delete(channel)
    }
  }

  #sweep(): void {
    const time = now()
    for (const [channel, stream] of this.#streams) {
      if (time >= stream.keptUntil) stream.kept = []
      if (time < stream.livesUntil || this.#isInUse(channel)) continue
      this.#streams.delete(channel)
      this.#unpublished.delete(channel)
    }
    if (this.#streams.size > 0) this.#timers.after(sweepSeconds, () => this.#sweep())
  }
}

/** [PUB10] Remembers the version if it is newer. Another version epoch starts anew. */
function isOutdated(stream: Stream, { version = 0, versionEpoch = '' }: PublishOptions): boolean {
  if (version === 0) return false
  const latest = stream.version
  if (latest && version <= latest.number && (versionEpoch === '' || versionEpoch === latest.epoch)) return true
  stream.version = { number: version, epoch: versionEpoch }
  return false
}

const newEpoch = () => Array.from({ length: 8 }, () => String.fromCharCode(97 + randomInt(26))).join('')

function select({ kept, top }: Stream, { limit = kept.length, since, reverse }: HistoryFilter): Publication[] {
  const first = top - kept.length + 1
  const range = (start: number, end: number) =>
    kept.slice(start, end).map((content, index) => ({ content, offset: first + start + index }))
  if (!reverse) {
    const start = since ? Math.max(0, since.offset + 1 - first) : 0
    return range(start, start + limit)
  }
  // Read backwards from a position whose neighbour is gone, there would be a hole: nothing is better.
  const end = since ? since.offset - first : kept.length
  return end <= 0 || end > kept.length ? [] : range(Math.max(0, end - limit), end).reverse()
}
