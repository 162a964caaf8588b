import type { StreamPosition } from './protocol.ts'
import { now } from './timers.ts'

type Answer = { position: StreamPosition | undefined; until: number }

/**
 * What publishes with an idempotency key were answered, for a while. Answers age in two generations, so that none is
 * ever searched for its age: the older one is dropped whole, once its window is over or the younger one is full.
 */
export class RecentAnswers {
  readonly #windowSeconds: number
  readonly #entriesPerGeneration: number
  #young = new Map<string, Map<string, Answer>>()
  #old = new Map<string, Map<string, Answer>>()
  #size = 0
  #turnsAt = 0

  constructor(windowSeconds: number, maxEntries: number) {
    this.#windowSeconds = windowSeconds
    this.#entriesPerGeneration = Math.max(1, Math.floor(maxEntries / 2))
  }

  get(channel: string, key: string): Answer | undefined {
    const answer = this.#young.get(key)?.get(channel) ?? this.#old.get(key)?.get(channel)
    return answer && answer.until > now() ? answer : undefined
  }

  set(channel: string, key: string, position: StreamPosition | undefined): void {
    const time = now()
    if (this.#size >= this.#entriesPerGeneration || time >= this.#turnsAt) {
      this.#old = this.#young
      this.#young = new Map()
      this.#size = 0
      this.#turnsAt = time + this.#windowSeconds
    }
    let answers = this.#young.get(key)
    if (!answers) this.#young.set(key, (answers = new Map()))
    answers.set(channel, { position, until: time + this.#windowSeconds })
    this.#size++
  }
}
