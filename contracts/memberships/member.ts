import { z } from 'zod'
import { Time, Version } from '../primitives.ts'
import { MemberRole } from '../rooms/schema.ts'
import { User } from '../users/schema.ts'

/**
 * A membership as all members see it, a tombstone once `left_at` is set. `version` is the room's at its last change.
 * `delivered_seq` and `seen_seq`: up to where a device of theirs has been told of the room's messages, and up to where they
 * have read. They only rise, and stand still where the room has more than `limits.receiptMembers`.
 */
export const Member = z
  .object({
    user: User,
    role: MemberRole,
    joined_at: Time,
    left_at: Time.nullable(),
    delivered_seq: z.int().nonnegative(),
    seen_seq: z.int().nonnegative(),
    version: Version,
  })
  .meta({ id: 'Member' })
export type Member = z.infer<typeof Member>
