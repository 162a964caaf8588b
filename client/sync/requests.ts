import type { Changes, Head, SyncAnswer, SyncRequest } from '@grandchat/contracts/sync/schema'
import type { Request } from '../rest/request.ts'

/** Everything that differs from what the client knows. */
export function fetchSync(request: Request, known: SyncRequest): Promise<SyncAnswer> {
  return request<SyncAnswer>('POST', '/api/sync/', { body: known })
}

/** Undefined if what the digest describes is all there is. */
export function fetchHead(request: Request, digest: string): Promise<Head | undefined> {
  return request<Head | undefined>('GET', '/api/sync/head/', { query: { d: digest } })
}

export function fetchChanges(
  request: Request,
  roomId: number,
  query: { since: number; low: number; thread?: number },
): Promise<Changes> {
  return request<Changes>('GET', `/api/rooms/${roomId}/changes/`, { query })
}
