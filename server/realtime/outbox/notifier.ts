import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Database } from '../../database/database.ts'

/** What Centrifugo's consumer listens to; the payload is the number of a partition. */
export const notificationChannel = 'centrifugo_partition_change'

/** Commits within this time after a NOTIFY are told of by one: it takes a lock of the whole cluster. */
const pauseMs = 20

/**
 * Wakes Centrifugo's consumer after a commit, never inside a transaction: a trigger that does it halves the rate of
 * sends. It may fail, and nobody hears of it: the consumer also looks by itself.
 */
export class PartitionNotifier {
  readonly #db: Database
  readonly #touched = new Set<number>()
  #round: Promise<void> | undefined

  constructor(db: Database) {
    this.#db = db
  }

  touch(partitions: Iterable<number>): void {
    for (const partition of partitions) this.#touched.add(partition)
    if (this.#touched.size > 0) this.#round ??= this.#tellAll()
  }

  /** Resolves when everything touched so far has been told. */
  async drained(): Promise<void> {
    while (this.#round) await this.#round
  }

  /** The first at once, for somebody waits for it; what is touched within the pause after it is told together. */
  async #tellAll(): Promise<void> {
    await nextTurn()
    while (this.#touched.size > 0) {
      const partitions = [...this.#touched]
      this.#touched.clear()
      await sql`select pg_notify(${notificationChannel}, p::text) from unnest(${partitions}::integer[]) as p`
        .execute(this.#db)
        .catch(() => undefined)
      await sleep(pauseMs)
    }
    // In the same step as the last look at what was touched: what comes after it starts anew.
    this.#round = undefined
  }
}
