import { z } from 'zod'
import { KnownMentions } from '../mentions/schema.ts'
import { Id, Version } from '../primitives.ts'

/** `PUT /api/rooms/:id/read-marker/`: clamped to the room's last seq; lower than before marks as unread. */
export const NewReadMarker = z.object({ seq: z.int().nonnegative() })

export const ReadMarker = z
  .object({ room_id: Id, read_seq: z.int().nonnegative(), read_at_version: Version, user_version: Version })
  .extend(KnownMentions.shape)
  .meta({ id: 'ReadMarker' })
export type ReadMarker = z.infer<typeof ReadMarker>
