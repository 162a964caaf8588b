import { sql } from 'kysely'
import { channels } from '@grandchat/contracts/realtime/channels'
import type { OpenTransaction } from '../../database/database.ts'

/** For so long a row may hold up those behind it while the other partitions move. */
export const poisonMs = 60_000
/** Looks that lie further apart than this prove less than they seem to. */
const longestStepMs = 15_000

/** The first row of a partition, and for how long it has stayed while others went. */
type Head = { id: number; stuckMs: number }
/** By partition; null where nothing waits. */
type FirstRows = Map<number, number | null>

/**
 * Finds rows that Centrifugo's consumer cannot get rid of: it tries the first one of a partition for ever, and all rooms
 * of the partition wait. While nothing goes anywhere that is an outage and nobody's fault; where a partition is empty, a
 * probe tells the two apart. With a single partition they cannot be told apart: then the bounds of trim.ts hold.
 */
export class PoisonWatch {
  readonly #now: () => number
  readonly #poisonMs: number
  #heads = new Map<number, Head>()
  #lookedAt = 0

  constructor({ now = () => performance.now(), afterMs = poisonMs } = {}) {
    this.#now = now
    this.#poisonMs = afterMs
  }

  /** What went since the last look was taken away by others than the consumer, and shows nothing. */
  forget(): void {
    this.#heads.clear()
  }

  /** One look; returns the partitions in which the consumer has something new to do. */
  async look(tx: OpenTransaction, partitions: number): Promise<number[]> {
    const seen = await readHeads(tx, partitions)
    const before = this.#heads
    this.#heads = this.#compare(seen)
    const poisoned = [...this.#heads].filter(([, { stuckMs }]) => stuckMs >= this.#poisonMs)
    for (const [partition, { id, stuckMs }] of poisoned) {
      await quarantine(tx, id, stuckMs)
      this.#heads.delete(partition)
    }
    const isAnyStuck = [...this.#heads].some(([partition, { id }]) => before.get(partition)?.id === id)
    const probed = isAnyStuck ? await this.#probe(tx, seen) : []
    return [...poisoned.map(([partition]) => partition), ...probed]
  }

  /** A row that stayed has been stuck for the time since the last look, if anything else went meanwhile. */
  #compare(seen: FirstRows): Map<number, Head> {
    const stepMs = Math.min(longestStepMs, this.#now() - this.#lookedAt)
    this.#lookedAt = this.#now()
    const hasAnyMoved = [...this.#heads].some(([partition, { id }]) => seen.get(partition) !== id)
    const heads = new Map<number, Head>()
    for (const [partition, id] of seen) {
      if (id === null) continue
      const before = this.#heads.get(partition)
      const stuckMs = before?.id === id ? before.stuckMs + (hasAnyMoved ? stepMs : 0) : 0
      heads.set(partition, { id, stuckMs })
    }
    return heads
  }

  async #probe(tx: OpenTransaction, seen: FirstRows): Promise<number[]> {
    const empty = [...seen].find(([, id]) => id === null)?.[0]
    if (empty === undefined) return []
    this.#heads.set(empty, { id: await insertProbe(tx, empty), stuckMs: 0 })
    return [empty]
  }
}

async function readHeads(tx: OpenTransaction, partitions: number): Promise<FirstRows> {
  const { rows } = await sql<{ partition: number; id: number | null }>`
    select p as partition, (select id from chat_outbox where partition = p order by id limit 1) as id
    from generate_series(0, ${partitions - 1}) as p`.execute(tx)
  return new Map(rows.map(({ partition, id }) => [partition, id]))
}

/** To a channel that nobody has: whether it goes shows whether anybody reads. */
async function insertProbe(tx: OpenTransaction, partition: number): Promise<number> {
  const payload = JSON.stringify({ channel: channels.personal(0), data: {} })
  const { rows } = await sql<{ id: number }>`
    insert into chat_outbox (method, payload, partition) values ('publish', ${payload}, ${partition})
    returning id`.execute(tx)
  return rows[0]!.id
}

/** A row that the consumer holds at this moment is not stuck. */
async function quarantine(tx: OpenTransaction, id: number, stuckMs: number): Promise<void> {
  const reason = `held its partition up for ${Math.round(stuckMs / 1000)} s while others moved`
  await sql`
    with stuck as (select id from chat_outbox where id = ${id} for update skip locked),
    gone as (delete from chat_outbox where id in (select id from stuck) returning *)
    insert into chat_outbox_quarantine (id, method, payload, partition, created_at, reason)
    select id, method, payload, partition, created_at, ${reason} from gone`.execute(tx)
}
