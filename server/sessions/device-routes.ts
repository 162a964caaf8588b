import { z } from 'zod'
import { Empty, IdInPath } from '@grandchat/contracts/primitives'
import { PasswordChange, Sessions } from '@grandchat/contracts/sessions/schema'
import type { Server, Services } from '../app.ts'
import { signedIn } from './access.ts'
import { changePassword } from './change-password.ts'
import { endOtherSessions, endSession, listSessions } from './devices.ts'

/** Where one is signed in, and how to end that. */
export function deviceRoutes(app: Server, services: Services): void {
  const { db, revocations } = services

  app.route({
    method: 'GET',
    url: '/api/sessions/',
    config: { access: 'user' },
    schema: { tags: ['session'], summary: 'Where one is signed in', response: { 200: Sessions } },
    handler: async (request) => ({ results: await listSessions(db, signedIn(request)) }),
  })

  app.route({
    method: 'DELETE',
    url: '/api/sessions/:id/',
    config: { access: 'user', limit: 'none' },
    schema: {
      tags: ['session'],
      summary: 'Sign out one device',
      params: z.object({ id: IdInPath }),
      response: { 200: Empty },
    },
    handler: async (request) => {
      await endSession(db, revocations, signedIn(request), request.params.id)
      return {}
    },
  })

  app.route({
    method: 'DELETE',
    url: '/api/sessions/',
    // Whoever took over a session must not be able to keep its owner from ending it.
    config: { access: 'user', limit: 'none' },
    schema: { tags: ['session'], summary: 'Sign out all other devices', response: { 200: Empty } },
    handler: async (request) => {
      await endOtherSessions(db, revocations, signedIn(request))
      return {}
    },
  })

  app.route({
    method: 'POST',
    url: '/api/me/password/',
    config: { access: 'user' },
    schema: {
      tags: ['session'],
      summary: 'Change the own password, and sign out everywhere else',
      body: PasswordChange,
      response: { 200: Empty },
    },
    handler: async (request) => {
      await changePassword(services, signedIn(request), request.body, request.ip)
      return {}
    },
  })
}
