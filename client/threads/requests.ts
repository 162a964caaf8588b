import type { FollowedThreads } from '@grandchat/contracts/messages/schema'
import type { OwnRow } from '@grandchat/contracts/own-rows/schema'
import type { ChangedFollowing } from '@grandchat/contracts/threads/schema'
import type { How, Target } from '../messages/requests.ts'
import type { Request } from '../rest/request.ts'

const newest = 50

/** The threads that the viewer follows, those written in last; `before`: the `last_message_at` of the last that is known. */
export function fetchFollowed(request: Request, before?: string): Promise<FollowedThreads> {
  return request<FollowedThreads>('GET', '/api/threads/', {
    query: { limit: newest, ...(before !== undefined && { before }) },
  })
}

export function changeFollowing(
  request: Request,
  { room_id, message_id, ...change }: Target & ChangedFollowing,
  how: How,
): Promise<OwnRow> {
  return request<OwnRow>('PATCH', `/api/rooms/${room_id}/threads/${message_id}/own/`, { body: change, ...how })
}
