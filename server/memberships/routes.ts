import { z } from 'zod'
import {
  Member,
  MemberQuery,
  Membership,
  OwnMembership,
  OwnMembershipChange,
  RoleChange,
} from '@grandchat/contracts/memberships/schema'
import { IdInPath, pageOf } from '@grandchat/contracts/primitives'
import { RowsChanged } from '@grandchat/contracts/realtime/rows-changed'
import type { Server, Services } from '../app.ts'
import { ownOrigin, pageRange, presentPage } from '../http/paging.ts'
import { signedIn } from '../sessions/access.ts'
import { presentUser } from '../users/present.ts'
import { addToRoom } from './add.ts'
import { changeOwnMembership } from './change-own.ts'
import { changeRole } from './change-role.ts'
import { joinRoom } from './join.ts'
import { leaveRoom } from './leave.ts'
import { listMembers } from './list.ts'
import { removeFromRoom } from './remove.ts'

const InRoom = z.object({ id: IdInPath })
const OneMember = InRoom.extend({ user_id: IdInPath })

export function membershipRoutes(app: Server, services: Services): void {
  const { db, config, announcer, revocations } = services

  app.route({
    method: 'POST',
    url: '/api/rooms/:id/join/',
    config: { access: 'user' },
    schema: { tags: ['memberships'], summary: 'Join a room', params: InRoom, response: { 200: Membership } },
    handler: (request) => joinRoom(services, presentUser(signedIn(request)), request.params.id),
  })

  app.route({
    method: 'POST',
    url: '/api/rooms/:id/leave/',
    config: { access: 'user' },
    schema: { tags: ['memberships'], summary: 'Leave a room', params: InRoom, response: { 200: Membership } },
    handler: (request) => leaveRoom(services, revocations, presentUser(signedIn(request)), request.params.id),
  })

  app.route({
    method: 'PATCH',
    url: '/api/rooms/:id/own/',
    config: { access: 'user' },
    schema: {
      tags: ['memberships'],
      summary: 'Say what the caller wants to hear of a room',
      params: InRoom,
      body: OwnMembershipChange,
      response: { 200: OwnMembership },
    },
    handler: (request) => changeOwnMembership(db, announcer, signedIn(request).id, request.params.id, request.body),
  })

  app.route({
    method: 'PUT',
    url: '/api/rooms/:id/members/:user_id/',
    config: { access: 'user' },
    schema: {
      tags: ['memberships'],
      summary: 'Add somebody: any member to a public room, owners and admins to a private one',
      params: OneMember,
      response: { 200: Membership },
    },
    handler: (request) => {
      const { id, user_id } = request.params
      return addToRoom(services, presentUser(signedIn(request)), id, user_id)
    },
  })

  app.route({
    method: 'PATCH',
    url: '/api/rooms/:id/members/:user_id/',
    config: { access: 'user' },
    schema: {
      tags: ['memberships'],
      summary: "Change a member's role: for owners",
      params: OneMember,
      body: RoleChange,
      response: { 200: RowsChanged },
    },
    handler: (request) => {
      const { id, user_id } = request.params
      return changeRole(services, signedIn(request).id, id, user_id, request.body.role)
    },
  })

  app.route({
    method: 'DELETE',
    url: '/api/rooms/:id/members/:user_id/',
    config: { access: 'user' },
    schema: {
      tags: ['memberships'],
      summary: 'Remove somebody: for owners and admins, an owner for owners alone. Oneself: leave',
      params: OneMember,
      response: { 200: Membership },
    },
    handler: (request) => {
      const { id, user_id } = request.params
      return removeFromRoom(services, revocations, presentUser(signedIn(request)), id, user_id)
    },
  })

  app.route({
    method: 'GET',
    url: '/api/rooms/:id/members/',
    config: { access: 'user' },
    schema: {
      tags: ['memberships'],
      summary: 'The members of a room, longest-standing first; with `q` those whose names hold it',
      params: InRoom,
      querystring: MemberQuery,
      response: { 200: pageOf(Member) },
    },
    handler: async (request) => {
      const { q, page = 1 } = request.query
      const { count, members } = await listMembers(db, signedIn(request).id, request.params.id, q, pageRange(page))
      return presentPage(request, ownOrigin(request, config.PUBLIC_URL), page, count, members)
    },
  })
}
