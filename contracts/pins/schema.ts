import { z } from 'zod'
import { Id, Time, Version } from '../primitives.ts'
import { User } from '../users/schema.ts'

/** A message that is kept at hand for the whole room, by `user`; a tombstone once `unpinned_at` is set. */
export const PinRow = z
  .object({ message_id: Id, user: User, pinned_at: Time, unpinned_at: Time.nullable(), version: Version })
  .meta({ id: 'PinRow' })
export type PinRow = z.infer<typeof PinRow>
