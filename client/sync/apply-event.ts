import type { Event, Events, EventType, RoomEvent } from '@grandchat/contracts/realtime/events'
import type { MessageRow } from '@grandchat/contracts/messages/schema'
import type { Windows } from '../messages/windows.ts'
import type { OwnRows } from '../own-rows/own-rows.ts'
import type { Rooms } from '../rooms/rooms.ts'
import type { Directory } from '../users/directory.ts'
import { toRoomChange } from './change.ts'
import type { Follower } from './follower.ts'
import type { Stream } from './stream.ts'

export type ApplyEventSetup = {
  rooms: Rooms
  windows: Windows
  followers: readonly Follower[]
  directory: Directory
  ownRows: OwnRows
  own: Stream
  workspace: Stream
  viewerId: () => number | undefined
  onOwnMessage: (row: MessageRow) => void
  onNames: () => void
  /** Something may be missing, in this room. */
  suspect: (roomId?: number) => void
}

/** Applies publications in whatever order they come, once or many times. Unknown types are ignored. */
export function createApplyEvent(setup: ApplyEventSetup): (event: Event) => void {
  const { rooms, windows, followers, own, workspace, suspect } = setup

  function applyRoomEvent(event: RoomEvent) {
    const { room, change } = toRoomChange(event)
    rooms.mergeRoom(room)
    rooms.noteEvent(room.id, room.version, change.messages)
    for (const row of change.messages) if (row.user.id === setup.viewerId()) applyOwnMessage(row)
    windows.receive(change)
    for (const follower of followers) follower.receive(change)
    if (rooms.hasLeft(room.id)) return
    if (!rooms.isMember(room.id) || rooms.entry(room.id)?.seen.hasGap) suspect(room.id)
  }

  /** Its place among others may not be known yet, but it must not vanish between being pending and being there. */
  function applyOwnMessage(row: MessageRow) {
    rooms.noteOwnMessage(row)
    if (row.client_message_id === null) return
    windows.mergeRows(row.room_id, { messages: [row] })
    setup.onOwnMessage(row)
  }

  const table: { [T in EventType]: (body: Events[T]) => void } = {
    message_added: (body) => applyRoomEvent({ type: 'message_added', body }),
    user_joined(body) {
      applyRoomEvent({ type: 'user_joined', body })
      if (body.user.id !== setup.viewerId()) return
      rooms.noteMember(body.room.id, body.room.version)
      // The own row of a rejoin may have been lost.
      if (!rooms.isMember(body.room.id)) suspect()
    },
    user_left(body) {
      applyRoomEvent({ type: 'user_left', body })
      if (body.user.id === setup.viewerId()) rooms.noteLeft(body.room.id, body.room.version)
    },
    rows_changed: (body) => applyRoomEvent({ type: 'rows_changed', body }),
    room_changed({ room }) {
      rooms.noteHead(room.id, room.version)
      suspect(room.id)
    },
    own_changed({ user_version, memberships, rows = [] }) {
      // What is known already was told by an answer, rooms that are gone since included.
      if (!own.arrive(user_version)) return
      for (const row of memberships) rooms.mergeOwn(row)
      for (const row of rows) setup.ownRows.merge(row)
      if (own.hasGap || memberships.some(({ room_id }) => !rooms.entry(room_id)?.room)) suspect()
    },
    workspace_changed({ workspace_version, users }) {
      if (!workspace.arrive(workspace_version)) return
      setup.directory.merge(users, workspace_version)
      setup.onNames()
      if (workspace.hasGap) suspect()
    },
  }

  return (event) => {
    if (Object.hasOwn(table, event.type)) (table[event.type] as (body: Event['body']) => void)(event.body)
  }
}
