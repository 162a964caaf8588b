import { useEffect, useMemo } from 'react'
import type { ReactNode } from 'react'
import type { RoomView } from '@grandchat/client'
import { foldUsername } from '@grandchat/contracts/users/username'
import type { User } from '@grandchat/contracts/users/schema'
import { useClient, useMe, useObservable, useTimeline } from '../client-context.tsx'
import { NamesProvider } from '../markdown/names.ts'
import type { Names } from '../markdown/names.ts'
import { displayName } from '../users/names.ts'

const mentions = /@[\p{L}\p{N}_[]/u

/** Tells the messages below whom they mention: members of the room, whoever wrote in it, and the viewer's own rooms. */
export function RoomNames({ room, children }: { room: RoomView; children: ReactNode }) {
  const { members, rooms } = useClient()
  const me = useMe()
  const { messages } = useTimeline(room.id)
  const list = useObservable(useMemo(() => members.list(room.id), [members, room.id]))
  const own = useObservable(rooms.list)
  const isMentioning = useMemo(() => messages.some(({ content }) => mentions.test(content)), [messages])
  // Who is here is asked only where somebody is mentioned.
  useEffect(() => (isMentioning ? members.open(room.id) : undefined), [members, room.id, isMentioning])

  const users = useMemo(() => {
    const known: readonly User[] = [...messages.map(({ user }) => user), ...list.members.map(({ user }) => user)]
    return new Map(known.map((user) => [foldUsername(user.username), user]))
  }, [messages, list.members])

  const names = useMemo((): Names => {
    return {
      findUser(username) {
        const user = users.get(foldUsername(username))
        return user && { name: displayName(user), isMe: user.id === me.id }
      },
      findRoom(name) {
        const wanted = name.toLowerCase()
        return own.rooms.find((each) => each.kind !== 'direct' && each.name.toLowerCase() === wanted)
      },
    }
  }, [users, own.rooms, me.id])
  return <NamesProvider value={names}>{children}</NamesProvider>
}
