import type { MessageView, PendingMessage, Timeline } from '@grandchat/client'
import type { MessageRow } from '@grandchat/contracts/messages/schema'
import type { User } from '@grandchat/contracts/users/schema'
import { entryOfMessage, entryOfPending } from './entries.ts'
import type { Entry } from './entries.ts'
import { isSameRun } from './system-line.ts'

const groupGapMs = 5 * 60_000

/** One row of the list: a message, and what its neighbours make of it. */
export type Item = {
  /** Stays the same when a pending message becomes a sent one. */
  key: string
  /** `gone`: nothing is shown of it; its place in the list keeps the others in theirs. */
  kind: 'user' | 'system' | 'gone'
  user: User
  content: string
  created_at: string
  /** The row it is, or undefined while it is on its way. */
  message: MessageView | undefined
  pending: PendingMessage | undefined
  /** The system lines that are told as one, the first first; empty on people's messages. */
  run: readonly MessageView[]
  /** First of its author's group: shows who and when. */
  leads: boolean
  /** First of its calendar day. */
  opensDay: boolean
  /** First that the reader had not seen when the room was opened. */
  isFirstNew: boolean
  /** The last message of the viewer's own that is loaded and was sent. */
  isLastOwn: boolean
}

type Place = Pick<Item, 'opensDay' | 'isFirstNew' | 'leads' | 'isLastOwn'>
type Loaded = Pick<Timeline, 'messages' | 'pending' | 'dividerAfterSeq' | 'hasOlder'>

type Options = {
  viewerId: number
  /** Messages that the viewer has just deleted, by id. */
  hidden?: Pick<ReadonlyMap<number, unknown>, 'has'>
  /**
   * Keys of rows that were once the first ones loaded. They show their author for good: nothing may grow or shrink when a
   * page joins above. Kept by whoever shows the list.
   */
  firsts?: Set<string>
}

/** The timeline as rows, oldest first. */
export function itemsOf(timeline: Loaded, { viewerId, hidden, firsts = new Set() }: Options): Item[] {
  const sent = timeline.messages.map(entryOfMessage)
  const sentKeys = new Set(sent.map((entry) => entry.key))
  const pending = timeline.pending.map(entryOfPending).filter((entry) => !sentKeys.has(entry.key))
  const isGone = ({ message }: Entry) =>
    message !== undefined && (hidden?.has(message.id) === true || (isRemoved(message) && !leavesTrace(message)))
  const firstNew = findFirstNew(sent, isGone, timeline, viewerId)
  const lastOwn = sent.findLast((entry) => entry.kind === 'user' && entry.user.id === viewerId && !isGone(entry))

  const items: Item[] = []
  let before: Entry | undefined
  let run: Run | undefined
  const endRun = () => {
    if (run) items.push(itemOf(run.head, run.place, run.rows))
    run = undefined
  }
  for (const entry of [...sent, ...pending]) {
    if (isGone(entry)) {
      endRun()
      items.push(itemOf(entry, nowhere, [], 'gone'))
      continue
    }
    if (!before) firsts.add(entry.key)
    // What the first loaded row opens is known only when there is nothing above it.
    const opensDay = before ? before.day !== entry.day : !timeline.hasOlder
    const isFirstNew = entry.key === firstNew
    const isBreak = opensDay || isFirstNew || firsts.has(entry.key)
    const place = { opensDay, isFirstNew, leads: isBreak || !continues(before, entry), isLastOwn: entry === lastOwn }
    before = entry
    if (!isBreak && joins(run, entry)) continue
    endRun()
    if (entry.kind === 'system' && entry.message) run = { head: entry, rows: [entry.message], place }
    else items.push(itemOf(entry, place))
  }
  endRun()
  return items
}

/** System lines that are told as one, so far. */
type Run = { head: Entry; rows: MessageView[]; place: Place }

function joins(run: Run | undefined, { kind, message }: Entry): boolean {
  const last = run?.rows.at(-1)
  if (!run || !last || !message || kind !== 'system' || !isSameRun(last, message)) return false
  run.rows.push(message)
  return true
}

const nowhere: Place = { opensDay: false, isFirstNew: false, leads: false, isLastOwn: false }

function itemOf(entry: Entry, place: Place, run: readonly MessageView[] = [], kind: Item['kind'] = entry.kind): Item {
  const known = entry.item
  if (known && known.kind === kind && isSamePlace(known, place) && isSameRows(known.run, run)) return known
  const { key, user, content, created_at, message, pending } = entry
  entry.item = { key, kind, user, content, created_at, message, pending, run, ...place }
  return entry.item
}

function isSamePlace(one: Place, other: Place): boolean {
  const names = ['opensDay', 'isFirstNew', 'leads', 'isLastOwn'] as const
  return names.every((name) => one[name] === other[name])
}

function isSameRows(one: readonly MessageView[], other: readonly MessageView[]): boolean {
  return one.length === other.length && one.every((row, i) => row === other[i])
}

/** Deleted, or as good as: one's own deletion only waits for the server. */
export function isRemoved({ deleted_at, change }: MessageView): boolean {
  return deleted_at !== null || (change?.kind === 'remove' && change.state !== 'failed')
}

/** Something stands in its place: the thread that hangs from it, or the way to have it back. */
function leavesTrace(message: MessageView): boolean {
  return hasThread(message) || message.change?.undoable !== undefined
}

/** What others said in the thread of a message outlives it, and needs a place to hang from. */
export function hasThread({ thread }: MessageView): boolean {
  return thread !== undefined && thread.message_count > 0
}

/** One's own words are never new to oneself. Undefined too while older pages may hold the place. */
function findFirstNew(
  sent: readonly Entry[],
  isGone: (entry: Entry) => boolean,
  { dividerAfterSeq: afterSeq, hasOlder }: Loaded,
  viewerId: number,
): string | undefined {
  if (afterSeq === null) return undefined
  const reaches = !hasOlder || sent.some(({ message }) => message?.seq != null && message.seq <= afterSeq)
  if (!reaches) return undefined
  const isNew = (entry: Entry) => (entry.message?.seq ?? 0) > afterSeq && entry.user.id !== viewerId
  return sent.find((entry) => isNew(entry) && !isGone(entry))?.key
}

function continues(before: Entry | undefined, entry: Entry): boolean {
  if (before === undefined || before.kind !== 'user' || entry.kind !== 'user') return false
  if (before.user.id !== entry.user.id || entry.standsAlone) return false
  return entry.at - before.at < groupGapMs
}

/** The highest seq among what is loaded; 0 if nothing carries one. */
export function lastSeqOf(messages: readonly MessageRow[]): number {
  return messages.findLast((message) => message.seq !== null)?.seq ?? 0
}
