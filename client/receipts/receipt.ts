import type { Member } from '@grandchat/contracts/memberships/schema'
import type { MessageRow } from '@grandchat/contracts/messages/schema'

/** Who has a message, of those who were in the room when it was sent, its author not counted. */
export type Receipt = {
  seen: readonly Member[]
  /** It has reached a device of theirs; they have not read it. */
  delivered: readonly Member[]
  waiting: readonly Member[]
  /** How many there are of all three. */
  count: number
}

/** Undefined for what is not numbered with the room's own messages: system lines, and what is said in threads. */
export function receiptOf(
  { seq, thread_id, user, created_at }: MessageRow,
  members: readonly Member[],
): Receipt | undefined {
  if (seq === null || thread_id !== 0) return undefined
  const audience = members.filter((member) => member.user.id !== user.id && member.joined_at <= created_at)
  return {
    seen: audience.filter((member) => member.seen_seq >= seq),
    delivered: audience.filter((member) => member.seen_seq < seq && member.delivered_seq >= seq),
    waiting: audience.filter((member) => member.delivered_seq < seq),
    count: audience.length,
  }
}
