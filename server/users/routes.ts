import { NameQuery, pageOf } from '@grandchat/contracts/primitives'
import { NewUser, User } from '@grandchat/contracts/users/schema'
import type { Server, Services } from '../app.ts'
import { ownOrigin, pageRange, presentPage } from '../http/paging.ts'
import { hashPassword } from '../sessions/password.ts'
import { createUser } from './create.ts'
import { listUsers } from './list.ts'

export function userRoutes(app: Server, { db, config }: Services): void {
  app.route({
    method: 'GET',
    url: '/api/users/',
    config: { access: 'user' },
    schema: {
      tags: ['users'],
      summary: 'Everybody with an account, by name; with `q` those whose names or titles hold it',
      querystring: NameQuery,
      response: { 200: pageOf(User) },
    },
    handler: async (request) => {
      const { q, page = 1 } = request.query
      const { count, users } = await listUsers(db, q, pageRange(page))
      return presentPage(request, ownOrigin(request, config.PUBLIC_URL), page, count, users)
    },
  })

  app.route({
    method: 'POST',
    url: '/api/users/',
    config: { access: 'owner' },
    schema: { tags: ['users'], summary: 'Create an account', body: NewUser, response: { 201: User } },
    handler: async (request, reply) => {
      const { username, password, email } = request.body
      const passwordHash = await hashPassword(password)
      return reply.status(201).send(await createUser(db, { username, passwordHash, email, role: 'member' }))
    },
  })
}
