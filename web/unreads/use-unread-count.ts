import { useClient, useObservable } from '../client-context.tsx'
import { isUnread } from './unread-rooms.ts'

/** How many messages wait in the rooms that are not muted. */
export function useUnreadCount(): number {
  const { rooms } = useObservable(useClient().rooms.list)
  return rooms.reduce((sum, room) => sum + (isUnread(room) ? room.unread : 0), 0)
}
