import type { OwnMembershipChange } from '@grandchat/contracts/memberships/schema'

/** What the viewer wants to hear of a room: one thing at a time, so that a later wish takes the place of its like. */
export type MembershipActions = {
  level: { room_id: number; level: NonNullable<OwnMembershipChange['level']> }
  muted: { room_id: number; muted: boolean }
}
