import type { Sessions } from '@grandchat/contracts/sessions/schema'
import type { Profiles as ProfilesAnswer } from '@grandchat/contracts/users/profile'
import type { Client } from './client.ts'
import { acceptInvite, createInvite, getInvite } from './invites/invites.ts'
import type { Members } from './memberships/members.ts'
import type { Conversations } from './conversations.ts'
import { type OpeningHooks, createConversationMethods } from './messages/methods.ts'
import type { People } from './people.ts'
import type { ReadMarkers } from './read-markers/read-markers.ts'
import type { Request } from './rest/request.ts'
import type { OwnState } from './own-rows/own-state.ts'
import { createRoomMethods } from './rooms/methods.ts'
import type { Rooms } from './rooms/rooms.ts'
import type { SearchMethods } from './search/search.ts'
import type { Engine } from './sync/engine.ts'
import { changeAvatar, changeProfile } from './users/change.ts'
import { createUser } from './users/create.ts'
import type { Profiles } from './users/profiles.ts'
import { listUsers, searchUsers } from './users/search.ts'

export type MethodsSetup = OpeningHooks & {
  rooms: Rooms
  conversations: Conversations
  members: Members
  readMarkers: ReadMarkers
  engine: Engine
  request: Request
  /** In the name of the one who is signed in. */
  ownRequest: Request
  search: SearchMethods
  people: People
  profiles: Profiles
  onProfiles: (answer: ProfilesAnswer) => void
  /** An account was made, and is signed in. */
  onSignedIn: () => Promise<void>
}

/** What can be done with the client, beside signing in and out. */
export function createMethods(
  setup: MethodsSetup,
): Omit<Client, 'session' | 'connection' | 'close' | 'receipts' | keyof OwnState> {
  const { rooms, conversations, members, readMarkers, engine, request, ownRequest } = setup

  return {
    ...createRoomMethods({
      rooms,
      members,
      engine,
      actions: conversations.actions,
      request: ownRequest,
      mergeAnswer: conversations.mergeAnswer,
    }),
    ...createConversationMethods(conversations, ownRequest, setup),
    readMarkers: {
      mark(roomId, seq) {
        conversations.windows.noteSeen(roomId, seq)
        readMarkers.mark(roomId, seq)
      },
      markUnread: (roomId, seq) => readMarkers.markUnread(roomId, seq),
      markAll: () => readMarkers.markAll(),
    },
    users: {
      search: (query, signal) => searchUsers(ownRequest, query, signal),
      list: (query, page, signal) => listUsers(ownRequest, query, page, signal),
      create: (account) => createUser(ownRequest, account),
      profile: (userId) => setup.profiles.get(userId),
    },
    me: {
      change: async (change) => setup.onProfiles(await changeProfile(ownRequest, change)),
      setAvatar: async (picture) => setup.onProfiles(await changeAvatar(ownRequest, picture)),
      changePassword: (current, next) => ownRequest('POST', '/api/me/password/', { body: { current, next } }),
    },
    sessions: {
      list: async () => (await ownRequest<Sessions>('GET', '/api/sessions/')).results,
      end: (sessionId) => ownRequest('DELETE', `/api/sessions/${sessionId}/`),
      endOthers: () => ownRequest('DELETE', '/api/sessions/'),
    },
    search: setup.search,
    ...setup.people.methods,
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
