import type { RoomView } from '@grandchat/client'
import { say } from '../locales/words.ts'

export type RoomGroup = { key: string; title: string; label: string; rooms: readonly RoomView[] }

/**
 * One's rooms as the sidebar shows them, in the order in which the keys go through them. Archived ones are out of the way,
 * but for the one that is open.
 */
export function groupRooms(rooms: readonly RoomView[], currentId: number | undefined): RoomGroup[] {
  const shown = rooms.filter(({ id, archived_at }) => archived_at === null || id === currentId)
  const groups = [
    {
      key: 'rooms',
      title: say('rooms.title'),
      label: say('rooms.list'),
      rooms: shown.filter(({ kind }) => kind !== 'direct'),
    },
    {
      key: 'direct',
      title: say('direct.title'),
      label: say('direct.title'),
      rooms: shown.filter(({ kind }) => kind === 'direct'),
    },
  ]
  return groups.filter((group) => group.rooms.length > 0)
}
