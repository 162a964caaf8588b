import { createHash, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Database } from '../database/database.ts'

export type SessionUser = {
  id: number
  username: string
  display_name: string | null
  avatar: string | null
  role: 'owner' | 'member'
  sessionId: number
  /** Unix seconds before the look-up: what is granted on its strength is not younger than this. */
  seenAt: number
}

/** Sessions of one user; the oldest go first. */
const maxSessionsPerUser = 50
/** A session that nobody used for so long is no more. */
export const maxIdleDays = 60

/** 256 random bits. Only their SHA-256 is stored: they need no salt, nobody guesses them. */
export async function createSession(db: Database, userId: number, device: string | null): Promise<string> {
  const secret = randomBytes(32).toString('base64url')
  await db
    .insertInto('sessions')
    .values({ secret_hash: hashSecret(secret), user_id: userId, device: device?.slice(0, 300) ?? null })
    .execute()
  return secret
}

/** Ends the sessions that a user has too many of. Says whether there were any. */
export async function evictSessions(db: Database, userId: number): Promise<boolean> {
  const { rows } = await sql`
    delete from sessions where user_id = ${userId} and id not in (
      select id from sessions where user_id = ${userId} order by last_seen_at desc, id desc limit ${maxSessionsPerUser}
    ) returning id`.execute(db)
  return rows.length > 0
}

export async function deleteSession(db: Database, sessionId: number): Promise<void> {
  await db.deleteFrom('sessions').where('id', '=', sessionId).execute()
}

/** Ends the session of a cookie; answers whose it was. */
export async function deleteSessionBySecret(db: Database, secret: string): Promise<number | undefined> {
  const deleted = await db
    .deleteFrom('sessions')
    .where('secret_hash', '=', hashSecret(secret))
    .returning('user_id')
    .executeTakeFirst()
  return deleted?.user_id
}

export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
