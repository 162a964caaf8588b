import { isQuiet } from '../rooms/attention.ts'
import { useShownRooms } from '../rooms/closing.ts'

/** How many mentions wait in the rooms that one wants to hear of. */
export function useMentionCount(): number {
  return useShownRooms().reduce((sum, room) => sum + (isQuiet(room) ? 0 : room.unread_mentions.length), 0)
}
