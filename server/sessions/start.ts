import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Database, OpenTransaction } from '../database/database.ts'
import type { Revocations } from '../realtime/revocations.ts'
import { readSessionCookie, setSessionCookie } from './cookie.ts'
import { invalidCredentials } from './sign-in.ts'
import { createSession, deleteSessionBySecret, evictSessions } from './session.ts'

type Opened = { id: number; passwordHash?: string | null }

/**
 * A new session at every sign-in: the one that this browser had before is worth nothing after, nor are its sockets. There
 * is none for a password that was good when it was looked at and is not any more.
 */
export async function startSession(
  { db, revocations }: { db: Database; revocations: Revocations },
  request: FastifyRequest,
  reply: FastifyReply,
  { id: userId, passwordHash }: Opened,
): Promise<void> {
  const previous = readSessionCookie(request)
  const secret = await revocations.within(db, async (tx, revoke) => {
    if (passwordHash !== undefined) await assertStillOpens(tx, userId, passwordHash)
    const secret = await createSession(tx, userId, request.headers['user-agent'] ?? null)
    const ended = new Set<number>()
    const previousUser = previous === undefined ? undefined : await deleteSessionBySecret(tx, previous)
    if (previousUser !== undefined) ended.add(previousUser)
    if (await evictSessions(tx, userId)) ended.add(userId)
    for (const id of ended) await revoke({ userId: id, channel: null })
    return secret
  })
  setSessionCookie(request, reply, secret)
}

/** Waits for who is changing the password, and keeps it from being changed until the session is there to be ended. */
async function assertStillOpens(tx: OpenTransaction, userId: number, passwordHash: string | null): Promise<void> {
  const account = await tx
    .selectFrom('users')
    .select('id')
    .where('id', '=', userId)
    .where('password_hash', '=', passwordHash)
    .where('disabled_at', 'is', null)
    .forShare()
    .executeTakeFirst()
  if (!account) throw invalidCredentials()
}
