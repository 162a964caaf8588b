import type { Invite, InviteState } from '@grandchat/contracts/users/schema'
import type { Request } from '../rest/request.ts'

export type NewAccount = { username: string; password: string; email?: string }

const path = (code: string) => `/api/invites/${encodeURIComponent(code)}/`

export function createInvite(request: Request): Promise<Invite> {
  return request<Invite>('POST', '/api/invites/', { body: {} })
}

export function getInvite(request: Request, code: string): Promise<InviteState> {
  return request<InviteState>('GET', path(code))
}

/** Makes the account and signs it in. */
export async function acceptInvite(request: Request, code: string, account: NewAccount): Promise<void> {
  await request('POST', path(code), { body: account })
}
