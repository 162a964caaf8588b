import { z } from 'zod'
import { limits } from '../limits.ts'
import { Mentions } from '../mentions/schema.ts'
import { Id, NumberInQuery, Time, Version } from '../primitives.ts'
import { Member } from '../memberships/member.ts'
import { PinRow } from '../pins/schema.ts'
import { ReactionRow } from '../reactions/schema.ts'
import { Posting, Room, RoomPosition } from '../rooms/schema.ts'
import { ThreadRow } from '../threads/schema.ts'
import { User } from '../users/schema.ts'
import { checkContent } from './content.ts'

export const MessageKind = z.enum(['user', 'system'])

/**
 * What a system line tells, with the message's `user` as the one who did it. Its `content` says the same in a few English
 * words, for clients that know no better.
 */
export const SystemLine = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['created', 'joined', 'left', 'archived', 'restored']) }),
  z.object({ type: z.enum(['added', 'removed']), user: User }),
  z.object({ type: z.literal('renamed'), name: z.string() }),
  z.object({ type: z.literal('topic'), topic: z.string() }),
  z.object({ type: z.literal('posting'), posting: Posting }),
  z.object({ type: z.literal('pinned'), message_id: Id }),
])
export type SystemLine = z.infer<typeof SystemLine>

/** Where a forwarded message was first said, and by whom. Its reader may not be let into that room. */
export const Forwarded = z.object({ room_id: Id, message_id: Id, user: User, created_at: Time })
export type Forwarded = z.infer<typeof Forwarded>

/** A message without its room: what a room's answers carry many of. `seq` is null on a system line. */
export const MessageRow = z
  .object({
    id: Id,
    room_id: Id,
    /** 0 in the room's own timeline, else the id of the message that the thread hangs from. */
    thread_id: z.int().nonnegative(),
    seq: z.int().positive().nullable(),
    version: Version,
    kind: MessageKind,
    user: User,
    content: z.string(),
    system: SystemLine.nullable(),
    /** The message of the same room that this one answers. */
    reply_to: Id.nullable(),
    forwarded: Forwarded.nullable(),
    mentions: Mentions,
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

/**
 * `POST /api/rooms/:id/messages/`: a text, or a message of any room of the author's to `forward`, whose text the server
 * copies. Without a `client_message_id` a retry makes a second message.
 */
export const NewMessage = z
  .object({
    content: Content.optional(),
    forward: z.object({ room_id: Id, message_id: Id }).optional(),
    /** The message of the room's timeline whose thread this goes to. */
    thread_id: Id.optional(),
    /** A message of the same room. */
    reply_to: Id.optional(),
    client_message_id: z
      .uuid()
      .transform((id) => id.toLowerCase())
      .optional(),
  })
  .refine(({ content, forward }) => (content === undefined) !== (forward === undefined), {
    path: ['content'],
    message: 'give either content or forward',
  })
export type NewMessage = z.input<typeof NewMessage>

/** `PATCH /api/rooms/:id/messages/:message_id/` */
export const EditedMessage = z.object({ content: Content })

/** `GET /api/rooms/:id/messages/:message_id/edits/`: what a message said before, the oldest first, and since when. */
export const MessageEdits = z
  .object({ results: z.array(z.object({ content: z.string(), created_at: Time })) })
  .meta({ id: 'MessageEdits' })
export type MessageEdits = z.infer<typeof MessageEdits>

/** `?ids=1,2,3` */
const IdsInQuery = z
  .string()
  .max(17 * limits.messageIds, 'names too many')
  .regex(/^[1-9][0-9]{0,15}(,[1-9][0-9]{0,15})*$/, 'must be ids with commas between them')
  .transform((ids) => ids.split(',').map(Number))
  .refine((ids) => ids.length <= limits.messageIds, `names more than ${limits.messageIds}`)
  .refine((ids) => ids.every(Number.isSafeInteger), 'is too large')

/**
 * `GET /api/rooms/:id/messages/`: by `page` as the seed does, or by message id as our client does: `around` is the page
 * whose middle is that message, `ids` are just these, of whatever timeline. With `thread`, of
 * that thread.
 */
export const HistoryQuery = z
  .object({
    page: NumberInQuery.refine((n) => n >= 1, 'starts at 1').optional(),
    before: NumberInQuery.optional(),
    after: NumberInQuery.optional(),
    around: NumberInQuery.optional(),
    ids: IdsInQuery.optional(),
    /** A thread of the room in the place of its own timeline. */
    thread: NumberInQuery.refine((n) => n >= 1, 'starts at 1').optional(),
    limit: NumberInQuery.refine((n) => n >= 1 && n <= limits.page, `is 1 to ${limits.page}`).optional(),
  })
  .refine((q) => [q.before, q.after, q.around, q.ids, q.page].filter((v) => v !== undefined).length <= 1, {
    message: 'give one of before, after, around, ids and page',
  })
  .refine((q) => q.thread === undefined || (q.ids === undefined && q.page === undefined), {
    path: ['thread'],
    message: 'has no pages and no ids',
  })

/** What hangs on messages, in rows of their own. */
export const AttachedRows = z.object({
  reactions: z.array(ReactionRow),
  pins: z.array(PinRow),
  threads: z.array(ThreadRow),
})
export type AttachedRows = z.infer<typeof AttachedRows>

/** Threads that somebody follows, the one written in last first; `messages` are what each hangs from and its newest ones. */
export const FollowedThreads = z
  .object({
    threads: z.array(ThreadRow),
    messages: z.array(MessageRow),
    reactions: z.array(ReactionRow),
    pins: z.array(PinRow),
    more: z.boolean(),
  })
  .meta({ id: 'FollowedThreads' })
export type FollowedThreads = z.infer<typeof FollowedThreads>

/**
 * A page of history, newest first, with what hangs on its messages, and the room's version in the snapshot it was read
 * from. `more`: there are older messages (on an `after` page: newer ones). `more_after`, on `around` and `after` pages:
 * there are newer ones. `members`, where a run of the room's own messages may begin: all of them in a room of at most
 * `limits.receiptMembers`; changes and events keep them current.
 */
export const HistoryPage = z
  .object({
    results: z.array(Message),
    version: Version,
    more: z.boolean(),
    more_after: z.boolean().optional(),
    members: z.array(Member).optional(),
    ...AttachedRows.shape,
  })
  .meta({ id: 'HistoryPage' })
export type HistoryPage = z.infer<typeof HistoryPage>
