import type { User } from '@grandchat/contracts/users/schema'
import type { Request } from '../rest/request.ts'

export async function searchUsers(request: Request, q: string, signal?: AbortSignal): Promise<readonly User[]> {
  return (await request<{ results: User[] }>('GET', '/api/users/', { query: { q }, signal })).results
}
