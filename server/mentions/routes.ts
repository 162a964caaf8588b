import { MentionsPage, MentionsQuery } from '@grandchat/contracts/mentions/list'
import type { Server, Services } from '../app.ts'
import { signedIn } from '../sessions/access.ts'
import { listMentions } from './list.ts'

export function mentionRoutes(app: Server, services: Services): void {
  app.route({
    method: 'GET',
    url: '/api/mentions/',
    config: { access: 'user' },
    schema: {
      tags: ['mentions'],
      summary: 'The messages that mention the caller in rooms of theirs, the newest first',
      querystring: MentionsQuery,
      response: { 200: MentionsPage },
    },
    handler: (request) => {
      const { before = Number.MAX_SAFE_INTEGER, limit = 30 } = request.query
      return listMentions(services.db, signedIn(request).id, { before, limit })
    },
  })
}
