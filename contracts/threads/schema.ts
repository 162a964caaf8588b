import { z } from 'zod'
import { Id, Moment, NumberInQuery, Time, Version } from '../primitives.ts'
import { User } from '../users/schema.ts'

/**
 * A thread as its room sees it: `id` is the message that it hangs from. `last_seq` numbers its messages without gaps;
 * unread is `last_seq - read_seq`, as in rooms.
 */
export const ThreadRow = z
  .object({
    id: Id,
    room_id: Id,
    version: Version,
    last_seq: z.int().nonnegative(),
    /** Messages that were not deleted. */
    message_count: z.int().nonnegative(),
    last_message_at: Time.nullable(),
    /** The newest one that was not deleted. */
    last_message_id: Id.nullable(),
    /** Who wrote in it last, the newest first; three at most. */
    users: z.array(User),
  })
  .meta({ id: 'ThreadRow' })
export type ThreadRow = z.infer<typeof ThreadRow>

/** `PATCH /api/rooms/:id/threads/:message_id/own/`: an own row of kind `thread`. `read_seq` is cut to the thread's last. */
export const ChangedFollowing = z.object({
  is_following: z.boolean().optional(),
  read_seq: z.int().nonnegative().optional(),
})
export type ChangedFollowing = z.infer<typeof ChangedFollowing>

/** `GET /api/threads/`: older than the `last_message_at` of the last one that is known. */
export const FollowedThreadsQuery = z.object({
  before: Moment.optional(),
  limit: NumberInQuery.refine((n) => n >= 1 && n <= 50, 'is 1 to 50').optional(),
})
