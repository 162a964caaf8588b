import type { User } from '@grandchat/contracts/users/schema'
import type { Request } from '../rest/request.ts'

/** A page of everybody, or of those whom the search finds. */
export async function listUsers(
  request: Request,
  q: string,
  page: number,
  signal?: AbortSignal,
): Promise<{ count: number; users: readonly User[] }> {
  const query = { q, page: String(page) }
  const { count, results } = await request<{ count: number; results: User[] }>('GET', '/api/users/', { query, signal })
  return { count, users: results }
}

export async function searchUsers(request: Request, q: string, signal?: AbortSignal): Promise<readonly User[]> {
  return (await request<{ results: User[] }>('GET', '/api/users/', { query: { q }, signal })).results
}
