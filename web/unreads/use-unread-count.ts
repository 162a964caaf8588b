import { useShownRooms } from '../rooms/closing.ts'
import { isUnread } from './unread-rooms.ts'

/** How many messages wait in the rooms that are not muted. */
export function useUnreadCount(): number {
  return useShownRooms().reduce((sum, room) => sum + (isUnread(room) ? room.unread : 0), 0)
}
