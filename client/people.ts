import type { PresenceAnswer } from '@grandchat/contracts/presence/schema'
import type { Client } from './client.ts'
import type { Environment } from './environment.ts'
import { createHereCount } from './presence/here-count.ts'
import { createPresence } from './presence/presence.ts'
import { createHere } from './realtime/here.ts'
import type { Realtime } from './realtime/realtime.ts'
import type { Request } from './rest/request.ts'
import type { Rooms } from './rooms/rooms.ts'
import type { MakeSource } from './source.ts'
import { createTyping } from './typing/typing.ts'
import type { Directory } from './users/directory.ts'

export type PeopleSetup = {
  environment: Environment
  source: MakeSource
  directory: Directory
  rooms: Rooms
  viewerId: () => number | undefined
  realtime: () => Realtime | undefined
  ownRequest: Request
}

export type People = ReturnType<typeof createPeople>

/** Who is there, and who writes. */
export function createPeople(setup: PeopleSetup) {
  const { environment, source, directory, rooms, viewerId, realtime, ownRequest } = setup
  const here = createHere({
    environment,
    rooms,
    visit: (channel, listener) => realtime()?.visit(channel, listener),
    onPublication: (roomId, from, data) => typing.receive(roomId, from, data),
    onChange(roomId) {
      typing.leave(roomId)
      hereCount.check(roomId)
    },
  })
  const typing = createTyping({
    environment,
    source,
    directory,
    viewerId,
    publish: (roomId, data) => here.publish(roomId, data),
  })
  const hereCount = createHereCount({ environment, source, count: (roomId) => here.count(roomId) })
  const onlineUsers = createPresence({
    environment,
    source,
    isSignedIn: () => viewerId() !== undefined,
    fetchOnline: (ids) => ownRequest<PresenceAnswer>('GET', `/api/presence/?users=${ids.join(',')}`),
  })
  const methods: Pick<Client, 'typing' | 'presence'> = {
    typing: {
      in: (roomId, threadId) => typing.in(roomId, threadId),
      write: (roomId, isWriting, threadId) => typing.write(roomId, isWriting, threadId),
    },
    presence: { get: (userId) => onlineUsers.get(userId), here: (roomId) => hereCount.in(roomId) },
  }

  return {
    methods,
    /** The room is on screen until the returned function is called. */
    open: (roomId: number) => here.open(roomId),
    /** The room, or whether the viewer is in it, has changed. */
    check: (roomId: number) => here.check(roomId),
    namesChanged: () => typing.namesChanged(),
    start() {
      here.start()
      onlineUsers.looked()
    },
    looked() {
      here.looked()
      onlineUsers.looked()
    },
    stop() {
      here.stop()
      onlineUsers.stop()
    },
  }
}
