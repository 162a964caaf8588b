import { sql } from 'kysely'
import type { Database, OpenTransaction } from '../database/database.ts'
import { isOutcomeUnknown } from '../database/failures.ts'
import { steadyNow } from './clock.ts'
import type { Revoke } from './real-time.ts'

/** A right that is taken away: one channel, or (null) everything that older tokens of the user open. */
export type Revocation = { userId: number; channel: string | null }

/** Brings committed revocations to the real-time layer, or sees to it that somebody does. */
export type CarryOut = (revocations: readonly Revocation[]) => void

/** Longer than any token lives (tokens.ts). */
const keptMinutes = 90

/**
 * Takes rights away on the real-time layer. The row is written in the transaction that removes the right and carried
 * out after commit. A crash in between loses none: the hub is told again all that may still matter when its process
 * starts, and where sockets are Centrifugo's the rows are jobs (revocation-jobs.ts).
 */
export class Revocations {
  readonly #carryOut: CarryOut

  constructor(carryOut: CarryOut) {
    this.#carryOut = carryOut
  }

  /** Runs `work` in a transaction; what it revokes is carried out once that is committed. */
  within<T>(
    db: Database,
    work: (tx: OpenTransaction, revoke: (revocation: Revocation) => Promise<void>) => Promise<T>,
  ): Promise<T> {
    const revocations: Revocation[] = []
    return this.after(revocations, () =>
      db.transaction().execute((tx) =>
        work(tx, async (revocation) => {
          await this.write(tx, revocation)
          revocations.push(revocation)
        }),
      ),
    )
  }

  /**
   * Carries these out after `change` was committed; also when nobody knows whether it was: a socket that is cut for
   * nothing merely comes back.
   */
  async after<T>(revocations: readonly Revocation[], change: () => Promise<T>): Promise<T> {
    try {
      const result = await change()
      this.#carryOut(revocations)
      return result
    } catch (error) {
      if (isOutcomeUnknown(error)) this.#carryOut(revocations)
      throw error
    }
  }

  async write(tx: OpenTransaction, { userId, channel }: Revocation): Promise<void> {
    await sql`
      insert into revocations (user_id, channel, expires_at)
      values (${userId}, ${channel}, clock_timestamp() + make_interval(mins => ${keptMinutes}))`.execute(tx)
  }

  /** Tells a hub that has just been started what may still matter. */
  async replay(db: Database): Promise<void> {
    await this.forgetExpired(db)
    const rows = await db.selectFrom('revocations').select(['user_id', 'channel']).distinct().execute()
    this.#carryOut(rows.map(({ user_id, channel }) => ({ userId: user_id, channel })))
  }

  /** Rows that no living token is older than. */
  async forgetExpired(db: Database): Promise<void> {
    await sql`delete from revocations where expires_at < clock_timestamp()`.execute(db)
  }
}

/** The hub of this process is there, and refuses tokens that are older: what it was told needs no second time. */
export function carryOutAtOnce(revoke: Revoke, onError: (error: unknown) => void): CarryOut {
  return (revocations) => {
    // After commit, so that whatever looked the right up before that is older.
    for (const { userId, channel } of revocations) revoke(String(userId), channel, steadyNow()).catch(onError)
  }
}
