import type { Membership, OwnMembership } from '../memberships/schema.ts'
import type { MessageAdded } from '../messages/schema.ts'
import type { OwnRow } from '../own-rows/schema.ts'
import type { Profiles } from '../users/profile.ts'
import type { RowsChanged } from './rows-changed.ts'

export type { RowsChanged } from './rows-changed.ts'

/**
 * What a publication's `data` may be. A room event carries its room's whole summary at its version; clients drop what
 * is not newer than what they have, and ignore types that they do not know.
 */
export type Events = {
  message_added: MessageAdded
  user_joined: Membership
  user_left: Membership
  /** Every change of a room that has no event of its own in this list. */
  rows_changed: RowsChanged
  /** A nudge that stands for events that could not be sent, and for a change that has no event of its own. */
  room_changed: { room: { id: number; version: number } }
  /** Own rows of the one user who reads this channel. A row of a room just joined or created comes before its event. */
  own_changed: { user_version: number; memberships: OwnMembership[]; rows?: OwnRow[] }
  workspace_changed: Profiles
}

export type EventType = keyof Events
export type Event = { [T in EventType]: { type: T; body: Events[T] } }[EventType]
export type RoomEventType = 'message_added' | 'user_joined' | 'user_left' | 'rows_changed'
export type RoomEvent = Extract<Event, { type: RoomEventType }>
