import { sql } from 'kysely'
import type { SessionRow } from '@grandchat/contracts/sessions/schema'
import type { Database } from '../database/database.ts'
import { notFound } from '../errors.ts'
import type { Revocations } from '../realtime/revocations.ts'
import { maxIdleDays, type SessionUser } from './session.ts'

/** Where somebody is signed in: this device, then the one last seen. */
export async function listSessions(db: Database, user: SessionUser): Promise<SessionRow[]> {
  const rows = await db
    .selectFrom('sessions')
    .select(['id', 'device', 'created_at', 'last_seen_at'])
    .where('user_id', '=', user.id)
    .where('last_seen_at', '>', sql<string>`clock_timestamp() - make_interval(days => ${maxIdleDays})`)
    .orderBy((eb) => eb('id', '=', user.sessionId), 'desc')
    .orderBy('last_seen_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map((row) => ({ ...row, is_current: row.id === user.sessionId }))
}

/**
 * Ends one of the caller's own sessions; another's is the same as none. Sockets know users and no sessions: all of the
 * user's are cut, and those of other devices come back with fresh tokens.
 */
export async function endSession(
  db: Database,
  revocations: Revocations,
  user: SessionUser,
  sessionId: number,
): Promise<void> {
  await revocations.within(db, async (tx, revoke) => {
    const ended = await tx
      .deleteFrom('sessions')
      .where('id', '=', sessionId)
      .where('user_id', '=', user.id)
      .returning('id')
      .executeTakeFirst()
    if (!ended) throw notFound()
    await revoke({ userId: user.id, channel: null })
  })
}

/** Ends all of the caller's sessions but this one. */
export async function endOtherSessions(db: Database, revocations: Revocations, user: SessionUser): Promise<void> {
  await revocations.within(db, async (tx, revoke) => {
    const ended = await tx
      .deleteFrom('sessions')
      .where('user_id', '=', user.id)
      .where('id', '!=', user.sessionId)
      .returning('id')
      .execute()
    if (ended.length > 0) await revoke({ userId: user.id, channel: null })
  })
}
