import { useClient, useObservable } from '../client-context.tsx'
import { isQuiet } from '../rooms/attention.ts'

/** How many mentions wait in the rooms that one wants to hear of. */
export function useMentionCount(): number {
  const { rooms } = useObservable(useClient().rooms.list)
  return rooms.reduce((sum, room) => sum + (isQuiet(room) ? 0 : room.unread_mentions.length), 0)
}
