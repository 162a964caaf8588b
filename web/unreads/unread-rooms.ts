import { useMemo, useState } from 'react'
import type { RoomView } from '@grandchat/client'
import { useClient, useObservable } from '../client-context.tsx'
import { useShownRooms } from '../rooms/closing.ts'
import { favourites } from '../rooms/group-rooms.ts'

export function isUnread({ unread, muted }: RoomView): boolean {
  return unread > 0 && !muted
}

/**
 * The rooms with something unread: favourites first, then those with the newest word. They keep their places while one
 * looks at them; a room that has something new joins at the end.
 */
export function useUnreadRooms(): readonly RoomView[] {
  const { sections } = useClient()
  const shown = useShownRooms()
  const placements = useObservable(sections.placements)
  const unread = useMemo(() => {
    const isFavourite = ({ id }: RoomView) => placements.get(id)?.section === favourites
    const found = shown.filter(isUnread)
    return [...found.filter(isFavourite), ...found.filter((room) => !isFavourite(room))]
  }, [shown, placements])
  const [order, setOrder] = useState<readonly number[]>([])
  const next = nextOrder(order, unread)
  if (next !== order) setOrder(next)
  const byId = new Map(unread.map((room) => [room.id, room]))
  return next.flatMap((id) => byId.get(id) ?? [])
}

/** The places of before, without those that were read. */
export function nextOrder(order: readonly number[], unread: readonly Pick<RoomView, 'id'>[]): readonly number[] {
  const ids = new Set(unread.map(({ id }) => id))
  const known = order.filter((id) => ids.has(id))
  const next = [...new Set([...known, ...ids])]
  return next.length === order.length && next.every((id, i) => id === order[i]) ? order : next
}
