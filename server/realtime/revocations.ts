import { sql } from 'kysely'
import type { Hub } from '@grandchat/hub'
import type { Database, OpenTransaction } from '../database/database.ts'

/** A right that is taken away: one channel, or (null) everything that older tokens of the user open. */
export type Revocation = { userId: number; channel: string | null }

/** Longer than any token lives (tokens.ts). */
const keptMinutes = 90
/** "State invalidated": the SDK drops its tokens and positions and asks for new ones. */
const stateInvalidated = { code: 3014, reason: 'state invalidated' }

type Row = { user_id: number; channel: string | null }

/**
 * Takes rights away on the real-time layer. The row is written in the transaction that removes the right and carried
 * out after commit; at start all that may still matter are carried out again, so a crash in between loses none.
 */
export class Revocations {
  #hub: Hub

  constructor(hub: Hub) {
    this.#hub = hub
  }

  /** Runs `work` in a transaction; what it revokes is carried out once that is committed. */
  async within(
    db: Database,
    work: (tx: OpenTransaction, revoke: (revocation: Revocation) => Promise<void>) => Promise<void>,
  ): Promise<void> {
    const rows: Row[] = []
    await db.transaction().execute((tx) =>
      work(tx, async (revocation) => {
        rows.push(await this.write(tx, revocation))
      }),
    )
    for (const row of rows) this.carryOut(row)
  }

  async write(tx: OpenTransaction, { userId, channel }: Revocation): Promise<Row> {
    const { rows } = await sql<Row>`
      insert into revocations (user_id, channel, expires_at)
      values (${userId}, ${channel}, clock_timestamp() + make_interval(mins => ${keptMinutes}))
      returning user_id, channel`.execute(tx)
    return rows[0]!
  }

  /** After commit, so that whatever looked the right up before that is older. By the clock that stamps tokens. */
  carryOut({ user_id, channel }: Row): void {
    const user = String(user_id)
    this.#hub.revokeTokens({ user, issuedBefore: Date.now() / 1000, ...(channel !== null && { channel }) })
    if (channel === null) this.#hub.disconnect(user, stateInvalidated)
    else this.#hub.unsubscribe(user, channel)
  }

  /** At start: forgets what cannot matter any more, carries out the rest. */
  async replay(db: Database): Promise<void> {
    await sql`delete from revocations where expires_at < clock_timestamp()`.execute(db)
    const { rows } = await sql<Row>`
      select distinct user_id, channel from revocations`.execute(db)
    for (const row of rows) this.carryOut(row)
  }
}
