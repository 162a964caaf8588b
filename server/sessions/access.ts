import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Database } from '../database/database.ts'
import { AppError, permissionDenied } from '../errors.ts'
import { readSessionCookie } from './cookie.ts'
import { SessionFinder } from './find.ts'
import type { SessionUser } from './session.ts'

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

/**
 * Enforces the route's `access`. Without a cookie before the body is read; the session is looked up after that, so that a
 * body which was held back until the session had ended is refused.
 */
export function addAccessCheck(app: FastifyInstance, db: Database): void {
  const sessions = new SessionFinder(db)
  app.decorateRequest('sessionUser', null)
  app.addHook('onRoute', (route) => {
    if (!route.config?.access) throw new Error(`${String(route.method)} ${route.url} does not say who may call it`)
  })
  app.addHook('onRequest', async (request) => {
    if (needsSession(request) && !readSessionCookie(request)) throw signInRequired(request)
  })
  app.addHook('preValidation', async (request) => {
    if (!needsSession(request)) return
    const secret = readSessionCookie(request)
    const user = secret ? await sessions.find(secret) : undefined
    if (!user || !isMeant(request, user)) throw signInRequired(request)
    request.sessionUser = user
    if (request.routeOptions.config.access === 'owner' && user.role !== 'owner') throw permissionDenied()
  })
}

function needsSession(request: FastifyRequest): boolean {
  const { access } = request.routeOptions.config
  return access === 'user' || access === 'owner'
}

/**
 * The cookie belongs to the browser, the page to a person: when another tab signed in as somebody else, this page must
 * not act in their name. So it may say for whom it means to ask.
 */
function isMeant(request: FastifyRequest, user: SessionUser): boolean {
  const meant = request.headers['x-user-id']
  return meant === undefined || meant === String(user.id)
}

function signInRequired(request: FastifyRequest): AppError {
  return new AppError(request.routeOptions.config.withoutSession ?? 403, 'sign_in_required', 'sign in first')
}

/** The signed-in user of a route whose access is not `public`. */
export function signedIn(request: FastifyRequest): SessionUser {
  if (!request.sessionUser) throw new Error('this route is public')
  return request.sessionUser
}
