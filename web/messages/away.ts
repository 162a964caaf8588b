import type { MessageView, RoomView, Timeline } from '@grandchat/client'
import type { User } from '@grandchat/contracts/users/schema'
import { limits } from '@grandchat/contracts/limits'
import { isRemoved } from './items.ts'

/** As many new messages are worth a word of their own. */
const many = 20
/** After as long a while, a few are. */
const awhileMs = 4 * 60 * 60_000
const few = 5

/** What one found on coming back to a room: decided when it was opened, whatever is read or said after that. */
export type Return = { afterSeq: number; lastSeq: number; mentions: number | undefined }

export function returnTo(room: RoomView, { dividerAfterSeq }: Pick<Timeline, 'dividerAfterSeq'>): Return | undefined {
  if (dividerAfterSeq === null || room.last_seq <= dividerAfterSeq) return undefined
  const { length } = room.unread_mentions.filter((seq) => seq > dividerAfterSeq)
  // A list as long as it may be is cut.
  const mentions = length < limits.unreadMentions ? length : undefined
  return { afterSeq: dividerAfterSeq, lastSeq: room.last_seq, mentions }
}

/** What is known of what came meanwhile. What is not known is left out, never guessed. */
export type Away = {
  count: number
  mentions: number | undefined
  /** When the first of them was said, and who wrote; undefined unless all of them are loaded. */
  since: string | undefined
  users: readonly User[] | undefined
}

/** Undefined if it is not worth a word. */
export function awayOf(found: Return, { messages, hasOlder }: Pick<Timeline, 'messages' | 'hasOlder'>, now: number) {
  const count = found.lastSeq - found.afterSeq
  const isWhole = !hasOlder || messages.some(({ seq }) => seq !== null && seq <= found.afterSeq)
  const fresh = isWhole ? messages.filter((message) => isFresh(message, found)) : []
  const [first] = fresh
  const isLong = first !== undefined && now - Date.parse(first.created_at) > awhileMs
  if (count <= many && !(count >= few && isLong)) return undefined
  const away: Away = { count, mentions: found.mentions, since: first?.created_at, users: first && usersOf(fresh) }
  return away
}

function isFresh({ seq, kind }: MessageView, { afterSeq, lastSeq }: Return): boolean {
  return kind === 'user' && seq !== null && seq > afterSeq && seq <= lastSeq
}

/** The one who wrote last first. */
function usersOf(messages: readonly MessageView[]): User[] {
  const written = messages.filter((message) => !isRemoved(message)).toReversed()
  return [...new Map(written.map(({ user }) => [user.id, user])).values()]
}
