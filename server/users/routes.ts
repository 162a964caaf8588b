import { NewUser, User } from '@grandchat/contracts/users/schema'
import type { Server, Services } from '../app.ts'
import { hashPassword } from '../sessions/password.ts'
import { createUser } from './create.ts'

export function userRoutes(app: Server, { db }: Services): void {
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
