import type { Socket } from 'node:net'

/** `up` is from the client to the server. */
export type Direction = 'up' | 'down'

type Piece = { bytes: Buffer; due: number }
type Conditions = { latencyMs: number; bytesPerSecond: number; isHeld: boolean }

/** Bytes on their way in one direction of one connection; beyond, the sender waits. */
const maxHeld = 256 * 1024
/** How soon a flow that is held notices that it is not any more. */
const lookMs = 10

/** One direction of one connection. */
export class Flow {
  /** Called before bytes pass; false keeps them from passing. */
  onPass: (bytes: Buffer) => boolean = () => true
  #from: Socket
  #to: Socket
  #conditions: () => Conditions
  #pieces: Piece[] = []
  #held = 0
  #hasEnded = false
  #timer: NodeJS.Timeout | undefined
  #freeAt = 0

  constructor(from: Socket, to: Socket, conditions: () => Conditions) {
    this.#from = from
    this.#to = to
    this.#conditions = conditions
    from.on('data', (bytes) => this.#take(bytes))
    from.on('end', () => {
      this.#hasEnded = true
      this.#move()
    })
    to.on('drain', () => this.#move())
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#pieces = []
  }

  #take(bytes: Buffer): void {
    this.#pieces.push({ bytes, due: performance.now() + this.#conditions().latencyMs })
    this.#held += bytes.length
    if (this.#held > maxHeld) this.#from.pause()
    this.#move()
  }

  #move(): void {
    clearTimeout(this.#timer)
    for (let wait = this.#waitMs(); this.#pieces.length > 0; wait = this.#waitMs()) {
      if (this.#to.destroyed || this.#to.writableNeedDrain) return
      if (wait > 0) return void (this.#timer = setTimeout(() => this.#move(), wait))
      if (!this.#pass(this.#pieces.shift()!.bytes)) return
    }
    if (this.#hasEnded && !this.#to.destroyed) this.#to.end()
  }

  #waitMs(): number {
    const due = Math.max(this.#pieces[0]?.due ?? 0, this.#freeAt) - performance.now()
    return this.#conditions().isHeld ? Math.max(due, lookMs) : due
  }

  #pass(bytes: Buffer): boolean {
    const { bytesPerSecond } = this.#conditions()
    this.#held -= bytes.length
    if (bytesPerSecond > 0) {
      this.#freeAt = Math.max(performance.now(), this.#freeAt) + (bytes.length / bytesPerSecond) * 1_000
    }
    if (!this.onPass(bytes)) return false
    this.#to.write(bytes)
    if (this.#held <= maxHeld && this.#from.isPaused()) this.#from.resume()
    return true
  }
}
