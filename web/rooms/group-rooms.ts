import type { Client, RoomView, SectionView } from '@grandchat/client'
import { useClient, useObservable } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import { isClosed } from './closing.ts'

/** A part of the list. `section` is one of the viewer's own, which they may rename and remove. */
export type RoomGroup = {
  key: string
  title: string
  label: string
  section?: SectionView
  rooms: readonly RoomView[]
}

export const favourites = 'favourites'

/** How one has arranged one's rooms. */
type Arrangement = {
  sections: readonly SectionView[]
  placements: ReturnType<Client['sections']['placements']['get']>
  closings: ReturnType<Client['sections']['closings']['get']>
}

/**
 * One's rooms as the sidebar shows them, in the order in which the keys go through them: favourites and one's own sections
 * as one has put them there, then all others. Archived ones and those put away are not in it, but for the one that is open.
 */
export function groupRooms(
  rooms: readonly RoomView[],
  currentId: number | undefined,
  { sections, placements, closings }: Arrangement,
): RoomGroup[] {
  const shown = rooms.filter(
    (room) => room.id === currentId || (room.archived_at === null && !isClosed(room, closings)),
  )
  const known = new Set([favourites, ...sections.map(({ id }) => id)])
  const positionOf = ({ id }: RoomView) => placements.get(id)?.position ?? 0
  const placeOf = ({ id }: RoomView) => {
    const place = placements.get(id)?.section
    return place !== undefined && known.has(place) ? place : undefined
  }
  const placed = (place: string) =>
    shown.filter((room) => placeOf(room) === place).sort((a, b) => positionOf(a) - positionOf(b))
  const elsewhere = shown.filter((room) => placeOf(room) === undefined)
  const titled = (key: string, title: string, of: readonly RoomView[]) => ({ key, title, label: title, rooms: of })
  return [
    titled(favourites, say('sections.favourites'), placed(favourites)),
    ...sections.map((section) => ({ ...titled(section.id, section.name, placed(section.id)), section })),
    {
      key: 'rooms',
      title: say('rooms.title'),
      label: say('rooms.list'),
      rooms: elsewhere.filter(({ kind }) => kind !== 'direct'),
    },
    titled(
      'direct',
      say('direct.title'),
      elsewhere.filter(({ kind }) => kind === 'direct'),
    ),
  ].filter((group) => group.rooms.length > 0 || 'section' in group)
}

export function useRoomGroups(currentId: number | undefined): RoomGroup[] {
  const client = useClient()
  const { rooms } = useObservable(client.rooms.list)
  const sections = useObservable(client.sections.list)
  const placements = useObservable(client.sections.placements)
  return groupRooms(rooms, currentId, { sections, placements, closings: useObservable(client.sections.closings) })
}
