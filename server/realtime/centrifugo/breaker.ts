/** Failures in a row after which nobody waits for the other side any more. */
const failuresToOpen = 5
const shortestRestMs = 500
const longestRestMs = 10_000

/** Nothing was asked: the other side has failed so often that it is left alone for a moment. */
export class CircuitOpen extends Error {}

/**
 * A circuit breaker: after some failures in a row calls fail at once, and one at a time is let through to see whether the
 * other side is back, at growing intervals.
 */
export class Breaker {
  readonly #now: () => number
  #failures = 0
  #closedFrom = 0
  #isTrying = false

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  get isOpen(): boolean {
    return this.#failures >= failuresToOpen
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    const isTrial = this.isOpen
    if (isTrial && (this.#isTrying || this.#now() < this.#closedFrom)) throw new CircuitOpen('left alone for a moment')
    this.#isTrying = isTrial
    try {
      const result = await work()
      this.#failures = 0
      return result
    } catch (error) {
      this.#failures++
      const rest = shortestRestMs * 2 ** Math.max(0, this.#failures - failuresToOpen)
      this.#closedFrom = this.#now() + Math.min(longestRestMs, rest)
      throw error
    } finally {
      if (isTrial) this.#isTrying = false
    }
  }
}
