import { randomInt } from 'node:crypto'
import type { Broker, History, HistoryFilter, Published, PublishOptions } from './broker.ts'
import { type Json, Publication } from './protocol.ts'
import { RecentAnswers } from './recent-answers.ts'
import { now, type TimerWheel } from './timers.ts'

type Stream = { epoch: string; top: number; kept: Publication[]; keptUntil: number; livesUntil: number }

type Settings = { historyMetaTtlSeconds: number; idempotencyWindowSeconds: number; idempotencyMaxEntries: number }

/** Streams past their time are treated so at once; their memory is freed by a sweep this often. */
const sweepSeconds = 10

export class MemoryBroker implements Broker {
  readonly #streams = new Map<string, Stream>()
  readonly #answers: RecentAnswers
  readonly #timers: TimerWheel
  readonly #metaTtlSeconds: number

  constructor(timers: TimerWheel, settings: Settings) {
    this.#timers = timers
    this.#metaTtlSeconds = settings.historyMetaTtlSeconds
    this.#answers = new RecentAnswers(settings.idempotencyWindowSeconds, settings.idempotencyMaxEntries)
  }

  publish(channel: string, data: Json, options: PublishOptions): Published {
    const { idempotencyKey } = options
    if (idempotencyKey === undefined) return this.#append(channel, data, options)
    const answer = this.#answers.get(channel, idempotencyKey)
    if (answer) return { publication: undefined, position: answer.position }
    const published = this.#append(channel, data, options)
    this.#answers.set(channel, idempotencyKey, published.position)
    return published
  }

  history(channel: string, filter: HistoryFilter): History {
    const { kept, top, epoch } = this.#stream(channel)
    return { publications: select(kept, filter), position: { offset: top, epoch } }
  }

  removeHistory(channel: string): void {
    const stream = this.#streams.get(channel)
    if (stream) stream.kept = []
  }

  #append(channel: string, data: Json, { historySize, historyTtlSeconds, info, tags }: PublishOptions): Published {
    if (historySize === 0) return { publication: new Publication(data, 0, info, tags), position: undefined }
    const stream = this.#stream(channel)
    const publication = new Publication(data, ++stream.top, info, tags)
    stream.kept.push(publication)
    if (stream.kept.length > historySize) stream.kept.shift()
    stream.keptUntil = now() + historyTtlSeconds
    return { publication, position: { offset: stream.top, epoch: stream.epoch } }
  }

  #stream(channel: string): Stream {
    let stream = this.#streams.get(channel)
    if (!stream || now() >= stream.livesUntil) {
      if (this.#streams.size === 0) this.#timers.after(sweepSeconds, () => this.#sweep())
      stream = { epoch: newEpoch(), top: 0, kept: [], keptUntil: 0, livesUntil: 0 }
      this.#streams.set(channel, stream)
    }
    if (now() >= stream.keptUntil) stream.kept = []
    stream.livesUntil = now() + this.#metaTtlSeconds
    return stream
  }

  #sweep(): void {
    for (const [channel, stream] of this.#streams) {
      if (now() >= stream.livesUntil) this.#streams.delete(channel)
      else if (now() >= stream.keptUntil) stream.kept = []
    }
    if (this.#streams.size > 0) this.#timers.after(sweepSeconds, () => this.#sweep())
  }
}

const newEpoch = () => Array.from({ length: 8 }, () => String.fromCharCode(97 + randomInt(26))).join('')

/** `kept` ascends without gaps. */
function select(kept: Publication[], { limit = kept.length, since, reverse }: HistoryFilter): Publication[] {
  const first = kept[0]?.offset ?? 0
  if (!reverse) {
    const start = since ? Math.max(0, since.offset + 1 - first) : 0
    return kept.slice(start, start + limit)
  }
  // Read backwards from a position whose neighbour is gone, there would be a hole: nothing is better.
  const end = since ? since.offset - first : kept.length
  if (end <= 0 || end > kept.length) return []
  return kept.slice(Math.max(0, end - limit), end).reverse()
}
