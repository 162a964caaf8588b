import type { HistoryPage } from '@grandchat/contracts/messages/schema'
import type { RowsChanged } from '@grandchat/contracts/realtime/events'
import type { How } from '../messages/requests.ts'
import type { Request } from '../rest/request.ts'
import type { PinActions } from './actions.ts'

/** Everything that is pinned in the room, the last pinned first. */
export function fetchPins(request: Request, roomId: number): Promise<HistoryPage> {
  return request<HistoryPage>('GET', `/api/rooms/${roomId}/pins/`)
}

export function setPin(request: Request, { room_id, message_id, isOn }: PinActions['pin'], how: How) {
  return request<RowsChanged>(isOn ? 'PUT' : 'DELETE', `/api/rooms/${room_id}/pins/${message_id}/`, how)
}
