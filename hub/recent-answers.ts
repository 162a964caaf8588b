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
  #young = new Map<string, Answer>()
  #old = new Map<string, Answer>()
  #turnsAt = 0

  constructor(windowSeconds: number, maxEntries: number) {
    this.#windowSeconds = windowSeconds
    this.#entriesPerGeneration = Math.max(1, Math.floor(maxEntries / 2))
  }

  get(channel: string, key: string): Answer | undefined {
    const name = nameOf(channel, key)
    const answer = this.#young.get(name) ?? this.#old.get(name)
    return answer && answer.until > now() ? answer : undefined
  }

  set(channel: string, key: string, position: StreamPosition | undefined): void {
    if (this.#young.size >= this.#entriesPerGeneration || now() >= this.#turnsAt) {
      this.#old = this.#young
      this.#young = new Map()
      this.#turnsAt = now() + this.#windowSeconds
    }
    this.#young.set(nameOf(channel, key), { position, until: now() + this.#windowSeconds })
  }
}

const nameOf = (channel: string, key: string) => `${channel.length}:${channel}${key}`
