/**
 * What a member's client publishes in `here:<room id>`: somebody writes, or has `stopped`; in the room, or in the thread
 * of `thread_id`. Who it is, the server says beside it.
 */
export type Typing = { type: 'typing'; stopped?: true; thread_id?: number }

/** Members may publish anything there: what is not this is nothing. */
export function isTyping(data: unknown): data is Typing {
  if (typeof data !== 'object' || data === null) return false
  const { type, stopped, thread_id } = data as Record<string, unknown>
  const isSomewhere = thread_id === undefined || (Number.isSafeInteger(thread_id) && Number(thread_id) > 0)
  return type === 'typing' && (stopped === undefined || stopped === true) && isSomewhere
}

/** The claim `info` of a member's token for `here:<room id>`: what the others are told about who publishes. */
export type HereInfo = { username: string; display_name: string | null }
