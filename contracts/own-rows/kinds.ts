import { z } from 'zod'
import { errorCodes } from '../errors.ts'
import { limits } from '../limits.ts'
import { Content } from '../messages/schema.ts'
import { Id, IdAsKey, Moment, Time } from '../primitives.ts'
import { countCodePoints, isVisible } from '../text.ts'

/** What is being written and was not sent: anything that can be stored, also what could not be sent as it is. */
export const Draft = z.object({
  content: z
    .string()
    .refine((text) => text.isWellFormed() && !text.includes('\u0000'), 'contains broken characters')
    .refine((text) => text !== '', 'is empty')
    .refine((text) => countCodePoints(text) <= limits.draft, `is longer than ${limits.draft} characters`),
  updated_at: Time,
})
export type Draft = z.infer<typeof Draft>

/** `<room id>` or `<room id>.<thread id>`. */
const DraftKey = z
  .string()
  .regex(/^[1-9][0-9]{0,15}(\.[1-9][0-9]{0,15})?$/)
  .refine((key) => key.split('.').map(Number).every(Number.isSafeInteger))

export const SavedMessage = z.object({ room_id: Id, message_id: Id, saved_at: Time })
export type SavedMessage = z.infer<typeof SavedMessage>

const NewScheduledMessage = z.object({
  room_id: Id,
  thread_id: Id.optional(),
  reply_to: Id.optional(),
  content: Content,
  send_at: Moment,
})

/** A message that the server sends when its time has come. Its key becomes its `client_message_id`. */
export const ScheduledMessage = NewScheduledMessage.extend({
  /** Why it could not be sent when its time had come; it waits for its author to decide. */
  failure: z.enum(errorCodes).optional(),
})
export type ScheduledMessage = z.infer<typeof ScheduledMessage>

/** Room enough for milliseconds, by which what was placed later stands below. */
const Position = z.number().min(-1e15).max(1e15)

export const Section = z.object({
  name: z
    .string()
    .refine((name) => name.isWellFormed() && !/\p{Cc}/u.test(name), 'contains characters that cannot be shown')
    .transform((name) => name.trim())
    .refine((name) => isVisible(name), 'is empty')
    .refine((name) => countCodePoints(name) <= limits.sectionName, `is longer than ${limits.sectionName} characters`),
  position: Position,
})
export type Section = z.infer<typeof Section>

/** Lower case, so that one section or message has one key. */
const Uuid = z.uuid().refine((id) => id === id.toLowerCase())

/** Where a room stands in one's list; in a section that is gone, it stands where it would without this row. */
export const Placement = z.object({ section: z.union([z.literal('favourites'), Uuid]), position: Position })
export type Placement = z.infer<typeof Placement>

/** A direct room that one has put away, by its id: it is out of one's list until its `last_seq` is above `seq`. */
export const Closing = z.object({ seq: z.int().nonnegative() })
export type Closing = z.infer<typeof Closing>

/** A thread that one follows or has ceased to. `read_seq` is where one is in it. */
export const FollowedThread = z.object({
  room_id: Id,
  is_following: z.boolean(),
  read_seq: z.int().nonnegative(),
})
export type FollowedThread = z.infer<typeof FollowedThread>

/** Choices that follow a person from device to device. */
export const settingSchemas = {
  theme: z.enum(['light', 'dark', 'system']),
  density: z.enum(['comfortable', 'compact']),
  /** `system` does as the device says. */
  motion: z.enum(['system', 'reduced', 'full']),
  sound: z.enum(['on', 'off']),
  /** Until when nothing disturbs, in milliseconds since 1970; 0: something may. */
  quiet_until: z.int().min(0).max(8.64e15),
  /** Whether others are told up to where one has read. */
  read_receipts: z.enum(['on', 'off']),
  language: z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/),
  /** Sections of the sidebar whose rooms are folded away. */
  collapsed: z.array(z.string().regex(/^[a-z0-9-]{1,40}$/)).max(200),
} as const
export type SettingName = keyof typeof settingSchemas
export type Settings = { [Name in SettingName]: z.infer<(typeof settingSchemas)[Name]> }

type OwnKindRules = {
  key: z.ZodType<string, string>
  value: z.ZodType | ((key: string) => z.ZodType | undefined)
  /** Bytes of a value as JSON, and rows that one user may have. */
  maxBytes: number
  maxRows: number
}

/**
 * What people keep for themselves, by kind: what names a row and what it holds. Those of `writable` kinds are written by
 * their owner as they are; others by the use case that they belong to.
 */
export const ownKinds = {
  draft: { key: DraftKey, value: Draft, maxBytes: 32 * 1024, maxRows: 2_000 },
  saved: { key: IdAsKey, value: SavedMessage, maxBytes: 256, maxRows: 5_000 },
  scheduled: { key: Uuid, value: NewScheduledMessage, maxBytes: 32 * 1024, maxRows: 500 },
  section: { key: Uuid, value: Section, maxBytes: 1_024, maxRows: 100 },
  placement: { key: IdAsKey, value: Placement, maxBytes: 256, maxRows: 5_000 },
  closing: { key: IdAsKey, value: Closing, maxBytes: 256, maxRows: 5_000 },
  setting: {
    key: z.string().max(40),
    value: (name: string) => (Object.hasOwn(settingSchemas, name) ? settingSchemas[name as SettingName] : undefined),
    maxBytes: 10_000,
    maxRows: 100,
  },
  /** Whoever answers or mentions somebody adds to these: of more, those touched longest ago are followed no more. */
  thread: { key: IdAsKey, value: FollowedThread, maxBytes: 256, maxRows: 2_000 },
} as const satisfies Record<string, OwnKindRules>

export type OwnKind = keyof typeof ownKinds

export const writableKinds = ['draft', 'saved', 'scheduled', 'section', 'placement', 'closing', 'setting'] as const
export type WritableKind = (typeof writableKinds)[number]

/** What a row of each kind holds. */
export type OwnValues = {
  draft: Draft
  saved: SavedMessage
  scheduled: ScheduledMessage
  section: Section
  placement: Placement
  closing: Closing
  setting: Settings[SettingName]
  thread: FollowedThread
}
