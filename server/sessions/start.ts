import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Database } from '../database/database.ts'
import { readSessionCookie, setSessionCookie } from './cookie.ts'
import { createSession, deleteSessionBySecret } from './session.ts'

/** A new session at every sign-in: the one that this browser had before is worth nothing after. */
export async function startSession(
  db: Database,
  request: FastifyRequest,
  reply: FastifyReply,
  userId: number,
): Promise<void> {
  const previous = readSessionCookie(request)
  const secret = await createSession(db, userId, request.headers['user-agent'] ?? null)
  if (previous) await deleteSessionBySecret(db, previous)
  setSessionCookie(request, reply, secret)
}
