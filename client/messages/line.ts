import type { User } from '@grandchat/contracts/users/schema'
import type { PendingMessage } from '../client.ts'
import { type SendLine, type Sendable, createSendLine } from '../sender.ts'
import type { OutgoingMessage } from '../storage/storage.ts'
import { momentMs } from '../sync/moment.ts'
import type { Timer } from '../timer.ts'

/** One message on its way. */
export type Item = Sendable & {
  readonly message: OutgoingMessage
  /** `storing`: on its way there, and sent only afterwards. `memory`: the store does not have it, so this tab sends it. */
  kept: 'storing' | 'store' | 'memory'
  /** When it was first seen that the store does not have it any more. */
  missingSince: number | undefined
}

/** A room's messages leave one after another, in the order in which they were written. */
export type Line = SendLine<Item> & { view: readonly PendingMessage[] | undefined }

export function createLine(retry: Timer): Line {
  return { ...createSendLine<Item>(retry), view: undefined }
}

export function createItem(message: OutgoingMessage, kept: Item['kept']): Item {
  const { failure } = message
  return { message, state: failure ? 'failed' : 'waiting', failure, abort: undefined, kept, missingSince: undefined }
}

/** What a line has to send next for its author. Another tab may have to send it: then all that follow wait for it. */
export function nextOf({ items }: Line, authorId: number | undefined, hasTurn: boolean): Item | undefined {
  const next = items.find(({ message, state }) => state !== 'failed' && message.user_id === authorId)
  return next && (next.kept === 'memory' || (next.kept === 'store' && hasTurn)) ? next : undefined
}

export function present({ message, state, failure, kept }: Item, user: User): PendingMessage {
  const { client_message_id, room_id, thread_id = 0, content, reply_to = null, forward, created_at } = message
  return {
    client_message_id,
    room_id,
    thread_id,
    content,
    user,
    reply_to,
    forwarded: forward ?? null,
    created_at,
    state,
    isKept: kept === 'store',
    ...(state !== 'sending' && failure ? { failure } : {}),
  }
}

/** Refused to another tab, or tried again there: the store tells. */
export function followStore(item: Item, { failure }: OutgoingMessage): void {
  const isKnown = (item.state === 'failed') === (failure !== undefined)
  if (isKnown || item.state === 'sending' || item.kept !== 'store') return
  item.state = failure ? 'failed' : 'waiting'
  item.failure = failure
}

/** Not stored any more, and not because another tab has just sent it: then that is heard of in a moment. */
export function isLost(item: Item, isMissing: boolean, now: number): boolean {
  item.missingSince = isMissing && item.kept === 'store' ? (item.missingSince ?? now) : undefined
  return item.missingSince !== undefined && now - item.missingSince >= momentMs
}
