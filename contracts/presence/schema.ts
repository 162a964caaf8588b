import { z } from 'zod'
import { Id } from '../primitives.ts'
import { UserIds } from '../users/schema.ts'

/** `GET /api/presence/?users=1,2,3` */
export const PresenceQuery = z.object({ users: UserIds })

/**
 * Who of those asked about is online, as far as the caller shares a room with them; null while the real-time layer does
 * not answer.
 */
export const PresenceAnswer = z
  .object({ online: z.array(Id).nullable(), next_s: z.number().positive() })
  .meta({ id: 'PresenceAnswer' })
export type PresenceAnswer = z.infer<typeof PresenceAnswer>
