import type {
  Member,
  Membership,
  OwnMembership,
  OwnMembershipChange,
  RoleChange,
} from '@grandchat/contracts/memberships/schema'
import type { RowsChanged } from '@grandchat/contracts/realtime/rows-changed'
import type { How } from '../messages/requests.ts'
import type { Request } from '../rest/request.ts'
import { RequestError } from '../rest/request-error.ts'

/** Pages of a hundred; more than this nobody reads in a list. */
const maxPages = 10
/** Of a list that is longer than that, its beginning: it is read again by everyone who shows it whenever somebody comes. */
const pagesOfMany = 1

type Page = { count: number; results: Member[]; next: string | null }

/** `pages` that are more than one were read one after the other: each is true, but between them some may be missing. */
export type FetchedMembers = { members: readonly Member[]; pages: number; isCountRight: boolean }

/** The members, longest-standing first: all of them in rooms of up to a thousand, of more the first hundred. */
export async function fetchMembers(request: Request, roomId: number): Promise<FetchedMembers> {
  const answers: Page[] = []
  for (let page = 1; page <= maxPages; page++) {
    const answer = await request<Page>('GET', `/api/rooms/${roomId}/members/`, { query: { page } })
    answers.push(answer)
    if (answer.next === null || (answer.count > maxPages * answer.results.length && page >= pagesOfMany)) break
  }
  const members = answers.flatMap(({ results }) => results)
  const found = new Set(members.map(({ user }) => user.id)).size
  const isCutShort = answers.at(-1)?.next !== null
  const isCountRight = answers.every(({ count }) => count === answers[0]?.count && (isCutShort || count === found))
  return { members, pages: answers.length, isCountRight }
}

/** The first members whose names hold `q`, longest-standing first. */
export async function searchMembers(
  request: Request,
  roomId: number,
  q: string,
  signal?: AbortSignal,
): Promise<readonly Member[]> {
  return (await request<Page>('GET', `/api/rooms/${roomId}/members/`, { query: { q }, signal })).results
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

const pathOf = (roomId: number, userId: number) => `/api/rooms/${roomId}/members/${userId}/`

export function addPerson(request: Request, roomId: number, userId: number): Promise<Membership> {
  return request<Membership>('PUT', pathOf(roomId, userId), { body: {} })
}

/** Removes somebody; that they are no member any more is success, with nothing to tell. */
export function removePerson(request: Request, roomId: number, userId: number): Promise<Membership | undefined> {
  return request<Membership>('DELETE', pathOf(roomId, userId), { body: {} }).catch((error: unknown) => {
    if (error instanceof RequestError && error.status === 404 && error.isOurs) return undefined
    throw error
  })
}

export function changeRole(
  request: Request,
  roomId: number,
  userId: number,
  role: RoleChange['role'],
): Promise<RowsChanged> {
  return request<RowsChanged>('PATCH', pathOf(roomId, userId), { body: { role } })
}

/** What the viewer wants to hear of a room. */
export function changeOwnMembership(
  request: Request,
  roomId: number,
  change: OwnMembershipChange,
  how: How,
): Promise<OwnMembership> {
  return request<OwnMembership>('PATCH', `/api/rooms/${roomId}/own/`, { body: change, ...how })
}
