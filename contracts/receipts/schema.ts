import { z } from 'zod'
import { limits } from '../limits.ts'
import { IdAsKey } from '../primitives.ts'
import { User } from '../users/schema.ts'

/**
 * `POST /api/receipts/`: up to which seq the caller's device has been told of their small rooms. Rooms that are not theirs,
 * or of more than `limits.receiptMembers`, count for nothing, and nobody can tell which.
 */
export const ReceiptReport = z.object({
  rooms: z
    .record(IdAsKey, z.int().nonnegative())
    .refine((rooms) => Object.keys(rooms).length <= limits.receiptRooms, 'too many rooms'),
})
export type ReceiptReport = z.infer<typeof ReceiptReport>

/**
 * `GET /api/rooms/:id/messages/:message_id/seen/`: who has read as far as this message, of the members who were in the room
 * when it was sent; its author is not counted. `users` are the first of them, `member_count` is how many could have.
 */
export const SeenBy = z
  .object({
    count: z.int().nonnegative(),
    member_count: z.int().nonnegative(),
    users: z.array(User),
    more: z.boolean(),
  })
  .meta({ id: 'SeenBy' })
export type SeenBy = z.infer<typeof SeenBy>
