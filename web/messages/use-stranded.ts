import type { PendingMessage } from '@grandchat/client'
import { useClient, useObservable } from '../client-context.tsx'

/** Own messages that were refused, in rooms that one is no longer in: their rooms cannot show them. */
export function useStranded(): PendingMessage[] {
  const client = useClient()
  const { status, rooms } = useObservable(client.rooms.list)
  const unsent = useObservable(client.messages.unsent)
  if (status !== 'ready') return []
  return unsent.filter(({ room_id, state }) => state === 'failed' && !rooms.some(({ id }) => id === room_id))
}
