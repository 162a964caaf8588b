import { z } from 'zod'
import { IdInPath } from '@grandchat/contracts/primitives'
import { Changes, ChangesQuery, Head, HeadQuery, SyncAnswer, SyncRequest } from '@grandchat/contracts/sync/schema'
import type { Server, Services } from '../app.ts'
import { inSnapshot } from '../database/snapshot.ts'
import { signedIn } from '../sessions/access.ts'
import { readChanges } from './changes.ts'
import { Heads, readHeads } from './head.ts'
import { sync } from './sync.ts'

/** Room for the versions of all rooms that a client may name. */
const maxSyncBytes = 512 * 1024

export function syncRoutes(app: Server, { db, epoch }: Services): void {
  const heads = new Heads(epoch, (userIds) => readHeads(db, userIds))
  app.route({
    method: 'GET',
    url: '/api/rooms/:id/changes/',
    config: { access: 'user' },
    schema: {
      tags: ['sync'],
      summary: 'What changed in a room since a version',
      params: z.object({ id: IdInPath }),
      querystring: ChangesQuery,
      response: { 200: Changes },
    },
    handler: (request) => {
      const { since, low = 0, thread = 0 } = request.query
      const cursor = { id: request.params.id, since, low, thread }
      return inSnapshot(db, (tx) => readChanges(tx, epoch, signedIn(request).id, cursor))
    },
  })

  app.route({
    method: 'POST',
    url: '/api/sync/',
    config: { access: 'user' },
    bodyLimit: maxSyncBytes,
    schema: {
      tags: ['sync'],
      summary: 'Everything that differs from what the client knows',
      body: SyncRequest,
      response: { 200: SyncAnswer },
    },
    handler: (request) => sync(db, epoch, signedIn(request).id, request.body),
  })

  app.route({
    method: 'GET',
    url: '/api/sync/head/',
    config: { access: 'user' },
    schema: {
      tags: ['sync'],
      summary: 'Is anything new? 204 if not, else the heads of everything',
      querystring: HeadQuery,
      response: { 200: Head, 204: z.null() },
    },
    handler: async (request, reply) => {
      const head = await heads.of(signedIn(request).id, request.query.d)
      return head ? reply.status(200).send(head) : reply.status(204).send(null)
    },
  })
}
