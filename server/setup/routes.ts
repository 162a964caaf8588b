import { Setup, SetupState, SignedIn } from '@grandchat/contracts/sessions/schema'
import type { Server, Services } from '../app.ts'
import { AppError } from '../errors.ts'
import { hashPassword } from '../sessions/password.ts'
import { startSession } from '../sessions/start.ts'
import { presentSignedIn } from '../sessions/sign-in.ts'
import { isSetupCode, needsSetupCode } from './code.ts'
import { alreadySetUp, hasUsers, setUp } from './set-up.ts'

export function setupRoutes(app: Server, services: Services): void {
  const { db, config, setupCode, signInThrottle } = services

  app.route({
    method: 'GET',
    url: '/api/setup/',
    config: { access: 'public' },
    schema: { tags: ['session'], summary: 'Is there an owner yet?', response: { 200: SetupState } },
    handler: async (request) => {
      const needed = !(await hasUsers(db))
      return { needed, code_required: needed && needsSetupCode(request, config.PUBLIC_URL) }
    },
  })

  app.route({
    method: 'POST',
    url: '/api/setup/',
    config: { access: 'public' },
    schema: { tags: ['session'], summary: "Make the owner's account", body: Setup, response: { 201: SignedIn } },
    handler: async (request, reply) => {
      const { username, password, email, code } = request.body
      if (await hasUsers(db)) throw alreadySetUp()
      if (needsSetupCode(request, config.PUBLIC_URL)) {
        const giveBack = await signInThrottle.take('set-up', '', request.ip)
        if (!isSetupCode(setupCode, code)) {
          throw new AppError(
            403,
            'setup_code_required',
            'give the one-time code that was printed when the server started',
          )
        }
        await giveBack()
      }
      const owner = await setUp(db, { username, passwordHash: await hashPassword(password), email })
      await startSession(services, request, reply, owner)
      return reply.status(201).send(presentSignedIn(owner))
    },
  })
}
