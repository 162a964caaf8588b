import { z } from 'zod'
import { limits } from '../limits.ts'
import { Id, NumberInQuery, Time, Version } from '../primitives.ts'
import { Room, RoomPosition } from '../rooms/schema.ts'
import { User } from '../users/schema.ts'
import { checkContent } from './content.ts'

export const MessageKind = z.enum(['user', 'system'])

/** A message without its room: what a room's answers carry many of. `seq` is null on a system line. */
export const MessageRow = z
  .object({
    id: Id,
    room_id: Id,
    seq: z.int().positive().nullable(),
    version: Version,
    kind: MessageKind,
    user: User,
    content: z.string(),
    client_message_id: z.uuid().nullable(),
    edited_at: Time.nullable(),
    deleted_at: Time.nullable(),
    created_at: Time,
  })
  .meta({ id: 'MessageRow' })
export type MessageRow = z.infer<typeof MessageRow>

/** A message in the seed's lists: its room by position only. */
export const Message = MessageRow.extend({ room: RoomPosition }).meta({ id: 'Message' })
export type Message = z.infer<typeof Message>

/** A message in events and in the answer to a send: with the whole Room, as of this message. */
export const MessageAdded = MessageRow.extend({ room: Room }).meta({ id: 'MessageAdded' })
export type MessageAdded = z.infer<typeof MessageAdded>

export const Content = z.string().transform((input, ctx) => {
  const checked = checkContent(input)
  if ('content' in checked) return checked.content
  ctx.addIssue({ code: 'custom', message: checked.problem })
  return z.NEVER
})

/** `POST /api/rooms/:id/messages/`. Without a `client_message_id` a retry makes a second message. */
export const NewMessage = z.object({
  content: Content,
  client_message_id: z
    .uuid()
    .transform((id) => id.toLowerCase())
    .optional(),
})
export type NewMessage = z.input<typeof NewMessage>

/** `GET /api/rooms/:id/messages/`: by `page` as the seed does, or by message id as our client does. */
export const HistoryQuery = z
  .object({
    page: NumberInQuery.refine((n) => n >= 1, 'starts at 1').optional(),
    before: NumberInQuery.optional(),
    after: NumberInQuery.optional(),
    limit: NumberInQuery.refine((n) => n >= 1 && n <= limits.page, `is 1 to ${limits.page}`).optional(),
  })
  .refine((q) => [q.before, q.after, q.page].filter((v) => v !== undefined).length <= 1, {
    message: 'give one of before, after and page',
  })

/** A page of history, newest first, and the room's version in the snapshot it was read from. */
export const HistoryPage = z
  .object({ results: z.array(Message), version: Version, more: z.boolean() })
  .meta({ id: 'HistoryPage' })
export type HistoryPage = z.infer<typeof HistoryPage>
