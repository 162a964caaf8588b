import type { HistoryPage, MessageAdded, MessageEdits } from '@grandchat/contracts/messages/schema'
import type { RowsChanged } from '@grandchat/contracts/realtime/events'
import type { Method, Request } from '../rest/request.ts'
import type { OutgoingMessage } from '../storage/storage.ts'

/** Messages below, above or around an id; of a thread, or of the room's own timeline. */
export type HistoryQuery = { before?: number; after?: number; around?: number; thread?: number; limit: number }

/** A page of history, newest first. */
export function fetchHistory(request: Request, roomId: number, query: HistoryQuery): Promise<HistoryPage> {
  return request<HistoryPage>('GET', `/api/rooms/${roomId}/messages/`, { query })
}

/** Those of these messages that are there, in whichever timeline of the room. */
export function fetchMessages(request: Request, roomId: number, ids: readonly number[]): Promise<HistoryPage> {
  return request<HistoryPage>('GET', `/api/rooms/${roomId}/messages/`, { query: { ids: ids.join(',') } })
}

export async function fetchEdits(
  request: Request,
  roomId: number,
  messageId: number,
): Promise<MessageEdits['results']> {
  const path = `/api/rooms/${roomId}/messages/${messageId}/edits/`
  return (await request<MessageEdits>('GET', path)).results
}

export type Target = { room_id: number; message_id: number }
export type How = { signal: AbortSignal; userId: number }

/** Sets something of a message; the answer is the body of its event. */
export function setOfMessage(
  request: Request,
  method: Method,
  { room_id, message_id }: Target,
  how: How & { body?: unknown },
) {
  return request<RowsChanged>(method, `/api/rooms/${room_id}/messages/${message_id}/`, how)
}

/** Nobody is here any more for the answer. */
export function removeWhileLeaving(request: Request, { room_id, message_id }: Target): void {
  const path = `/api/rooms/${room_id}/messages/${message_id}/`
  request('DELETE', path, { outlivesPage: true }).catch(() => undefined)
}

/** Sends, or learns that the message arrived before. */
export function postMessage(request: Request, message: OutgoingMessage, signal: AbortSignal): Promise<MessageAdded> {
  const { room_id, user_id, content, client_message_id, reply_to, thread_id, forward } = message
  const body = {
    client_message_id,
    reply_to,
    thread_id,
    ...(forward ? { forward: { room_id: forward.room_id, message_id: forward.message_id } } : { content }),
  }
  return request<MessageAdded>('POST', `/api/rooms/${room_id}/messages/`, { body, signal, userId: user_id })
}
