import type { RoomView } from '@grandchat/client'

/**
 * Whether the viewer wants to hear of what came to a room after `seenSeq`, by what they chose for the room. Who is mentioned
 * the server says: by name, by who was a member, and by who may call all.
 */
export function wantsToHear(room: RoomView, viewerId: number, seenSeq: number): boolean {
  const { last_message, muted, kind, level, unread, unread_mentions } = room
  if (muted || !last_message || last_message.user.id === viewerId || unread === 0) return false
  if (kind === 'direct' || level === 'all') return true
  return level === 'mentions' && (unread_mentions.at(-1) ?? 0) > seenSeq
}
