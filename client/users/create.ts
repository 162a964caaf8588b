import type { User } from '@grandchat/contracts/users/schema'
import type { Request } from '../rest/request.ts'

export function createUser(
  request: Request,
  account: { username: string; password: string; email?: string },
): Promise<User> {
  return request<User>('POST', '/api/users/', { body: account })
}
