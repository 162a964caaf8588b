import { z } from 'zod'
import { limits } from '../limits.ts'
import { Id, PageQuery, Time, Version } from '../primitives.ts'
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

export const LastMessage = z.object({ id: Id, content: z.string(), user: User, created_at: Time })

/** A room as all its members see it. Absolute values: of two Rooms the one of the higher version is right. */
export const Room = z
  .object({
    id: Id,
    kind: RoomKind,
    name: z.string(),
    topic: z.string(),
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

/** `POST /api/rooms/` */
export const NewRoom = z.object({ name: RoomName, kind: z.enum(['public', 'private']) })
export type NewRoom = z.input<typeof NewRoom>

/** `GET /api/search/?q=` */
export const RoomSearchQuery = z.object({
  q: z
    .string()
    .max(200)
    .refine((q) => q.isWellFormed() && !q.includes('\u0000'), 'contains broken characters')
    .default(''),
  page: PageQuery.shape.page,
})

/** A room that the caller may discover. */
export const DiscoveredRoom = z
  .object({
    id: Id,
    name: z.string(),
    kind: RoomKind,
    topic: z.string(),
    member_count: z.int().nonnegative(),
    created_at: Time,
    is_member: z.boolean(),
  })
  .meta({ id: 'DiscoveredRoom' })
export type DiscoveredRoom = z.infer<typeof DiscoveredRoom>
