import { sql } from 'kysely'
import type { Database, OpenTransaction } from '../database/database.ts'
import { isOutcomeUnknown } from '../database/failures.ts'
import { steadyNow } from './clock.ts'
import type { Revoke } from './real-time.ts'

/** A right that is taken away: one channel, or (null) everything that older tokens of the user open. */
export type Revocation = { userId: number; channel: string | null }

/** Longer than any token lives (tokens.ts). */
const keptMinutes = 90

/**
 * Takes rights away on the real-time layer. The row is written in the transaction that removes the right and carried
 * out after commit; at start all that may still matter are carried out again, so a crash in between loses none.
 */
export class Revocations {
  #revoke: Revoke
  #onError: (error: unknown) => void

  constructor(revoke: Revoke, onError: (error: unknown) => void) {
    this.#revoke = revoke
    this.#onError = onError
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
    const carryOutAll = () => {
      for (const revocation of revocations) this.#carryOut(revocation)
    }
    try {
      const result = await change()
      carryOutAll()
      return result
    } catch (error) {
      if (isOutcomeUnknown(error)) carryOutAll()
      throw error
    }
  }

  async write(tx: OpenTransaction, { userId, channel }: Revocation): Promise<void> {
    await sql`
      insert into revocations (user_id, channel, expires_at)
      values (${userId}, ${channel}, clock_timestamp() + make_interval(mins => ${keptMinutes}))`.execute(tx)
  }

  /** At start: carries out what may still matter. */
  async replay(db: Database): Promise<void> {
    await this.forgetExpired(db)
    const rows = await db.selectFrom('revocations').select(['user_id', 'channel']).distinct().execute()
    for (const { user_id, channel } of rows) this.#carryOut({ userId: user_id, channel })
  }

  /** Rows that no living token is older than. */
  async forgetExpired(db: Database): Promise<void> {
    await sql`delete from revocations where expires_at < clock_timestamp()`.execute(db)
  }

  /** After commit, so that whatever looked the right up before that is older. */
  #carryOut({ userId, channel }: Revocation): void {
    this.#revoke(String(userId), channel, steadyNow()).catch(this.#onError)
  }
}
