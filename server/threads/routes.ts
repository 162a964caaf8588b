import { z } from 'zod'
import { IdInPath } from '@grandchat/contracts/primitives'
import { OwnRow } from '@grandchat/contracts/own-rows/schema'
import { FollowedThreads } from '@grandchat/contracts/messages/schema'
import { ChangedFollowing, FollowedThreadsQuery } from '@grandchat/contracts/threads/schema'
import type { Server, Services } from '../app.ts'
import { signedIn } from '../sessions/access.ts'
import { changeFollowing } from './follow.ts'
import { listFollowed } from './list.ts'

export function threadRoutes(app: Server, services: Services): void {
  app.route({
    method: 'GET',
    url: '/api/threads/',
    config: { access: 'user' },
    schema: {
      tags: ['threads'],
      summary: 'The threads that the caller follows, the one written in last first',
      querystring: FollowedThreadsQuery,
      response: { 200: FollowedThreads },
    },
    handler: (request) => {
      const { before, limit = 20 } = request.query
      return listFollowed(services.db, signedIn(request).id, { before, limit })
    },
  })

  app.route({
    method: 'PATCH',
    url: '/api/rooms/:id/threads/:message_id/own/',
    config: { access: 'user' },
    schema: {
      tags: ['threads'],
      summary: 'Follow a thread or cease to, and say where one is in it',
      params: z.object({ id: IdInPath, message_id: IdInPath }),
      body: ChangedFollowing,
      response: { 200: OwnRow },
    },
    handler: (request) => {
      const { id, message_id } = request.params
      return changeFollowing(services, signedIn(request).id, id, message_id, request.body)
    },
  })
}
