import type { Reactions } from '@grandchat/contracts/reactions/schema'
import type { RowsChanged } from '@grandchat/contracts/realtime/events'
import type { How } from '../messages/requests.ts'
import type { Request } from '../rest/request.ts'
import type { ReactionActions } from './actions.ts'

const pathOf = (roomId: number, messageId: number) => `/api/rooms/${roomId}/messages/${messageId}/reactions/`

export function setReaction(
  request: Request,
  { room_id, message_id, emoji, isOn }: ReactionActions['react'],
  how: How,
) {
  const path = `${pathOf(room_id, message_id)}${encodeURIComponent(emoji)}/`
  return request<RowsChanged>(isOn ? 'PUT' : 'DELETE', path, how)
}

export async function fetchReactions(request: Request, roomId: number, messageId: number) {
  return (await request<Reactions>('GET', pathOf(roomId, messageId))).results
}
