import type { MentionsPage } from '@grandchat/contracts/mentions/list'
import type { Request } from '../rest/request.ts'

const pageRows = 30

/** Messages that mention the viewer, the newest first; those before one of them. */
export function fetchMentions(request: Request, before?: number): Promise<MentionsPage> {
  return request<MentionsPage>('GET', '/api/mentions/', {
    query: { limit: pageRows, ...(before !== undefined && { before }) },
  })
}
