import type { Client } from '@grandchat/client'
import { navigate, paths } from '../router.tsx'
import type { Route } from '../router.tsx'
import { groupRooms } from './group-rooms.ts'

/** Goes to the room above or below in the list, round the ends; with `onlyUnread` to the next with something new. */
export function goToRoom({ rooms, sections }: Client, route: Route, step: 1 | -1, onlyUnread: boolean): void {
  const current = route.name === 'room' ? route.roomId : undefined
  const [placements, closings] = [sections.placements.get(), sections.closings.get()]
  const groups = groupRooms(rooms.list.get().rooms, current, { sections: sections.list.get(), placements, closings })
  const listed = groups
    .flatMap((group) => group.rooms)
    .filter(({ id, unread, muted }) => !onlyUnread || id === current || (unread > 0 && !muted))
  if (listed.length === 0) return
  const at = listed.findIndex((room) => room.id === current)
  const next = at === -1 ? (step === 1 ? 0 : listed.length - 1) : (at + step + listed.length) % listed.length
  const room = listed[next]
  if (room && room.id !== current) navigate(paths.room(room.id))
}
