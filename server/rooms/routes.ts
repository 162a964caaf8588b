import { z } from 'zod'
import { IdInPath, PageQuery, pageOf } from '@grandchat/contracts/primitives'
import { DirectRequest, DiscoveredRoom, NewRoom, OwnRoom, RoomSearchQuery } from '@grandchat/contracts/rooms/schema'
import type { Server, Services } from '../app.ts'
import { ownOrigin, pageRange, presentPage } from '../http/paging.ts'
import { signedIn } from '../sessions/access.ts'
import { presentUser } from '../users/present.ts'
import { accessRoom } from './access.ts'
import { createRoom } from './create.ts'
import { listRooms, presentOwnRoom, searchRooms } from './list.ts'
import { openDirect } from './open-direct.ts'

export function roomRoutes(app: Server, { db, config, announcer }: Services): void {
  app.route({
    method: 'GET',
    url: '/api/rooms/',
    config: { access: 'user' },
    schema: {
      tags: ['rooms'],
      summary: "The caller's rooms, newest activity first",
      querystring: PageQuery,
      response: { 200: pageOf(OwnRoom) },
    },
    handler: async (request) => {
      const page = request.query.page ?? 1
      const { count, rooms } = await listRooms(db, signedIn(request).id, pageRange(page))
      return presentPage(request, ownOrigin(request, config.PUBLIC_URL), page, count, rooms)
    },
  })

  app.route({
    method: 'POST',
    url: '/api/rooms/',
    config: { access: 'user' },
    schema: { tags: ['rooms'], summary: 'Make a room', body: NewRoom, response: { 201: OwnRoom } },
    handler: async (request, reply) =>
      reply.status(201).send(await createRoom(db, announcer, presentUser(signedIn(request)), request.body)),
  })

  app.route({
    method: 'GET',
    url: '/api/rooms/:id/',
    config: { access: 'user' },
    schema: {
      tags: ['rooms'],
      summary: 'A room that the caller is a member of',
      params: z.object({ id: IdInPath }),
      response: { 200: OwnRoom },
    },
    handler: async (request) => presentOwnRoom(await accessRoom(db, signedIn(request).id, request.params.id)),
  })

  app.route({
    method: 'POST',
    url: '/api/direct/',
    config: { access: 'user' },
    schema: {
      tags: ['rooms'],
      summary: 'The one direct room of the caller and these people; 201 if it was made just now',
      body: DirectRequest,
      response: { 200: OwnRoom, 201: OwnRoom },
    },
    handler: async (request, reply) => {
      const { room, isNew } = await openDirect(db, announcer, presentUser(signedIn(request)), request.body.user_ids)
      return reply.status(isNew ? 201 : 200).send(room)
    },
  })

  app.route({
    method: 'GET',
    url: '/api/search/',
    config: { access: 'user' },
    schema: {
      tags: ['rooms'],
      summary: "Rooms that the caller may discover, by name; with `archived=1` the caller's archived ones",
      querystring: RoomSearchQuery,
      response: { 200: pageOf(DiscoveredRoom) },
    },
    handler: async (request) => {
      const { q, archived, page = 1 } = request.query
      const wanted = { query: q, isArchived: archived === '1' }
      const { count, rooms } = await searchRooms(db, signedIn(request).id, wanted, pageRange(page))
      return presentPage(request, ownOrigin(request, config.PUBLIC_URL), page, count, rooms)
    },
  })
}
