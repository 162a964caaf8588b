import { useEffect, useMemo } from 'react'
import type { ReactNode } from 'react'
import type { MessageView, RoomView } from '@grandchat/client'
import { findMentions } from '@grandchat/contracts/messages/mentions'
import { foldUsername } from '@grandchat/contracts/users/username'
import type { User } from '@grandchat/contracts/users/schema'
import { useClient, useMe, useObservable, useTimeline } from '../client-context.tsx'
import { NamesProvider } from '../markdown/names.ts'
import type { Names } from '../markdown/names.ts'
import { displayName } from '../users/names.ts'

const mentions = /@[\p{L}\p{N}_[]/u
const none: readonly Said[] = []

type Said = Pick<MessageView, 'content' | 'user'>
type RoomNamesProps = { room: RoomView; children: ReactNode; beside?: readonly Said[] }

/**
 * Tells the messages below whom they mention: members of the room, whoever wrote in it, and the viewer's own rooms.
 * `beside`: messages that stand elsewhere than in their room.
 */
export function RoomNames({ room, children, beside = none }: RoomNamesProps) {
  const { members, rooms } = useClient()
  const me = useMe()
  const { messages } = useTimeline(room.id)
  const list = useObservable(useMemo(() => members.list(room.id), [members, room.id]))
  const own = useObservable(rooms.list)
  const isMentioning = useMemo(
    () =>
      beside === none
        ? messages.some(({ content }) => mentions.test(content))
        : beside.some(({ content }) => mentionsOthers(content, me.username)),
    [messages, beside, me.username],
  )
  // Who is here is asked only where somebody is mentioned.
  useEffect(() => (isMentioning ? members.open(room.id) : undefined), [members, room.id, isMentioning])

  const users = useMemo(() => {
    const wrote = [...messages, ...beside].map(({ user }) => user)
    const known: readonly User[] = [...wrote, me, ...list.members.map(({ user }) => user)]
    return new Map(known.map((user) => [foldUsername(user.username), user]))
  }, [messages, beside, list.members, me])

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

/** Who oneself is needs no asking. */
function mentionsOthers(content: string, username: string): boolean {
  return findMentions(content).users.some((name) => foldUsername(name) !== foldUsername(username))
}
