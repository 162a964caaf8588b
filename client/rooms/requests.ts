import type { RowsChanged } from '@grandchat/contracts/realtime/rows-changed'
import type { DirectRequest, DiscoveredRoom, NewRoom, OwnRoom, RoomUpdate } from '@grandchat/contracts/rooms/schema'
import type { Request } from '../rest/request.ts'

export function createRoom(request: Request, room: NewRoom): Promise<OwnRoom> {
  return request<OwnRoom>('POST', '/api/rooms/', { body: room })
}

export function openDirect(request: Request, body: DirectRequest): Promise<OwnRoom> {
  return request<OwnRoom>('POST', '/api/direct/', { body })
}

export function updateRoom(request: Request, roomId: number, body: RoomUpdate): Promise<RowsChanged> {
  return request<RowsChanged>('PATCH', `/api/rooms/${roomId}/`, { body })
}

export function setArchived(request: Request, roomId: number, isArchived: boolean): Promise<RowsChanged> {
  return request<RowsChanged>('POST', `/api/rooms/${roomId}/${isArchived ? 'archive' : 'restore'}/`, { body: {} })
}

export type RoomSearchOptions = { archived?: boolean; signal?: AbortSignal | undefined }

export async function searchRooms(
  request: Request,
  q: string,
  { archived = false, signal }: RoomSearchOptions,
): Promise<DiscoveredRoom[]> {
  const query = archived ? { q, archived: '1' } : { q }
  return (await request<{ results: DiscoveredRoom[] }>('GET', '/api/search/', { query, signal })).results
}
