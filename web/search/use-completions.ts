import { useEffect, useState } from 'react'
import type { User } from '@grandchat/contracts/users/schema'
import { fold } from '@grandchat/contracts/search/fold'
import { features } from '@grandchat/contracts/search/query'
import type { RoomView } from '@grandchat/client'
import { useClient, useObservable } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import { displayName } from '../users/names.ts'
import type { Token } from './tokens.ts'

/** A way to finish the filter that is being typed. */
export type Completion = { id: string; key: string; value: string; label: string; note?: string; user?: User }

const most = 6

/** People, rooms or things that messages have, as far as they fit what was typed. */
export function useCompletions(token: Token | undefined): readonly Completion[] {
  const { rooms } = useObservable(useClient().rooms.list)
  const people = usePeople(token?.key === 'from' ? token.value : undefined)
  if (!token) return []
  const completions = complete(token, rooms, people)
  // What is whole already needs no help.
  return completions.some(({ value }) => fold(value) === fold(token.value)) ? [] : completions
}

function complete(token: Token, rooms: readonly RoomView[], people: readonly User[]): readonly Completion[] {
  const typed = fold(token.value.replace(/^[@#]/, ''))
  switch (token.key) {
    case 'from': {
      const me = { id: 'me', key: 'from', value: 'me', label: say('search.from.me') }
      const others = people.map((user) => ({
        id: `user-${user.id}`,
        key: 'from',
        value: user.username,
        label: displayName(user),
        note: user.username,
        user,
      }))
      return [...('me'.startsWith(typed) ? [me] : []), ...others].slice(0, most)
    }
    case 'in':
      return rooms
        .filter((room) => fold(room.title).includes(typed))
        .slice(0, most)
        .map((room) => ({ id: `room-${room.id}`, key: 'in', value: nameOf(room, rooms), label: room.title }))
    case 'has':
      return features
        .filter((feature) => feature.startsWith(typed))
        .map((feature) => ({ id: feature, key: 'has', value: feature, label: sayFeature(feature) }))
    case 'before':
    case 'after':
      return daysAgo
        .map(({ days, label }) => ({ id: label, key: token.key ?? '', value: dayBefore(days), label: say(label) }))
        .filter(({ value }) => value.startsWith(typed))
        .map((completion) => ({ ...completion, note: completion.value }))
    default:
  }
  return []
}

const daysAgo = [
  { days: 0, label: 'time.today' },
  { days: 7, label: 'search.week_ago' },
  { days: 30, label: 'search.month_ago' },
  { days: 365, label: 'search.year_ago' },
] as const

const dayBefore = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)

type Named = { id: number; name: string }

/** Its name, where there is no other of the same; the server knows rooms without one by their number. */
function nameOf(room: Named, rooms: readonly Named[]): string {
  const isUnique = rooms.filter(({ name }) => fold(name) === fold(room.name)).length === 1
  return room.name !== '' && isUnique ? room.name : String(room.id)
}

export function sayFeature(feature: (typeof features)[number]): string {
  return say(featureKeys[feature])
}

const featureKeys = {
  link: 'search.has.link',
  code: 'search.has.code',
  reaction: 'search.has.reaction',
  pin: 'search.has.pin',
  thread: 'search.has.thread',
} as const

/** People whose names hold what was typed; without a network nobody. */
function usePeople(typed: string | undefined): readonly User[] {
  const { users } = useClient()
  const [people, setPeople] = useState<readonly User[]>([])
  useEffect(() => {
    if (typed === undefined) return undefined
    const abort = new AbortController()
    users
      .search(typed.replace(/^@/, ''), abort.signal)
      .then((found) => abort.signal.aborted || setPeople(found))
      .catch(() => undefined)
    return () => abort.abort()
  }, [users, typed])
  return typed === undefined ? [] : people
}
