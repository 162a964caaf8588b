import { SubscriptionQuery, Token, TokenRequest, Tokens } from '@grandchat/contracts/realtime/schema'
import type { Server, Services } from '../app.ts'
import { permissionDenied } from '../errors.ts'
import { signedIn } from '../sessions/access.ts'
import { readableChannels } from './tokens.ts'

export function realtimeRoutes(app: Server, { db, tokens }: Services): void {
  app.route({
    method: 'POST',
    url: '/api/token/',
    config: { access: 'user', withoutSession: 401 },
    schema: { tags: ['real-time'], summary: "All of a client's tokens", body: TokenRequest, response: { 200: Tokens } },
    handler: (request) => tokens.all(db, signedIn(request), request.body.channels),
  })

  app.route({
    method: 'GET',
    url: '/api/token/connection/',
    config: { access: 'user', withoutSession: 401 },
    schema: { tags: ['real-time'], summary: 'A token to connect with', response: { 200: Token } },
    handler: async (request) => ({ token: await tokens.connection(signedIn(request)) }),
  })

  app.route({
    method: 'GET',
    url: '/api/token/subscription/',
    config: { access: 'user', withoutSession: 401 },
    schema: {
      tags: ['real-time'],
      summary: 'A token to subscribe with',
      querystring: SubscriptionQuery,
      response: { 200: Token },
    },
    handler: async (request) => {
      const user = signedIn(request)
      const { channel } = request.query
      const [readable] = await readableChannels(db, user.id, [channel])
      if (readable === undefined) throw permissionDenied()
      return { token: await tokens.subscription(user, readable) }
    },
  })
}
