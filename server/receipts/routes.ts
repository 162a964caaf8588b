import { z } from 'zod'
import { Empty, IdInPath } from '@grandchat/contracts/primitives'
import { ReceiptReport, SeenBy } from '@grandchat/contracts/receipts/schema'
import type { Server, Services } from '../app.ts'
import { signedIn } from '../sessions/access.ts'
import { reportDelivered } from './report.ts'
import { listSeen } from './seen.ts'

export function receiptRoutes(app: Server, { db, receipts }: Services): void {
  app.route({
    method: 'POST',
    url: '/api/receipts/',
    config: { access: 'user' },
    schema: {
      tags: ['receipts'],
      summary:
        'Say up to where messages of small rooms have reached the caller; rooms that do not count are passed over',
      body: ReceiptReport,
      response: { 200: Empty },
    },
    async handler(request) {
      await reportDelivered(db, receipts, signedIn(request).id, request.body)
      return {}
    },
  })

  app.route({
    method: 'GET',
    url: '/api/rooms/:id/messages/:message_id/seen/',
    config: { access: 'user' },
    schema: {
      tags: ['receipts'],
      summary: 'Who has seen a message of the room; messages in threads have no such list',
      params: z.object({ id: IdInPath, message_id: IdInPath }),
      response: { 200: SeenBy },
    },
    handler: (request) => listSeen(db, signedIn(request).id, request.params.id, request.params.message_id),
  })
}
