import type { Database } from '../database/database.ts'
import type { Revocations } from '../realtime/revocations.ts'
import { deleteSession, type SessionUser } from './session.ts'

/** Ends this session. The user's sockets are cut; those of other sessions come back with fresh tokens. */
export async function signOut(db: Database, revocations: Revocations, user: SessionUser): Promise<void> {
  await revocations.within(db, async (tx, revoke) => {
    await deleteSession(tx, user.sessionId)
    await revoke({ userId: user.id, channel: null })
  })
}
