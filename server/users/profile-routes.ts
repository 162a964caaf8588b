import { z } from 'zod'
import { IdInPath } from '@grandchat/contracts/primitives'
import { Profile, ProfileChange, Profiles, ProfilesQuery } from '@grandchat/contracts/users/profile'
import type { Server, Services } from '../app.ts'
import { signedIn } from '../sessions/access.ts'
import { changeProfile } from './change-profile.ts'
import { getProfile, readProfiles } from './profiles.ts'

export function profileRoutes(app: Server, services: Services): void {
  const { db } = services

  app.route({
    method: 'PATCH',
    url: '/api/me/',
    config: { access: 'user' },
    schema: {
      tags: ['users'],
      summary: 'Change what one says about oneself',
      body: ProfileChange,
      response: { 200: Profiles },
    },
    handler: (request) => changeProfile(services, signedIn(request).id, request.body),
  })

  app.route({
    method: 'GET',
    url: '/api/users/:id/',
    config: { access: 'user' },
    schema: {
      tags: ['users'],
      summary: 'A person',
      params: z.object({ id: IdInPath }),
      response: { 200: Profile },
    },
    handler: (request) => getProfile(db, request.params.id),
  })

  app.route({
    method: 'GET',
    url: '/api/profiles/',
    config: { access: 'user' },
    schema: {
      tags: ['users'],
      summary: 'These people, as they are at a version of the workspace',
      querystring: ProfilesQuery,
      response: { 200: Profiles },
    },
    handler: (request) => readProfiles(db, request.query.users),
  })
}
