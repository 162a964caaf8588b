import { z } from 'zod'
import { IdInPath } from '@grandchat/contracts/primitives'
import { Reactions } from '@grandchat/contracts/reactions/schema'
import { RowsChanged } from '@grandchat/contracts/realtime/rows-changed'
import type { Server, Services } from '../app.ts'
import { signedIn } from '../sessions/access.ts'
import { listReactions } from './list.ts'

const OnMessage = z.object({ id: IdInPath, message_id: IdInPath })
const OneReaction = OnMessage.extend({ emoji: z.string() })

export function reactionRoutes(app: Server, { db, reactor }: Services): void {
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
      return listReactions(db, signedIn(request).id, id, message_id)
    },
  })

  const url = '/api/rooms/:id/messages/:message_id/reactions/:emoji/'

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
    handler: (request) => {
      const { id, message_id: messageId, emoji } = request.params
      return reactor.set(id, { userId: signedIn(request).id, messageId, emoji, isOn: true })
    },
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
    handler: (request) => {
      const { id, message_id: messageId, emoji } = request.params
      return reactor.set(id, { userId: signedIn(request).id, messageId, emoji, isOn: false })
    },
  })
}
