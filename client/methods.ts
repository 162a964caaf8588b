import type { Client } from './client.ts'
import { acceptInvite, createInvite, getInvite } from './invites/invites.ts'
import type { Members } from './memberships/members.ts'
import { join, leave, searchMembers } from './memberships/requests.ts'
import type { Conversations } from './conversations.ts'
import { createConversationMethods } from './messages/methods.ts'
import type { ReadMarkers } from './read-markers/read-markers.ts'
import type { Request } from './rest/request.ts'
import { createRoom, openDirect, searchRooms } from './rooms/requests.ts'
import type { Rooms } from './rooms/rooms.ts'
import type { Engine } from './sync/engine.ts'
import { createUser } from './users/create.ts'
import { searchUsers } from './users/search.ts'

export type MethodsSetup = {
  rooms: Rooms
  conversations: Conversations
  members: Members
  readMarkers: ReadMarkers
  engine: Engine
  request: Request
  /** In the name of the one who is signed in. */
  ownRequest: Request
  typing: Client['typing']
  presence: Client['presence']
  /** Returns what to do when it is closed. */
  onOpened: (roomId: number) => () => void
  /** An account was made, and is signed in. */
  onSignedIn: () => Promise<void>
}

/** What can be done with the client, beside signing in and out. */
export function createMethods(setup: MethodsSetup): Omit<Client, 'session' | 'connection' | 'close'> {
  const { rooms, conversations, members, readMarkers, engine, request, ownRequest } = setup

  /** The own row comes by its event, most often before the answer; without a socket it is fetched. */
  async function untilMember(roomId: number): Promise<void> {
    if (!rooms.isMember(roomId) || !rooms.entry(roomId)?.room) await engine.sync().catch(engine.suspect)
  }

  return {
    rooms: {
      list: rooms.list,
      get: (roomId) => rooms.get(roomId),
      async create(room) {
        const created = await createRoom(ownRequest, room)
        await untilMember(created.id)
        return created
      },
      async openDirect(userIds) {
        const room = await openDirect(ownRequest, { user_ids: [...userIds] })
        await untilMember(room.id)
        return room
      },
      search: (query, options = {}) => searchRooms(ownRequest, query, options),
      async join(roomId) {
        await join(ownRequest, roomId)
        await untilMember(roomId)
      },
      async leave(roomId) {
        const left = await leave(ownRequest, roomId)
        // Gone before, and perhaps back since: only a sync can tell.
        if (!left) return engine.sync().catch(engine.suspect)
        rooms.mergeRoom(left.room)
        rooms.noteLeft(roomId, left.room.version)
      },
    },
    ...createConversationMethods(conversations, ownRequest, setup.onOpened),
    readMarkers: {
      mark(roomId, seq) {
        conversations.windows.noteSeen(roomId, seq)
        readMarkers.mark(roomId, seq)
      },
    },
    members: {
      list: members.list,
      open: (roomId) => members.open(roomId),
      search: (roomId, query, signal) => searchMembers(ownRequest, roomId, query, signal),
    },
    users: {
      search: (query, signal) => searchUsers(ownRequest, query, signal),
      create: (account) => createUser(ownRequest, account),
    },
    typing: setup.typing,
    presence: setup.presence,
    invites: {
      create: () => createInvite(ownRequest),
      get: (code) => getInvite(request, code),
      async accept(code, account) {
        await acceptInvite(request, code, account)
        await setup.onSignedIn()
      },
    },
  }
}
