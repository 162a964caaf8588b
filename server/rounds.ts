export type RoundsOptions = {
  /** One look at what is due, and the work on it. Answers in how many milliseconds to look again; 0 is at once. */
  look: () => Promise<number>
  /** After a look that failed. */
  pauseMs: number
  onError: (error: unknown) => void
}

/** Work that waits in the database: looked for when woken and now and then, one look at a time. */
export class Rounds {
  readonly #options: RoundsOptions
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  #isWoken = false
  #isStopped = false

  constructor(options: RoundsOptions) {
    this.#options = options
  }

  /** Looks now: something may have become due. While a look is under way, once more after it. */
  wake(): void {
    if (this.#isStopped) return
    this.#isWoken = true
    this.#running ??= this.#run()
  }

  /** Resolves when what was begun is done. */
  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    await this.#running
  }

  async #run(): Promise<void> {
    let pauseMs = this.#options.pauseMs
    try {
      do {
        this.#isWoken = false
        pauseMs = await this.#options.look()
      } while ((this.#isWoken || pauseMs === 0) && !this.#isStopped)
    } catch (error) {
      pauseMs = this.#options.pauseMs
      this.#options.onError(error)
    } finally {
      // In the same step as the last look at whether it was woken: what comes after it starts anew.
      this.#running = undefined
      this.#sleep(pauseMs)
    }
  }

  #sleep(milliseconds: number): void {
    clearTimeout(this.#timer)
    if (this.#isStopped) return
    this.#timer = setTimeout(() => this.wake(), milliseconds)
    this.#timer.unref()
  }
}
