import { z } from 'zod'
import { limits } from '../limits.ts'
import { UnreadMentions } from '../mentions/schema.ts'
import { Id, NameQuery, Time, Version } from '../primitives.ts'
import { countCodePoints, isVisible } from '../text.ts'
import { User } from '../users/schema.ts'

export const RoomKind = z.enum(['public', 'private', 'direct'])
export type RoomKind = z.infer<typeof RoomKind>

/**
 * How a room's events reach its members: one copy for the personal channel of each, or, in large rooms, one publication
 * to the room's own channel.
 */
export const Delivery = z.enum(['personal', 'room'])
export type Delivery = z.infer<typeof Delivery>

/** Who may write: every member, or, in an announcement room, its admins and owners. */
export const Posting = z.enum(['all', 'admins'])
export type Posting = z.infer<typeof Posting>

export const LastMessage = z.object({ id: Id, content: z.string(), user: User, created_at: Time })

/** A room as all its members see it. Absolute values: of two Rooms the one of the higher version is right. */
export const Room = z
  .object({
    id: Id,
    kind: RoomKind,
    /** Empty in a direct room: what it is called depends on who looks. */
    name: z.string(),
    topic: z.string(),
    posting: Posting,
    /** The people of a direct room, by id; they never change. Null in every other room. */
    direct_users: z.array(User).nullable(),
    version: Version,
    bumped_at: Time,
    created_at: Time,
    archived_at: Time.nullable(),
    delivery: Delivery,
    member_count: z.int().nonnegative(),
    last_seq: z.int().nonnegative(),
    last_message: LastMessage.nullable(),
  })
  .meta({ id: 'Room' })
export type Room = z.infer<typeof Room>

export const RoomPosition = Room.pick({ id: true, version: true, bumped_at: true })

/** Roles in a room. */
export const MemberRole = z.enum(['owner', 'admin', 'member'])
export type MemberRole = z.infer<typeof MemberRole>

/** What is the viewer's alone; never in a broadcast. */
export const ViewerState = z.object({
  role: MemberRole,
  read_seq: z.int().nonnegative(),
  level: z.enum(['all', 'mentions', 'nothing']),
  muted: z.boolean(),
  unread_mentions: UnreadMentions,
})

/** A room in the viewer's own answers. */
export const OwnRoom = Room.extend(ViewerState.shape).meta({ id: 'OwnRoom' })
export type OwnRoom = z.infer<typeof OwnRoom>

// oxlint-disable-next-line no-control-regex -- refusing control characters is the point
const unprintable = /[\u0000-\u001F\u007F-\u009F\u2028\u2029\uFFFE\uFFFF]/

export const RoomName = z
  .string()
  .refine((name) => name.isWellFormed() && !unprintable.test(name), 'contains characters that cannot be shown')
  .transform((name) => name.trim().replace(/\s+/gu, ' '))
  .refine((name) => isVisible(name), 'is empty')
  .refine((name) => countCodePoints(name) <= limits.roomName, `is longer than ${limits.roomName} characters`)

export const RoomTopic = z
  .string()
  .refine((topic) => topic.isWellFormed() && !unprintable.test(topic), 'contains characters that cannot be shown')
  .transform((topic) => topic.trim().replace(/\s+/gu, ' '))
  .refine((topic) => countCodePoints(topic) <= limits.roomTopic, `is longer than ${limits.roomTopic} characters`)

/** `POST /api/rooms/` */
export const NewRoom = z.object({
  name: RoomName,
  kind: z.enum(['public', 'private']),
  topic: RoomTopic.default(''),
  posting: Posting.default('all'),
})
export type NewRoom = z.input<typeof NewRoom>

/** `PATCH /api/rooms/:id/`: what is left out stays as it is. */
export const RoomUpdate = z
  .object({ name: RoomName.optional(), topic: RoomTopic.optional(), posting: Posting.optional() })
  .refine((update) => Object.values(update).some((value) => value !== undefined), 'changes nothing')
export type RoomUpdate = z.input<typeof RoomUpdate>

/** `POST /api/direct/`: the direct room of the caller and exactly these people. */
export const DirectRequest = z.object({
  user_ids: z
    .array(Id)
    .min(1)
    .max(limits.directUsers - 1),
})
export type DirectRequest = z.input<typeof DirectRequest>

/** `GET /api/search/?q=`; with `archived=1` the caller's archived rooms instead. */
export const RoomSearchQuery = NameQuery.extend({ archived: z.enum(['0', '1']).default('0') })

/** A room that the caller may discover. Direct rooms are not to be discovered. */
export const DiscoveredRoom = z
  .object({
    id: Id,
    name: z.string(),
    kind: RoomKind,
    topic: z.string(),
    member_count: z.int().nonnegative(),
    created_at: Time,
    archived_at: Time.nullable(),
    is_member: z.boolean(),
  })
  .meta({ id: 'DiscoveredRoom' })
export type DiscoveredRoom = z.infer<typeof DiscoveredRoom>
