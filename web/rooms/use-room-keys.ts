import { useEffect } from 'react'
import { useClient } from '../client-context.tsx'
import { navigate, paths } from '../router.tsx'
import type { Route } from '../router.tsx'
import { groupRooms } from './group-rooms.ts'

/** Alt+Up and Alt+Down go to the room above and below in the list, round the ends. */
export function useRoomKeys(route: Route): void {
  const {
    rooms: { list },
    sections,
  } = useClient()
  const current = route.name === 'room' ? route.roomId : undefined

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
      if (step === 0 || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
      const rooms = groupRooms(list.get().rooms, current, sections.list.get(), sections.placements.get()).flatMap(
        (group) => group.rooms,
      )
      if (rooms.length === 0) return
      event.preventDefault()
      const at = rooms.findIndex((room) => room.id === current)
      const next = at === -1 ? (step === 1 ? 0 : rooms.length - 1) : (at + step + rooms.length) % rooms.length
      const room = rooms[next]
      if (room) navigate(paths.room(room.id))
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [list, sections, current])
}
