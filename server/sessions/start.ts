import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Database } from '../database/database.ts'
import type { Revocations } from '../realtime/revocations.ts'
import { readSessionCookie, setSessionCookie } from './cookie.ts'
import { createSession, deleteSessionBySecret, evictSessions } from './session.ts'

/** A new session at every sign-in: the one that this browser had before is worth nothing after, nor are its sockets. */
export async function startSession(
  { db, revocations }: { db: Database; revocations: Revocations },
  request: FastifyRequest,
  reply: FastifyReply,
  userId: number,
): Promise<void> {
  const previous = readSessionCookie(request)
  const secret = await revocations.within(db, async (tx, revoke) => {
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
