import type { PendingMessage, Timeline } from '@grandchat/client'
import type { MessageRow } from '@grandchat/contracts/messages/schema'
import type { User } from '@grandchat/contracts/users/schema'
import { dayOf } from '../locales/times.ts'

const groupGapMs = 5 * 60_000

/** One row of the list: a message, and what its neighbours make of it. */
export type Item = {
  /** Stays the same when a pending message becomes a sent one. */
  key: string
  kind: 'user' | 'system'
  user: User
  content: string
  created_at: string
  edited: boolean
  /** The row it is, or undefined while it is on its way. */
  message: MessageRow | undefined
  pending: PendingMessage | undefined
  /** First of its author's group: shows who and when. */
  leads: boolean
  /** First of its calendar day. */
  opensDay: boolean
  /** First that the reader had not seen when the room was opened. */
  isFirstNew: boolean
}

type Entry = Pick<Item, 'key' | 'kind' | 'user' | 'content' | 'created_at' | 'edited' | 'message' | 'pending'> & {
  day: number
  at: number
  /** The item made of it last, so that a row whose place did not change is not rendered again. */
  item?: Item
  /** It was the first loaded row once, and shows its author for good: nothing may grow or shrink when a page joins above. */
  wasFirst?: boolean
}

type Loaded = Pick<Timeline, 'messages' | 'pending' | 'dividerAfterSeq' | 'hasOlder'>

/** The timeline as rows, oldest first. */
export function itemsOf(timeline: Loaded, viewerId: number): Item[] {
  const sent = timeline.messages.filter((message) => message.deleted_at === null).map(rememberedMessage)
  const sentKeys = new Set(sent.map((entry) => entry.key))
  const pending = timeline.pending.map(rememberedPending).filter((entry) => !sentKeys.has(entry.key))
  const firstNew = findFirstNew(sent, timeline, viewerId)

  let before: Entry | undefined
  return [...sent, ...pending].map((entry) => {
    // What the first loaded row opens is known only when there is nothing above it.
    const opensDay = before ? before.day !== entry.day : !timeline.hasOlder
    entry.wasFirst ||= before === undefined
    const isFirstNew = entry.key === firstNew
    const leads = opensDay || isFirstNew || entry.wasFirst || !continues(before, entry)
    before = entry
    return itemOf(entry, opensDay, isFirstNew, leads)
  })
}

function itemOf(entry: Entry, opensDay: boolean, isFirstNew: boolean, leads: boolean): Item {
  const known = entry.item
  if (known && known.opensDay === opensDay && known.isFirstNew === isFirstNew && known.leads === leads) return known
  const { key, kind, user, content, created_at, edited, message, pending } = entry
  entry.item = { key, kind, user, content, created_at, edited, message, pending, opensDay, isFirstNew, leads }
  return entry.item
}

/** Rows are never changed in place, so what is read off one holds as long as the row lives. */
const entries = new WeakMap<MessageRow | PendingMessage, Entry>()

function remember<Row extends MessageRow | PendingMessage>(make: (row: Row) => Entry): (row: Row) => Entry {
  return (row) => {
    const known = entries.get(row)
    if (known) return known
    const entry = make(row)
    entries.set(row, entry)
    return entry
  }
}

function whenOf(created_at: string): { day: number; at: number } {
  return { day: dayOf(created_at), at: Date.parse(created_at) }
}

/** A `client_message_id` is unique among one author's messages only. */
function keyOf(user: User, clientMessageId: string): string {
  return `${user.id}:${clientMessageId}`
}

function entryOfMessage(message: MessageRow): Entry {
  const { kind, user, content, created_at, client_message_id: clientMessageId, id, edited_at } = message
  const key = clientMessageId === null ? String(id) : keyOf(user, clientMessageId)
  return {
    key,
    kind,
    user,
    content,
    created_at,
    edited: edited_at !== null,
    message,
    pending: undefined,
    ...whenOf(created_at),
  }
}

const rememberedMessage = remember(entryOfMessage)

function entryOfPending(pending: PendingMessage): Entry {
  const { user, content, created_at, client_message_id: clientMessageId } = pending
  const key = keyOf(user, clientMessageId)
  return {
    key,
    kind: 'user',
    user,
    content,
    created_at,
    edited: false,
    message: undefined,
    pending,
    ...whenOf(created_at),
  }
}

const rememberedPending = remember(entryOfPending)

/** One's own words are never new to oneself. Undefined too while older pages may hold the place. */
function findFirstNew(sent: readonly Entry[], timeline: Loaded, viewerId: number): string | undefined {
  const { dividerAfterSeq: afterSeq, hasOlder } = timeline
  if (afterSeq === null) return undefined
  const reaches = !hasOlder || sent.some(({ message }) => message?.seq != null && message.seq <= afterSeq)
  if (!reaches) return undefined
  return sent.find(({ message, user }) => (message?.seq ?? 0) > afterSeq && user.id !== viewerId)?.key
}

function continues(before: Entry | undefined, entry: Entry): boolean {
  if (before === undefined || before.kind !== 'user' || entry.kind !== 'user') return false
  if (before.user.id !== entry.user.id) return false
  return entry.at - before.at < groupGapMs
}

/** The highest seq among what is loaded; 0 if nothing carries one. */
export function lastSeqOf(messages: readonly MessageRow[]): number {
  return messages.findLast((message) => message.seq !== null)?.seq ?? 0
}
