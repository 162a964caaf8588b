import { z } from 'zod'
import { Id, Version } from '../primitives.ts'
import { User } from '../users/schema.ts'

/**
 * Everybody who reacted to a message with one emoji, whole: of two rows the one of the higher version is right, and a
 * `count` of 0 takes it away.
 */
export const ReactionRow = z
  .object({
    message_id: Id,
    emoji: z.string(),
    count: z.int().nonnegative(),
    /** Who, the first first; no more than `limits.reactionUsers` of them. */
    user_ids: z.array(Id),
    version: Version,
  })
  .meta({ id: 'ReactionRow' })
export type ReactionRow = z.infer<typeof ReactionRow>

/** `GET /api/rooms/:id/messages/:message_id/reactions/`: who reacted with what, the first first. */
export const Reactions = z
  .object({ results: z.array(z.object({ emoji: z.string(), users: z.array(User) })) })
  .meta({ id: 'Reactions' })
export type Reactions = z.infer<typeof Reactions>
