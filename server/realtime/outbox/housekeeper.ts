import { sql } from 'kysely'
import type { Database } from '../../database/database.ts'
import { measure, type Measures } from './measure.ts'
import type { PartitionNotifier } from './notifier.ts'
import { PoisonWatch } from './poison.ts'
import { moveStrays } from './strays.ts'
import { dropOldest, type OutboxBounds, trimCdc, trimQuarantine } from './trim.ts'

const everyMs = 5_000
/** Any number that nobody else locks. */
const advisoryLock = 7_261_845_903

export type HousekeeperOptions = {
  db: Database
  partitions: number
  notifier: PartitionNotifier
  onError: (error: unknown) => void
  /** After each round. */
  onMeasured?: (measures: Measures) => void
  onDropped?: (rows: number) => void
  bounds?: OutboxBounds
  poison?: PoisonWatch
}

/**
 * Keeps the outbox and CDC tables small and moving, in short rounds, of which one backend at a time does one. Senders
 * never wait for it: they only insert.
 */
export class Housekeeper {
  readonly #options: HousekeeperOptions
  readonly #poison: PoisonWatch
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  #isStopped = false

  constructor(options: HousekeeperOptions) {
    this.#options = options
    this.#poison = options.poison ?? new PoisonWatch()
  }

  start(): void {
    this.#running = this.round()
      .catch(this.#options.onError)
      .finally(() => {
        if (this.#isStopped) return
        this.#timer = setTimeout(() => this.start(), everyMs * (0.9 + Math.random() / 5))
        this.#timer.unref()
      })
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    await this.#running
  }

  async round(): Promise<void> {
    const { db, onMeasured } = this.#options
    await this.#tidy()
    onMeasured?.(await measure(db))
  }

  async #tidy(): Promise<void> {
    const { db, partitions, bounds, notifier, onDropped } = this.#options
    const readable = await db.transaction().execute(async (tx) => {
      const lock = await sql<{ mine: boolean }>`select pg_try_advisory_xact_lock(${advisoryLock}) as mine`.execute(tx)
      if (!lock.rows[0]?.mine) return []
      const moved = await moveStrays(tx, partitions)
      if (moved.length > 0) this.#poison.forget()
      const freed = await this.#poison.look(tx, partitions)
      const dropped = await dropOldest(tx, bounds)
      if (dropped > 0) {
        this.#poison.forget()
        onDropped?.(dropped)
      }
      await trimCdc(tx)
      await trimQuarantine(tx)
      return [...moved, ...freed]
    })
    notifier.touch(readable)
  }
}
