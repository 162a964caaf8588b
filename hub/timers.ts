/** Time that never jumps, in seconds. */
export const now = () => performance.now() / 1000

export type Timer = { cancel(): void }

type Entry = { run: () => void; tick: number }

/**
 * Deadlines of many connections on one shared tick: a timer costs an entry in a set, not a timer of the runtime. A
 * deadline is met up to one tick late and never early. The tick does not keep the process alive and stops when idle.
 */
export class TimerWheel {
  readonly #tickMilliseconds: number
  readonly #slots = new Map<number, Set<Entry>>()
  readonly #onError: (error: unknown) => void
  #interval: NodeJS.Timeout | undefined
  #tick = 0

  constructor(tickMilliseconds: number, onError: (error: unknown) => void) {
    this.#tickMilliseconds = tickMilliseconds
    this.#onError = onError
  }

  after(seconds: number, run: () => void): Timer {
    if (this.#slots.size === 0) this.#tick = this.#now()
    const tick =
      Math.max(this.#tick, this.#now()) + Math.max(1, Math.ceil((seconds * 1000) / this.#tickMilliseconds)) + 1
    const entry: Entry = { run, tick }
    let slot = this.#slots.get(tick)
    if (!slot) this.#slots.set(tick, (slot = new Set()))
    slot.add(entry)
    // After what has arrived was read: a process that stood still must not find everybody late. [PNG4]
    this.#interval ??= setInterval(() => setImmediate(() => this.#advance()), this.#tickMilliseconds).unref()
    return { cancel: () => this.#remove(entry) }
  }

  stop(): void {
    this.#slots.clear()
    this.#rest()
  }

  #now(): number {
    return Math.floor(performance.now() / this.#tickMilliseconds)
  }

  #advance(): void {
    const now = this.#now()
    // A process that was suspended for hours has many ticks to pass: then the few slots are walked instead.
    if (now - this.#tick > this.#slots.size)
      for (const tick of [...this.#slots.keys()].sort((a, b) => a - b)) this.#fire(tick, now)
    else for (let tick = this.#tick; tick <= now; tick++) this.#fire(tick, now)
    this.#tick = now
    if (this.#slots.size === 0) this.#rest()
  }

  #fire(tick: number, now: number): void {
    const slot = this.#slots.get(tick)
    if (!slot || tick > now) return
    // Stays where it is meanwhile: one timer may cancel another of the same tick.
    for (const entry of slot) {
      try {
        entry.run()
      } catch (error) {
        this.#onError(error)
      }
    }
    this.#slots.delete(tick)
  }

  #remove(entry: Entry): void {
    const slot = this.#slots.get(entry.tick)
    if (slot?.delete(entry) && slot.size === 0) this.#slots.delete(entry.tick)
  }

  #rest(): void {
    clearInterval(this.#interval)
    this.#interval = undefined
  }
}
