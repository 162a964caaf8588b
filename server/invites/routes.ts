import { z } from 'zod'
import { SignedIn } from '@grandchat/contracts/sessions/schema'
import { AcceptInvite, Invite, InviteState } from '@grandchat/contracts/users/schema'
import type { Server, Services } from '../app.ts'
import { ownOrigin } from '../http/paging.ts'
import { signedIn } from '../sessions/access.ts'
import { hashPassword } from '../sessions/password.ts'
import { startSession } from '../sessions/start.ts'
import { presentSignedIn } from '../sessions/sign-in.ts'
import { acceptInvite, createInvite, getInvite } from './invites.ts'

const Code = z.object({ code: z.string().regex(/^[A-Za-z0-9_-]{10,100}$/) })

export function inviteRoutes(app: Server, services: Services): void {
  const { db, config, signInThrottle } = services

  app.route({
    method: 'POST',
    url: '/api/invites/',
    config: { access: 'owner' },
    schema: { tags: ['users'], summary: 'Make an invite link for one person', response: { 201: Invite } },
    handler: async (request, reply) => {
      const { code, expires_at } = await createInvite(db, signedIn(request).id)
      return reply.status(201).send({ url: `${ownOrigin(request, config.PUBLIC_URL)}/invite/${code}`, expires_at })
    },
  })

  app.route({
    method: 'GET',
    url: '/api/invites/:code/',
    config: { access: 'public' },
    schema: { tags: ['users'], summary: 'Who invites', params: Code, response: { 200: InviteState } },
    handler: (request) => getInvite(db, request.params.code),
  })

  app.route({
    method: 'POST',
    url: '/api/invites/:code/',
    config: { access: 'public' },
    schema: {
      tags: ['users'],
      summary: 'Accept an invite: choose a name and a password',
      params: Code,
      body: AcceptInvite,
      response: { 201: SignedIn },
    },
    handler: async (request, reply) => {
      const { username, password, email } = request.body
      const giveBack = await signInThrottle.take('invite', request.params.code, request.ip)
      // Before the costly hash: a dead link costs nothing.
      await getInvite(db, request.params.code)
      const passwordHash = await hashPassword(password)
      const user = await acceptInvite(db, request.params.code, { username, passwordHash, email })
      await giveBack()
      await startSession(services, request, reply, user)
      return reply.status(201).send(presentSignedIn(user))
    },
  })
}
