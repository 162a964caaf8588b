import type { Membership } from '@grandchat/contracts/memberships/schema'
import type { RowsChanged } from '@grandchat/contracts/realtime/rows-changed'
import type { ActionQueue } from '../actions/queue.ts'
import type { Client } from '../client.ts'
import type { Members } from '../memberships/members.ts'
import { addPerson, changeRole, join, leave, removePerson, searchMembers } from '../memberships/requests.ts'
import type { Request } from '../rest/request.ts'
import type { Engine } from '../sync/engine.ts'
import { createRoom, openDirect, searchRooms, setArchived, updateRoom } from './requests.ts'
import type { Rooms } from './rooms.ts'

export type RoomMethodsSetup = {
  rooms: Rooms
  members: Members
  engine: Engine
  actions: ActionQueue
  /** In the name of the one who is signed in. */
  request: Request
  /** Takes in the rows of an answer. */
  mergeAnswer: (changed: RowsChanged) => void
}

/** What can be done with rooms and with who is in them. An answer is shown at once; the events say the same. */
export function createRoomMethods(setup: RoomMethodsSetup): Pick<Client, 'rooms' | 'members'> {
  const { rooms, members, engine, actions, request } = setup

  /** The own row comes by its event, most often before the answer; without a socket it is fetched. */
  async function untilMember(roomId: number): Promise<void> {
    if (!rooms.isMember(roomId) || !rooms.entry(roomId)?.room) await engine.sync().catch(engine.suspect)
  }

  function merge(changed: RowsChanged): void {
    setup.mergeAnswer(changed)
    members.mergeRows(changed.room.id, changed.members ?? [])
  }

  function mergeMembership({ room, members: rows, message }: Membership): void {
    merge({ room, members: rows, messages: message ? [message] : [] })
  }

  return {
    rooms: {
      list: rooms.list,
      get: (roomId) => rooms.get(roomId),
      async create(room) {
        const created = await createRoom(request, room)
        await untilMember(created.id)
        return created
      },
      async openDirect(userIds) {
        const room = await openDirect(request, { user_ids: [...userIds] })
        await untilMember(room.id)
        return room
      },
      search: (query, options = {}) => searchRooms(request, query, options),
      update: async (roomId, update) => merge(await updateRoom(request, roomId, update)),
      archive: async (roomId) => merge(await setArchived(request, roomId, true)),
      restore: async (roomId) => merge(await setArchived(request, roomId, false)),
      setLevel: (roomId, level) =>
        actions.add({ kind: 'level', lane: 'own', key: `${roomId}`, body: { room_id: roomId, level } }),
      setMuted: (roomId, muted) =>
        actions.add({ kind: 'muted', lane: 'own', key: `${roomId}`, body: { room_id: roomId, muted } }),
      async join(roomId) {
        await join(request, roomId)
        await untilMember(roomId)
      },
      async leave(roomId) {
        const left = await leave(request, roomId)
        // Gone before, and perhaps back since: only a sync can tell.
        if (!left) return engine.sync().catch(engine.suspect)
        rooms.mergeRoom(left.room)
        rooms.noteLeft(roomId, left.room.version)
      },
    },
    members: {
      list: members.list,
      open: (roomId) => members.open(roomId),
      search: (roomId, query, signal) => searchMembers(request, roomId, query, signal),
      add: async (roomId, userId) => mergeMembership(await addPerson(request, roomId, userId)),
      async remove(roomId, userId) {
        const removed = await removePerson(request, roomId, userId)
        if (removed) mergeMembership(removed)
      },
      setRole: async (roomId, userId, role) => merge(await changeRole(request, roomId, userId, role)),
    },
  }
}
