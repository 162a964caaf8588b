import type { RoomView } from '@grandchat/client'
import { findMentions } from '@grandchat/contracts/messages/mentions'
import { foldUsername } from '@grandchat/contracts/users/username'

/** Whether the viewer wants to hear of the last message of a room, by what they chose for the room. */
export function wantsToHear(room: RoomView, viewer: { id: number; username: string }): boolean {
  const { last_message, muted, kind, level, unread } = room
  if (muted || !last_message || last_message.user.id === viewer.id || unread === 0) return false
  if (kind === 'direct' || level === 'all') return true
  if (level === 'nothing') return false
  const { users, here, all } = findMentions(last_message.content)
  const name = foldUsername(viewer.username)
  return here || all || users.some((user) => foldUsername(user) === name)
}
