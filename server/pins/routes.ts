import { z } from 'zod'
import { HistoryPage } from '@grandchat/contracts/messages/schema'
import { IdInPath } from '@grandchat/contracts/primitives'
import { RowsChanged } from '@grandchat/contracts/realtime/rows-changed'
import type { Server, Services } from '../app.ts'
import { signedIn } from '../sessions/access.ts'
import { presentUser } from '../users/present.ts'
import { listPins } from './list.ts'
import { pinMessage } from './pin.ts'
import { unpinMessage } from './unpin.ts'

const InRoom = z.object({ id: IdInPath })
const OnMessage = InRoom.extend({ message_id: IdInPath })

export function pinRoutes(app: Server, services: Services): void {
  app.route({
    method: 'GET',
    url: '/api/rooms/:id/pins/',
    config: { access: 'user' },
    schema: {
      tags: ['pins'],
      summary: 'The pinned messages of a room, the newest pin first',
      params: InRoom,
      response: { 200: HistoryPage },
    },
    handler: (request) => listPins(services.db, signedIn(request).id, request.params.id),
  })

  app.route({
    method: 'PUT',
    url: '/api/rooms/:id/pins/:message_id/',
    config: { access: 'user' },
    schema: { tags: ['pins'], summary: 'Pin a message', params: OnMessage, response: { 200: RowsChanged } },
    handler: (request) => {
      const { id, message_id } = request.params
      return pinMessage(services, presentUser(signedIn(request)), id, message_id)
    },
  })

  app.route({
    method: 'DELETE',
    url: '/api/rooms/:id/pins/:message_id/',
    config: { access: 'user' },
    schema: { tags: ['pins'], summary: 'Unpin a message', params: OnMessage, response: { 200: RowsChanged } },
    handler: (request) => {
      const { id, message_id } = request.params
      return unpinMessage(services, signedIn(request).id, id, message_id)
    },
  })
}
