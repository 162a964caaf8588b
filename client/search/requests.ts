import type { MessageSearchAnswer } from '@grandchat/contracts/search/schema'
import type { Request } from '../rest/request.ts'

/** `before`: the id of the last result so far. */
export type MessageSearchOptions = { before?: number | undefined; signal?: AbortSignal | undefined }

export function searchMessages(
  request: Request,
  q: string,
  { before, signal }: MessageSearchOptions,
): Promise<MessageSearchAnswer> {
  const query = { q, ...(before !== undefined && { before: String(before) }) }
  return request<MessageSearchAnswer>('GET', '/api/search/messages/', { query, signal })
}
