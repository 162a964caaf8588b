import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { limits } from '@grandchat/contracts/limits'
import { HistoryPage, HistoryQuery, Message, MessageAdded, NewMessage } from '@grandchat/contracts/messages/schema'
import { IdInPath, pageOf } from '@grandchat/contracts/primitives'
import type { Server, Services } from '../app.ts'
import { AppError, notFound } from '../errors.ts'
import { ownOrigin, pageRange, presentPage } from '../http/paging.ts'
import { accessRoom } from '../rooms/access.ts'
import { presentRoom } from '../rooms/present.ts'
import { signedIn } from '../sessions/access.ts'
import { presentUser } from '../users/present.ts'
import { listHistory, readHistory } from './history.ts'

const InRoom = z.object({ id: IdInPath })

export function messageRoutes(app: Server, { db, config, sender }: Services): void {
  app.route({
    method: 'GET',
    url: '/api/rooms/:id/messages/',
    config: { access: 'user' },
    schema: {
      tags: ['messages'],
      summary: "A room's history, newest first: by page, or before and after a message id",
      params: InRoom,
      querystring: HistoryQuery,
      response: { 200: z.union([HistoryPage, pageOf(Message)]) },
    },
    handler: async (request) => {
      const { id: userId } = signedIn(request)
      const { page = 1, before, after, limit } = request.query
      if (before !== undefined || after !== undefined || limit !== undefined) {
        return readHistory(db, userId, request.params.id, { before, after, limit: limit ?? limits.page })
      }
      const { count, messages } = await listHistory(db, userId, request.params.id, pageRange(page))
      return presentPage(request, ownOrigin(request, config.PUBLIC_URL), page, count, messages)
    },
  })

  app.route({
    method: 'POST',
    url: '/api/rooms/:id/messages/',
    config: { access: 'user', limit: 'sends' },
    schema: {
      tags: ['messages'],
      summary: 'Send a message. A repeat of a client_message_id answers 200 with the message as it is now',
      params: InRoom,
      body: NewMessage,
      response: { 200: MessageAdded, 201: MessageAdded },
    },
    handler: async (request, reply) => {
      const author = presentUser(signedIn(request))
      const { content, client_message_id: clientMessageId = null } = request.body
      const outcome = await sender.send(request.params.id, { author, content, clientMessageId })
      if (outcome.status === 'no_member') throw notFound()
      if (outcome.status === 'key_reused') throw keyReused()
      if (outcome.status === 'new') return reply.status(201).send(outcome.message)
      const room = presentRoom(await accessRoom(db, author.id, request.params.id))
      return markReplayed(reply).send({ ...outcome.message, room })
    },
  })
}

const keyReused = () =>
  new AppError(422, 'idempotency_key_reused', 'this client_message_id was used for another text in this room')

function markReplayed<T extends FastifyReply>(reply: T): T {
  reply.status(200).header('idempotent-replayed', 'true')
  return reply
}
