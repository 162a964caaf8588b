import { sql } from 'kysely'
import { z } from 'zod'
import type { Server, Services } from '../app.ts'
import { AppError } from '../errors.ts'

const Ok = z.object({ status: z.literal('ok') })

/** Live: the process answers. Ready: so does its database, and it is not shutting down. */
export function healthRoutes(app: Server, { db, lifecycle }: Services): void {
  app.route({
    method: 'GET',
    url: '/health/live',
    config: { access: 'public' },
    schema: { tags: ['health'], summary: 'Is the process alive?', response: { 200: Ok } },
    handler: async () => ({ status: 'ok' as const }),
  })

  app.route({
    method: 'GET',
    url: '/health/ready',
    config: { access: 'public' },
    schema: { tags: ['health'], summary: 'Can it serve?', response: { 200: Ok } },
    handler: async () => {
      if (lifecycle.isStopping) throw new AppError(503, 'overloaded', 'shutting down', { retryAfterSeconds: 2 })
      await sql`select 1`.execute(db)
      return { status: 'ok' as const }
    },
  })
}
