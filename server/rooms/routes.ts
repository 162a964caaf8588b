import { z } from 'zod'
import { IdInPath, PageQuery, pageOf } from '@grandchat/contracts/primitives'
import {
  DirectRequest,
  DiscoveredRoom,
  NewRoom,
  OwnRoom,
  RoomSearchQuery,
  RoomUpdate,
} from '@grandchat/contracts/rooms/schema'
import { RowsChanged } from '@grandchat/contracts/realtime/rows-changed'
import type { Server, Services } from '../app.ts'
import { ownOrigin, pageRange, presentPage } from '../http/paging.ts'
import { signedIn } from '../sessions/access.ts'
import { presentUser } from '../users/present.ts'
import { accessRoom } from './access.ts'
import { archiveRoom, restoreRoom } from './archive.ts'
import { createRoom } from './create.ts'
import { listRooms, presentOwnRoom, searchRooms } from './list.ts'
import { openDirect } from './open-direct.ts'
import { updateRoom } from './update.ts'

const InRoom = z.object({ id: IdInPath })

export function roomRoutes(app: Server, services: Services): void {
  const { db, config, announcer } = services
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
    handler: async (request, reply) => {
      const user = presentUser(signedIn(request))
      await services.userLimits.take('rooms', user.id)
      return reply.status(201).send(await createRoom(db, announcer, user, request.body))
    },
  })

  app.route({
    method: 'GET',
    url: '/api/rooms/:id/',
    config: { access: 'user' },
    schema: {
      tags: ['rooms'],
      summary: 'A room that the caller is a member of',
      params: InRoom,
      response: { 200: OwnRoom },
    },
    handler: async (request) => presentOwnRoom(await accessRoom(db, signedIn(request).id, request.params.id)),
  })

  app.route({
    method: 'PATCH',
    url: '/api/rooms/:id/',
    config: { access: 'user' },
    schema: {
      tags: ['rooms'],
      summary: 'Change name, topic or who may write: for owners and admins',
      params: InRoom,
      body: RoomUpdate,
      response: { 200: RowsChanged },
    },
    handler: (request) => updateRoom(services, presentUser(signedIn(request)), request.params.id, request.body),
  })

  app.route({
    method: 'POST',
    url: '/api/rooms/:id/archive/',
    config: { access: 'user' },
    schema: {
      tags: ['rooms'],
      summary: 'Close a room for writing and take it out of discovery: for owners',
      params: InRoom,
      response: { 200: RowsChanged },
    },
    handler: (request) => archiveRoom(services, presentUser(signedIn(request)), request.params.id),
  })

  app.route({
    method: 'POST',
    url: '/api/rooms/:id/restore/',
    config: { access: 'user' },
    schema: {
      tags: ['rooms'],
      summary: 'Open an archived room again: for owners',
      params: InRoom,
      response: { 200: RowsChanged },
    },
    handler: (request) => restoreRoom(services, presentUser(signedIn(request)), request.params.id),
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
      const { room, isNew } = await openDirect(services, presentUser(signedIn(request)), request.body.user_ids)
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
