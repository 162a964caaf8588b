import { z } from 'zod'
import { IdInPath } from '@grandchat/contracts/primitives'
import { Reactions } from '@grandchat/contracts/reactions/schema'
import { RowsChanged } from '@grandchat/contracts/realtime/rows-changed'
import type { Server, Services } from '../app.ts'
import { signedIn } from '../sessions/access.ts'
import { listReactions } from './list.ts'
import { react, unreact } from './react.ts'

const OnMessage = z.object({ id: IdInPath, message_id: IdInPath })
const OneReaction = OnMessage.extend({ emoji: z.string() })

export function reactionRoutes(app: Server, services: Services): void {
  app.route({
    method: 'GET',
    url: '/api/rooms/:id/messages/:message_id/reactions/',
    config: { access: 'user' },
    schema: {
      tags: ['reactions'],
      summary: 'Who reacted to a message with what',
      params: OnMessage,
      response: { 200: Reactions },
    },
    handler: (request) => {
      const { id, message_id } = request.params
      return listReactions(services.db, signedIn(request).id, id, message_id)
    },
  })

  const url = '/api/rooms/:id/messages/:message_id/reactions/:emoji/'
  const reactionOf = (request: Parameters<typeof signedIn>[0], params: z.output<typeof OneReaction>) => ({
    userId: signedIn(request).id,
    roomId: params.id,
    messageId: params.message_id,
    emoji: params.emoji,
  })

  app.route({
    method: 'PUT',
    url,
    config: { access: 'user' },
    schema: {
      tags: ['reactions'],
      summary: 'React to a message with one emoji',
      params: OneReaction,
      response: { 200: RowsChanged },
    },
    handler: (request) => react(services, reactionOf(request, request.params)),
  })

  app.route({
    method: 'DELETE',
    url,
    config: { access: 'user' },
    schema: {
      tags: ['reactions'],
      summary: 'Take an own reaction back',
      params: OneReaction,
      response: { 200: RowsChanged },
    },
    handler: (request) => unreact(services, reactionOf(request, request.params)),
  })
}
