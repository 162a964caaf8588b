import type { Client, MessageView } from '@grandchat/client'

export function isMine(message: MessageView, emoji: string): boolean {
  return message.reactions.some((reaction) => reaction.emoji === emoji && reaction.isMine)
}

/** Reacts, or takes the own reaction back. */
export function toggleReaction({ reactions }: Client, message: MessageView, emoji: string): void {
  reactions.set(message.room_id, message.id, emoji, !isMine(message, emoji))
}
