import { z } from 'zod'
import {
  EditedMessage,
  HistoryPage,
  HistoryQuery,
  Message,
  MessageAdded,
  MessageEdits,
  NewMessage,
} from '@grandchat/contracts/messages/schema'
import { IdInPath, pageOf } from '@grandchat/contracts/primitives'
import { RowsChanged } from '@grandchat/contracts/realtime/rows-changed'
import type { Server, Services } from '../app.ts'
import { ownOrigin, pageRange, presentPage } from '../http/paging.ts'
import { signedIn } from '../sessions/access.ts'
import { presentUser } from '../users/present.ts'
import { deleteMessage } from './delete.ts'
import { editMessage, listEdits } from './edit.ts'
import { cursorOf, listHistory, readHistory } from './history.ts'
import { postMessage } from './post.ts'

const InRoom = z.object({ id: IdInPath })
const OneMessage = InRoom.extend({ message_id: IdInPath })

export function messageRoutes(app: Server, services: Services): void {
  const { db, config } = services

  app.route({
    method: 'GET',
    url: '/api/rooms/:id/messages/',
    config: { access: 'user' },
    schema: {
      tags: ['messages'],
      summary: "A room's history, newest first: by page, before, after or around a message id, or by ids",
      params: InRoom,
      querystring: HistoryQuery,
      response: { 200: z.union([HistoryPage, pageOf(Message)]) },
    },
    handler: async (request) => {
      const { id: userId } = signedIn(request)
      const cursor = cursorOf(request.query)
      if (cursor) return readHistory(db, userId, request.params.id, cursor)
      const { page = 1 } = request.query
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
      summary: 'Send or forward a message. A repeat of a client_message_id answers 200 with the message as it is now',
      params: InRoom,
      body: NewMessage,
      response: { 200: MessageAdded, 201: MessageAdded },
    },
    handler: async (request, reply) => {
      const author = presentUser(signedIn(request))
      const { message, isRepeat } = await postMessage(services, author, request.params.id, request.body)
      if (!isRepeat) return reply.status(201).send(message)
      return reply.status(200).header('idempotent-replayed', 'true').send(message)
    },
  })

  app.route({
    method: 'PATCH',
    url: '/api/rooms/:id/messages/:message_id/',
    config: { access: 'user' },
    schema: {
      tags: ['messages'],
      summary: 'Change what an own message says',
      params: OneMessage,
      body: EditedMessage,
      response: { 200: RowsChanged },
    },
    handler: (request) => {
      const { id, message_id } = request.params
      return editMessage(services, signedIn(request).id, id, message_id, request.body.content)
    },
  })

  app.route({
    method: 'DELETE',
    url: '/api/rooms/:id/messages/:message_id/',
    config: { access: 'user' },
    schema: {
      tags: ['messages'],
      summary: 'Delete a message: an own one, or any in a room that the caller runs',
      params: OneMessage,
      response: { 200: RowsChanged },
    },
    handler: (request) => {
      const { id, message_id } = request.params
      return deleteMessage(services, signedIn(request).id, id, message_id)
    },
  })

  app.route({
    method: 'GET',
    url: '/api/rooms/:id/messages/:message_id/edits/',
    config: { access: 'user' },
    schema: {
      tags: ['messages'],
      summary: 'What a message said before it was edited, the oldest first',
      params: OneMessage,
      response: { 200: MessageEdits },
    },
    handler: (request) => {
      const { id, message_id } = request.params
      return listEdits(db, signedIn(request).id, id, message_id)
    },
  })
}
