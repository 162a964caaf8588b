import { PresenceAnswer, PresenceQuery } from '@grandchat/contracts/presence/schema'
import type { Server, Services } from '../app.ts'
import { signedIn } from '../sessions/access.ts'
import { listOnline } from './list-online.ts'
import { OnlineUsers } from './online.ts'

export function presenceRoutes(app: Server, { db, realTime }: Services): void {
  const online = new OnlineUsers((userIds) => realTime.online(userIds))

  app.route({
    method: 'GET',
    url: '/api/presence/',
    config: { access: 'user' },
    schema: {
      tags: ['presence'],
      summary: 'Who of these people is online, of those one shares a room with',
      querystring: PresenceQuery,
      response: { 200: PresenceAnswer },
    },
    handler: (request) => listOnline(db, online, signedIn(request).id, request.query.users),
  })
}
