import { z } from 'zod'
import { Id, NameQuery, Time, Version } from '../primitives.ts'
import { Member } from './member.ts'
import { MessageRow } from '../messages/schema.ts'
import { MemberRole, Room, ViewerState } from '../rooms/schema.ts'
import { User } from '../users/schema.ts'

export { Member }

/** `GET /api/rooms/:id/members/?q=`: those alone whose names hold `q`. */
export const MemberQuery = NameQuery

/** `PATCH /api/rooms/:id/members/:user_id/` */
export const RoleChange = z.object({ role: MemberRole })
export type RoleChange = z.infer<typeof RoleChange>

/**
 * The body of `user_joined` and `user_left`, and the answer to a join or leave. `members` are the rows of the room
 * that changed with it: the one who joined or left, and one who became owner because the last owner left. `message` is
 * the system line that tells of it.
 */
export const Membership = z
  .object({ room: Room, user: User, members: z.array(Member), message: MessageRow.nullable() })
  .meta({ id: 'Membership' })
export type Membership = z.infer<typeof Membership>

/**
 * A user's own side of a membership, private to them. Of two rows the one with the higher `own_version` is right, and
 * of two with the same the one with the higher `read_at_version`.
 * `unread_mentions` follow the room, not these: of two the one with the higher `mentions_version` is right.
 * An own message of a version above `read_at_version` moves `read_seq` to its seq without a row being sent.
 */
export const OwnMembership = ViewerState.extend({
  room_id: Id,
  left_at: Time.nullable(),
  read_at_version: Version,
  /** The room's version at which this was read. */
  mentions_version: Version,
  own_version: Version,
}).meta({ id: 'OwnMembership' })
export type OwnMembership = z.infer<typeof OwnMembership>

/** `PATCH /api/rooms/:id/own/`: what is left out stays. */
export const OwnMembershipChange = ViewerState.pick({ level: true, muted: true }).partial()
export type OwnMembershipChange = z.infer<typeof OwnMembershipChange>
