import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { steadyNow } from '../realtime/clock.ts'
import { hashSecret, maxIdleDays, type SessionUser } from './session.ts'

type Row = Omit<SessionUser, 'seenAt'> & { hash: string; isStale: boolean }
type Question = {
  secret: string
  resolve: (user: SessionUser | undefined) => void
  reject: (error: unknown) => void
}

/**
 * Finds the user behind a cookie's secret. Looked up for every request, after it arrived, so that what was revoked is
 * refused at once; requests of one turn of the event loop share a statement.
 */
export class SessionFinder {
  #db: Database
  #waiting: Question[] = []

  constructor(db: Database) {
    this.#db = db
  }

  find(secret: string): Promise<SessionUser | undefined> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => void this.#answerAll(this.#waiting.splice(0)))
      this.#waiting.push({ secret, resolve, reject })
    })
  }

  async #answerAll(questions: Question[]): Promise<void> {
    try {
      const seenAt = steadyNow()
      const hashes = questions.map(({ secret }) => hashSecret(secret))
      const rows = new Map((await this.#read(hashes)).map((row) => [row.hash, row]))
      for (const [i, { resolve }] of questions.entries()) {
        const row = rows.get(hashes[i]!.toString('hex'))
        resolve(row && present(row, seenAt))
      }
    } catch (error) {
      for (const { reject } of questions) reject(error)
    }
  }

  async #read(hashes: Buffer[]): Promise<Row[]> {
    const { rows } = await sql<Row>`
      select u.id, u.username, u.display_name, u.avatar, u.role, s.id as "sessionId", encode(s.secret_hash, 'hex') as hash,
        s.last_seen_at < clock_timestamp() - interval '1 hour' as "isStale"
      from sessions s join users u on u.id = s.user_id
      where s.secret_hash = any (${hashes}::bytea[]) and u.disabled_at is null
        and s.last_seen_at > clock_timestamp() - make_interval(days => ${maxIdleDays})`.execute(this.#db)
    const stale = rows.filter(({ isStale }) => isStale).map(({ sessionId }) => sessionId)
    if (stale.length > 0) {
      await sql`update sessions set last_seen_at = clock_timestamp() where id = any (${stale}::bigint[])`.execute(
        this.#db,
      )
    }
    return rows
  }
}

function present({ id, username, display_name, avatar, role, sessionId }: Row, seenAt: number): SessionUser {
  return { id, username, display_name, avatar, role, sessionId, seenAt }
}
