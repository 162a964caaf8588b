import type { MessageView, PendingMessage } from '@grandchat/client'
import type { User } from '@grandchat/contracts/users/schema'
import { dayOf } from '../locales/times.ts'
import type { Item } from './items.ts'

type Row = MessageView | PendingMessage

/** What can be read off a row alone, without its neighbours. */
export type Entry = Pick<Item, 'key' | 'user' | 'content' | 'created_at' | 'message' | 'pending'> & {
  kind: 'user' | 'system'
  day: number
  at: number
  /** It answers or passes on something, which wants to be seen with its author. */
  standsAlone: boolean
  /** The item made of it last, so that a row whose place did not change is not rendered again. */
  item?: Item
}

/** Rows are never changed in place, so what is read off one holds as long as the row lives. */
const entries = new WeakMap<Row, Entry>()

function remember<R extends Row>(make: (row: R) => Entry): (row: R) => Entry {
  return (row) => {
    const known = entries.get(row)
    if (known) return known
    const entry = make(row)
    entries.set(row, entry)
    return entry
  }
}

/** A `client_message_id` is unique among one author's messages only. */
function keyOf(user: User, clientMessageId: string): string {
  return `${user.id}:${clientMessageId}`
}

export const entryOfMessage = remember((message: MessageView) => {
  const { kind, user, content, created_at, client_message_id: clientMessageId, id } = message
  const key = clientMessageId === null ? String(id) : keyOf(user, clientMessageId)
  return { key, kind, user, content, created_at, message, pending: undefined, ...placeInTime(message) }
})

export const entryOfPending = remember((pending: PendingMessage) => {
  const { user, content, created_at, client_message_id } = pending
  const key = keyOf(user, client_message_id)
  return { key, kind: 'user', user, content, created_at, message: undefined, pending, ...placeInTime(pending) }
})

function placeInTime({ created_at, reply_to, forwarded }: Row): Pick<Entry, 'day' | 'at' | 'standsAlone'> {
  return { day: dayOf(created_at), at: Date.parse(created_at), standsAlone: reply_to !== null || forwarded !== null }
}
