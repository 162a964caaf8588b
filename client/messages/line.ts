import type { User } from '@grandchat/contracts/users/schema'
import type { PendingMessage, SendFailure } from '../client.ts'
import type { OutgoingMessage } from '../storage/storage.ts'
import { momentMs } from '../sync/moment.ts'
import type { Timer } from '../timer.ts'

/** One message on its way. */
export type Item = {
  readonly message: OutgoingMessage
  state: PendingMessage['state']
  failure: SendFailure | undefined
  /** Ends the request under way when the message is known to have arrived without it. */
  abort: AbortController | undefined
  /** `storing`: on its way there, and sent only afterwards. `memory`: the store does not have it, so this tab sends it. */
  kept: 'storing' | 'store' | 'memory'
  /** When it was first seen that the store does not have it any more. */
  missingSince: number | undefined
}

/** A room's messages leave one after another, in the order in which they were written. */
export type Line = {
  readonly items: Item[]
  isSending: boolean
  failures: number
  /** Not before this time; the server itself asked to wait until `askedUntil`. */
  notBefore: number
  askedUntil: number
  readonly retry: Timer
  view: readonly PendingMessage[] | undefined
}

export function createLine(retry: Timer): Line {
  return { items: [], isSending: false, failures: 0, notBefore: 0, askedUntil: 0, retry, view: undefined }
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
  const { user_id: _, failure: __, ...written } = message
  const isKept = kept === 'store'
  return { ...written, user, state, isKept, ...(state !== 'sending' && failure ? { failure } : {}) }
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
