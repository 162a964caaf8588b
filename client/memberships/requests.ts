import type { Member, Membership } from '@grandchat/contracts/memberships/schema'
import type { Request } from '../rest/request.ts'
import { RequestError } from '../rest/request-error.ts'

/** Pages of a hundred; more than this nobody reads in a list. */
const maxPages = 10

type Page = { results: Member[]; next: string | null }

/** The members, longest-standing first: all of them in rooms of up to a thousand. */
export async function fetchMembers(request: Request, roomId: number): Promise<Member[]> {
  const members: Member[] = []
  for (let page = 1; page <= maxPages; page++) {
    const answer = await request<Page>('GET', `/api/rooms/${roomId}/members/`, { query: { page } })
    members.push(...answer.results)
    if (answer.next === null) break
  }
  return members
}

/** Joins; being a member already is success (an earlier answer was lost), with nothing to tell. */
export function join(request: Request, roomId: number): Promise<Membership | undefined> {
  return request<Membership>('POST', `/api/rooms/${roomId}/join/`, { body: {} }).catch((error: unknown) => {
    if (error instanceof RequestError && error.code === 'already_member') return undefined
    throw error
  })
}

/** Leaves; being no member any more is success. */
export function leave(request: Request, roomId: number): Promise<Membership | undefined> {
  return request<Membership>('POST', `/api/rooms/${roomId}/leave/`, { body: {} }).catch((error: unknown) => {
    if (error instanceof RequestError && error.status === 404 && error.isOurs) return undefined
    throw error
  })
}
