import { Login, Logout, Me, SignedIn } from '@grandchat/contracts/sessions/schema'
import { Empty } from '@grandchat/contracts/primitives'
import type { Server, Services } from '../app.ts'
import { AppError } from '../errors.ts'
import { presentUser } from '../users/present.ts'
import { signedIn } from './access.ts'
import { clearSessionCookie } from './cookie.ts'
import { invalidCredentials, presentSignedIn, signIn } from './sign-in.ts'
import { signOut } from './sign-out.ts'
import { startSession } from './start.ts'

export function sessionRoutes(app: Server, services: Services): void {
  const { db, csrf, revocations, signInThrottle } = services

  app.route({
    method: 'GET',
    url: '/api/csrf/',
    config: { access: 'public' },
    schema: { tags: ['session'], summary: 'A CSRF token, in the header X-CSRFToken', response: { 200: Empty } },
    handler: async (_request, reply) => {
      reply.header('x-csrftoken', csrf.make())
      return {}
    },
  })

  app.route({
    method: 'POST',
    url: '/api/login/',
    config: { access: 'public' },
    schema: { tags: ['session'], summary: 'Sign in', body: Login, response: { 200: SignedIn } },
    handler: async (request, reply) => {
      const { username, password } = request.body
      if (!username || !password) throw new AppError(400, 'invalid_input', 'provide username and password')
      if (username.length > 1_000 || password.length > 1_000) {
        throw invalidCredentials()
      }
      const user = await signIn(db, signInThrottle, { username, password }, request.ip)
      await startSession(services, request, reply, user)
      return presentSignedIn(user)
    },
  })

  app.route({
    method: 'POST',
    url: '/api/logout/',
    // Whoever took over a session must not be able to keep its owner from ending it.
    config: { access: 'user', limit: 'none' },
    schema: { tags: ['session'], summary: 'Sign out', body: Logout, response: { 200: Empty } },
    handler: async (request, reply) => {
      await signOut(db, revocations, signedIn(request))
      clearSessionCookie(request, reply)
      return {}
    },
  })

  app.route({
    method: 'GET',
    url: '/api/me/',
    config: { access: 'user' },
    schema: { tags: ['session'], summary: 'Who is signed in', response: { 200: Me } },
    handler: (request) => {
      const user = signedIn(request)
      return { ...presentSignedIn(user), ...presentUser(user), role: user.role }
    },
  })
}
