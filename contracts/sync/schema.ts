import { z } from 'zod'
import { limits } from '../limits.ts'
import { Member, OwnMembership } from '../memberships/schema.ts'
import { AttachedRows, MessageRow } from '../messages/schema.ts'
import { OwnRow } from '../own-rows/schema.ts'
import { Id, IdAsKey, NumberInQuery, Version } from '../primitives.ts'
import { Room } from '../rooms/schema.ts'
import { ThreadRow } from '../threads/schema.ts'
import { Profile } from '../users/profile.ts'

/** `GET /api/rooms/:id/changes/?since=k&low=s`; with `thread`, the messages of that thread in the place of the room's own. */
export const ChangesQuery = z.object({
  since: NumberInQuery,
  low: NumberInQuery.optional(),
  thread: NumberInQuery.optional(),
})

/**
 * Current rows of one room whose version is in (since, to], cut only between versions; shown when `more` is false.
 * `members` is null in rooms of more than 200: fetch the list. `room` is the summary of the same snapshot.
 */
export const RoomChanges = z
  .object({
    epoch: z.string(),
    room: Room,
    since: Version,
    to: Version,
    more: z.boolean(),
    messages: z.array(MessageRow),
    members: z.array(Member).nullable(),
    ...AttachedRows.shape,
  })
  .meta({ id: 'RoomChanges' })
export type RoomChanges = z.infer<typeof RoomChanges>

/** Too far back (or from another database): forget the window and load its newest page. */
export const ChangesReset = z.object({ epoch: z.string(), reset: z.literal(true) }).meta({ id: 'ChangesReset' })
export type ChangesReset = z.infer<typeof ChangesReset>

export const Changes = z.union([RoomChanges, ChangesReset])
export type Changes = z.infer<typeof Changes>

/** `POST /api/sync/`: what the client knows. Versions are 0 where it knows nothing. */
export const SyncRequest = z.object({
  /** The epoch of what it knows; another than the server's means that it knows nothing. */
  epoch: z.string().max(100).optional(),
  user_version: Version.default(0),
  workspace_version: Version.default(0),
  rooms: z
    .record(IdAsKey, Version)
    .refine((rooms) => Object.keys(rooms).length <= limits.syncRooms, 'too many rooms')
    .default({}),
  open: z
    .array(z.object({ id: Id, since: Version, low: z.int().nonnegative().default(0) }))
    .max(limits.syncOpenRooms)
    .refine((open) => new Set(open.map(({ id }) => id)).size === open.length, 'names a room twice')
    .default([]),
})
export type SyncRequest = z.input<typeof SyncRequest>

export const SyncAnswer = z
  .object({
    epoch: z.string(),
    user_version: Version,
    workspace_version: Version,
    /** Own rows that changed since `user_version`, and those of every room in `rooms`. */
    own: z.object({
      memberships: z.array(OwnMembership),
      rows: z.array(OwnRow),
      /** `rows` are all that there are: what is not among them is no more. */
      is_whole: z.boolean(),
    }),
    /**
     * People who changed what they say of themselves since the client's `workspace_version`; none for a client that starts
     * from nothing. Of very many the first, and then the answer's version is the last one's.
     */
    workspace: z.object({ users: z.array(Profile) }),
    /** Summaries of the caller's rooms that differ from what the client named, and of those it did not name. */
    rooms: z.array(Room),
    /** Threads that the caller follows which changed since the versions of their rooms that the client named. */
    threads: z.array(ThreadRow),
    /** Ids that the client named and that are not the caller's to read (any more). */
    gone: z.array(Id),
    /** By room id, for the rooms in `open`. */
    changes: z.record(z.string(), Changes),
    /** Seconds after which to ask for the head again. */
    next_s: z.number().positive(),
  })
  .meta({ id: 'SyncAnswer' })
export type SyncAnswer = z.infer<typeof SyncAnswer>

/** `GET /api/sync/head/?d=<epoch>.<workspace_version>.<user_version>.<sum of room versions>`; 204 if all are equal. */
export const HeadQuery = z.object({ d: z.string().max(200).optional() })

export const Head = z
  .object({
    epoch: z.string(),
    workspace_version: Version,
    user_version: Version,
    rooms: z.array(z.tuple([Id, Version])),
    next_s: z.number().positive(),
  })
  .meta({ id: 'Head' })
export type Head = z.infer<typeof Head>
