import { setImmediate } from 'node:timers/promises'

/** About a millisecond of work: long requests give way to sockets and timers that often. */
const stepsPerTurn = 250

/** Counts the steps of one request. */
export class Turns {
  #steps = 0

  /** To be awaited, if there is something to wait for, before the next step. */
  step(): Promise<void> | undefined {
    return ++this.#steps % stepsPerTurn === 0 ? setImmediate() : undefined
  }
}
