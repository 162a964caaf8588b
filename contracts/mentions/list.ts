import { z } from 'zod'
import { limits } from '../limits.ts'
import { MessageRow } from '../messages/schema.ts'
import { NumberInQuery } from '../primitives.ts'

/** `GET /api/mentions/`: `before` is the id of the last message of the page before. */
export const MentionsQuery = z.object({
  before: NumberInQuery.refine((n) => n >= 1, 'starts at 1').optional(),
  limit: NumberInQuery.refine((n) => n >= 1 && n <= limits.mentionsPage, `is 1 to ${limits.mentionsPage}`).optional(),
})

/**
 * Messages that mention the caller as they are now, the newest first, of rooms that are theirs now and of threads there.
 * Unread are those whose `seq` is above the caller's place in their room or thread; a thread that is not followed has none.
 */
export const MentionsPage = z.object({ results: z.array(MessageRow), more: z.boolean() }).meta({ id: 'MentionsPage' })
export type MentionsPage = z.infer<typeof MentionsPage>
