import type { Timer, TimerWheel } from './timers.ts'

/** A socket, or a response of HTTP. */
type Stream = { readonly writableLength: number; readonly writableNeedDrain: boolean }

/**
 * A piece that was handed to the system is seen to be taken only when all of it is. A slow network gets time for it:
 * otherwise a large recovery would be cut, and asked for again, for ever.
 */
const pieceBytes = 64 * 1024

/** Finds out that the other side takes nothing of what is written any more. [LIM9] */
export class WriteTimeout {
  readonly #stream: Stream
  readonly #timers: Pick<TimerWheel, 'after'>
  readonly #seconds: number
  readonly #onTimeout: () => void
  #timer: Timer | undefined
  #bytes = 0

  constructor(stream: Stream, timers: Pick<TimerWheel, 'after'>, seconds: number, onTimeout: () => void) {
    this.#stream = stream
    this.#timers = timers
    this.#seconds = seconds
    this.#onTimeout = onTimeout
  }

  /** To be called after each write. */
  wrote(bytes: number): void {
    this.#bytes += bytes
    if (this.#timer || this.#seconds === 0 || !this.#stream.writableNeedDrain) return
    this.#watch()
  }

  stop(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }

  #watch(): void {
    const taken = this.#taken
    const pieces = Math.max(1, Math.ceil(this.#stream.writableLength / pieceBytes))
    this.#timer = this.#timers.after(this.#seconds * pieces, () => {
      this.#timer = undefined
      if (!this.#stream.writableNeedDrain) return
      if (this.#taken > taken) this.#watch()
      else this.#onTimeout()
    })
  }

  get #taken(): number {
    return this.#bytes - this.#stream.writableLength
  }
}
