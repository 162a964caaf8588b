import { useEffect, useMemo, useState } from 'react'
import type { RoomView } from '@grandchat/client'
import { writeMention } from '@grandchat/contracts/messages/mention-words'
import type { DiscoveredRoom } from '@grandchat/contracts/rooms/schema'
import type { User } from '@grandchat/contracts/users/schema'
import { useClient, useMe, useObservable, useRoom } from '../client-context.tsx'
import { useEmoji, withTone } from '../emoji/emoji.ts'
import type { Emoji } from '../emoji/emoji.ts'
import { recentEmoji } from '../emoji/recent.ts'
import { searchEmoji } from '../emoji/search.ts'
import { say } from '../locales/words.ts'
import { useMemberSearch } from '../memberships/use-member-search.ts'
import { displayName } from '../users/names.ts'
import { nearest, nearness } from './nearness.ts'
import type { Query } from './query.ts'

/** What may stand in the place of what was typed. `insert` is what the text will hold. */
export type Suggestion = { key: string; insert: string; label: string; detail?: string; look: Look }
type Look = { user: User } | { glyph: string } | { room: RoomView['kind'] } | { everyone: true }

const most = 8
const pauseMs = 150

/** Suggestions for what is being typed, the nearest first; undefined while nothing is to be completed. */
export function useSuggestions(roomId: number, query: Query | undefined): readonly Suggestion[] | undefined {
  const wordOf = (sign: Query['sign']) => (query?.sign === sign ? query.word : undefined)
  const users = useUsers(roomId, wordOf('@'))
  const rooms = useRooms(wordOf('#'))
  const emoji = useGlyphs(wordOf(':'))
  return query && { '@': users, '#': rooms, ':': emoji }[query.sign]
}

function useUsers(roomId: number, word: string | undefined): readonly Suggestion[] {
  const { members } = useClient()
  const me = useMe()
  const count = useRoom(roomId)?.member_count ?? 0
  const isWanted = word !== undefined
  useEffect(() => (isWanted ? members.open(roomId) : undefined), [members, roomId, isWanted])
  const list = useObservable(useMemo(() => members.list(roomId), [members, roomId]))
  const found = useMemberSearch(roomId, word ?? '', isWanted && list.members.length < count)
  return useMemo(() => {
    if (word === undefined) return []
    const all = new Map([...list.members, ...(found?.members ?? [])].map(({ user }) => [user.id, user]))
    all.delete(me.id)
    const people = nearest([...all.values()], (user) => nearness(word, user.username, user.display_name), most)
    const groups = (['here', 'all'] as const).filter((group) => group.startsWith(word.toLowerCase()))
    return [...people.flatMap(suggestUser), ...groups.map(suggestGroup)]
  }, [word, list, found, me.id])
}

function suggestUser(user: User): Suggestion[] {
  const insert = writeMention('@', user.username)
  if (insert === undefined) return []
  const label = displayName(user)
  const detail = label === user.username ? {} : { detail: `@${user.username}` }
  return [{ key: `user-${user.id}`, insert, label, ...detail, look: { user } }]
}

function suggestGroup(group: 'here' | 'all'): Suggestion {
  const detail = say(group === 'here' ? 'complete.here' : 'complete.all')
  return { key: group, insert: `@${group}`, label: `@${group}`, detail, look: { everyone: true } }
}

function useRooms(word: string | undefined): readonly Suggestion[] {
  const { rooms } = useClient()
  const own = useObservable(rooms.list).rooms
  const [others, setOthers] = useState<readonly DiscoveredRoom[]>([])
  useEffect(() => {
    if (word === undefined) return undefined
    const abort = new AbortController()
    const search = () =>
      rooms.search(word, { signal: abort.signal }).then(
        (found) => !abort.signal.aborted && setOthers(found),
        () => undefined,
      )
    const timer = setTimeout(() => void search(), pauseMs)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [rooms, word])
  return useMemo(() => {
    if (word === undefined) return []
    const mine = own.filter(({ kind }) => kind !== 'direct')
    const ids = new Set(mine.map(({ id }) => id))
    const all = [
      ...mine.map(({ id, name, kind }) => ({ id, name, kind })),
      ...others.filter(({ id }) => !ids.has(id)).map(({ id, name }) => ({ id, name, kind: 'public' as const })),
    ]
    return nearest(all, ({ name }) => nearness(word, name), most).flatMap(suggestRoom)
  }, [word, own, others])
}

function suggestRoom({ id, name, kind }: Pick<RoomView, 'id' | 'name' | 'kind'>): Suggestion[] {
  const insert = writeMention('#', name)
  return insert === undefined ? [] : [{ key: `room-${id}`, insert, label: name, look: { room: kind } }]
}

function useGlyphs(word: string | undefined): readonly Suggestion[] {
  const emoji = useEmoji(word !== undefined)
  return useMemo(() => {
    if (word === undefined || !emoji) return []
    const found = searchEmoji(emoji.all, word, most * 3)
    // Those one uses come first.
    const recent = recentEmoji()
    const isKnown = (one: Emoji) => recent.includes(one.emoji) || one.tones.some((tone) => recent.includes(tone))
    const ordered = [...found.filter(isKnown), ...found.filter((one) => !isKnown(one))]
    return ordered.slice(0, most).map((one) => {
      const glyph = withTone(one)
      return { key: one.emoji, insert: glyph, label: `:${one.codes[0]}:`, look: { glyph } }
    })
  }, [word, emoji])
}
