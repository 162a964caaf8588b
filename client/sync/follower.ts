import type { RoomChange } from './change.ts'

/** A part of the client that keeps something of rooms current while somebody looks, beside their windows. */
export type Follower = {
  /** A room's event, in whatever order. */
  receive: (change: RoomChange) => void
  /** The room was heard to have moved on. */
  noteHead: (roomId: number) => void
  /** Requests can be made (again): what is missing is asked for. */
  attend: (roomId: number) => void
  attendAll: () => void
  /** The viewer is no member any more. */
  drop: (roomId: number) => void
  /** Everything is to be read anew. */
  reset: () => void
}
