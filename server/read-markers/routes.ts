import { z } from 'zod'
import { IdInPath } from '@grandchat/contracts/primitives'
import { NewReadMarker, ReadMarker } from '@grandchat/contracts/read-markers/schema'
import type { Server, Services } from '../app.ts'
import { signedIn } from '../sessions/access.ts'
import { presentUser } from '../users/present.ts'
import { moveReadMarker } from './move.ts'

export function readMarkerRoutes(app: Server, services: Services): void {
  app.route({
    method: 'PUT',
    url: '/api/rooms/:id/read-marker/',
    config: { access: 'user' },
    schema: {
      tags: ['read markers'],
      summary: 'Say how far the caller has read',
      params: z.object({ id: IdInPath }),
      body: NewReadMarker,
      response: { 200: ReadMarker },
    },
    handler: (request) => moveReadMarker(services, presentUser(signedIn(request)), request.params.id, request.body.seq),
  })
}
