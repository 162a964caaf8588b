import type { DiscoveredRoom, NewRoom, OwnRoom } from '@grandchat/contracts/rooms/schema'
import type { Request } from '../rest/request.ts'

export function createRoom(request: Request, room: NewRoom): Promise<OwnRoom> {
  return request<OwnRoom>('POST', '/api/rooms/', { body: room })
}

export async function searchRooms(request: Request, q: string, signal?: AbortSignal): Promise<DiscoveredRoom[]> {
  return (await request<{ results: DiscoveredRoom[] }>('GET', '/api/search/', { query: { q }, signal })).results
}
