import type { HistoryPage, MessageAdded } from '@grandchat/contracts/messages/schema'
import type { Request } from '../rest/request.ts'
import type { OutgoingMessage } from '../storage/storage.ts'

/** A page of history, newest first, of messages with an id below `before`. */
export function fetchHistory(
  request: Request,
  roomId: number,
  query: { before?: number; limit: number },
): Promise<HistoryPage> {
  return request<HistoryPage>('GET', `/api/rooms/${roomId}/messages/`, { query })
}

/** Sends, or learns that the message arrived before. */
export function postMessage(request: Request, message: OutgoingMessage, signal: AbortSignal): Promise<MessageAdded> {
  const { room_id, user_id, content, client_message_id } = message
  const body = { content, client_message_id }
  return request<MessageAdded>('POST', `/api/rooms/${room_id}/messages/`, { body, signal, userId: user_id })
}
