import type { RoomView } from '@grandchat/client'

type Attention = Pick<RoomView, 'kind' | 'muted' | 'level' | 'unread' | 'unread_mentions'>

/** What the badge of a room counts: in direct rooms what is unread, elsewhere which of it mentions the viewer. */
export function countCalls({ kind, muted, unread, unread_mentions }: Attention): number {
  return kind === 'direct' && !muted ? unread : unread_mentions.length
}

/** Its badge is there for whoever looks, and calls nobody. */
export function isQuiet({ kind, muted, level }: Attention): boolean {
  return muted || (level === 'nothing' && kind !== 'direct')
}

/** How often one was called: the same on all devices, because all of it is stored with the account. */
export function countAttention(rooms: readonly Attention[]): number {
  return rooms.reduce((sum, room) => sum + (isQuiet(room) ? 0 : countCalls(room)), 0)
}

/** Something is unread of which one wants to hear: of a room of mentions, or of nothing, that alone is none. */
export function hasNews(rooms: readonly Attention[]): boolean {
  return rooms.some(
    (room) => room.unread > 0 && !room.muted && (room.level === 'all' || (!isQuiet(room) && countCalls(room) > 0)),
  )
}
