import { z } from 'zod'
import { limits } from '../limits.ts'
import { Id } from '../primitives.ts'

const ids = new RegExp(`^[1-9]\\d{0,15}(,[1-9]\\d{0,15}){0,${limits.presenceUsers - 1}}$`)

/** `GET /api/presence/?users=1,2,3` */
export const PresenceQuery = z.object({
  users: z
    .string()
    .regex(ids, `must be 1 to ${limits.presenceUsers} ids with commas between them`)
    .transform((list) => [...new Set(list.split(',').map(Number))])
    .refine((list) => list.every(Number.isSafeInteger), 'holds an id that is too large'),
})

/**
 * Who of those asked about is online, as far as the caller shares a room with them; null while the real-time layer does
 * not answer.
 */
export const PresenceAnswer = z
  .object({ online: z.array(Id).nullable(), next_s: z.number().positive() })
  .meta({ id: 'PresenceAnswer' })
export type PresenceAnswer = z.infer<typeof PresenceAnswer>
