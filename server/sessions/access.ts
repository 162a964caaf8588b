import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Database } from '../database/database.ts'
import { AppError, permissionDenied } from '../errors.ts'
import { readSessionCookie } from './cookie.ts'
import { findSession, type SessionUser } from './session.ts'

/** Who may call a route. Every route says it, or the server does not start. */
export type RouteAccess = 'public' | 'user' | 'owner'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: RouteAccess
    /** The answer to a caller without a session: 403, but 401 at the token endpoints (the seed's client tells them apart). */
    withoutSession?: 401 | 403
  }
  interface FastifyRequest {
    sessionUser: SessionUser | null
  }
}

/** Finds the session of each request and enforces the route's `access`, before its body is read. */
export function addAccessCheck(app: FastifyInstance, db: Database): void {
  app.decorateRequest('sessionUser', null)
  app.addHook('onRoute', (route) => {
    if (!route.config?.access) throw new Error(`${String(route.method)} ${route.url} does not say who may call it`)
  })
  app.addHook('onRequest', async (request) => {
    const { access, withoutSession = 403 } = request.routeOptions.config
    if (!access || access === 'public') return
    const secret = readSessionCookie(request)
    request.sessionUser = (secret && (await findSession(db, secret))) || null
    if (!request.sessionUser) throw new AppError(withoutSession, 'sign_in_required', 'sign in first')
    if (access === 'owner' && request.sessionUser.role !== 'owner') throw permissionDenied()
  })
}

/** The signed-in user of a route whose access is not `public`. */
export function signedIn(request: FastifyRequest): SessionUser {
  if (!request.sessionUser) throw new Error('this route is public')
  return request.sessionUser
}
