import { overloaded } from '../errors.ts'

/** A step in a room's lane: it runs, or it is refused. */
type Step = { run: () => Promise<void>; refuse: (error: Error) => void; deadline: number }

type Lane = { waiting: Step[]; isRunning: boolean; timer: NodeJS.Timeout | undefined }

export type LaneLimits = {
  /** Steps that may wait in one lane. */
  maxWaiting: number
  /** Milliseconds that a step may wait. */
  maxWaitMs: number
  /** Lanes that may hold a connection at the same time; the rest of the pool is for reads. */
  maxRunning: number
}

export const defaultLaneLimits: LaneLimits = { maxWaiting: 2_000, maxWaitMs: 2_000, maxRunning: 10 }

/**
 * One lane per room: at most one transaction of this process is in flight in a room, in the order of arrival. So a hot
 * or locked room holds one connection, and commits are acknowledged in version order.
 */
export class Lanes {
  #lanes = new Map<number, Lane>()
  #limits: LaneLimits
  #running = 0
  #ready: (() => void)[] = []
  #onRefused: () => void

  constructor(limits: Partial<LaneLimits> = {}, onRefused: () => void = () => undefined) {
    this.#limits = { ...defaultLaneLimits, ...limits }
    this.#onRefused = onRefused
  }

  /** Runs `work` alone in the room's lane. Refuses (503) when too much waits or it waited too long. */
  run<T>(roomId: number, work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#add(roomId, {
        run: () => work().then(resolve, reject),
        refuse: (error) => {
          this.#onRefused()
          reject(error)
        },
        deadline: performance.now() + this.#limits.maxWaitMs,
      })
    })
  }

  #add(roomId: number, step: Step): void {
    const lane = this.#lanes.get(roomId) ?? { waiting: [], isRunning: false, timer: undefined }
    this.#lanes.set(roomId, lane)
    if (lane.waiting.length >= this.#limits.maxWaiting) return step.refuse(overloaded())
    lane.waiting.push(step)
    lane.timer ??= this.#expireLater(lane)
    if (!lane.isRunning) void this.#drain(roomId, lane)
  }

  async #drain(roomId: number, lane: Lane): Promise<void> {
    lane.isRunning = true
    while (lane.waiting.length > 0) {
      await this.#takePlace()
      try {
        await lane.waiting.shift()?.run()
      } finally {
        this.#givePlace()
      }
    }
    lane.isRunning = false
    clearTimeout(lane.timer)
    this.#lanes.delete(roomId)
  }

  #expireLater(lane: Lane): NodeJS.Timeout {
    const first = lane.waiting[0]?.deadline ?? 0
    return setTimeout(
      () => {
        const now = performance.now()
        while (lane.waiting[0] && lane.waiting[0].deadline <= now) lane.waiting.shift()!.refuse(overloaded())
        lane.timer = lane.waiting.length > 0 ? this.#expireLater(lane) : undefined
      },
      Math.max(1, first - performance.now()),
    )
  }

  async #takePlace(): Promise<void> {
    if (this.#running < this.#limits.maxRunning) {
      this.#running++
      return
    }
    await new Promise<void>((resolve) => this.#ready.push(resolve))
  }

  #givePlace(): void {
    const next = this.#ready.shift()
    if (next) next()
    else this.#running--
  }
}
