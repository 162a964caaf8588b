import type { OwnMembership } from '@grandchat/contracts/memberships/schema'
import type { MessageRow } from '@grandchat/contracts/messages/schema'
import type { ReadMarker } from '@grandchat/contracts/read-markers/schema'
import type { Room } from '@grandchat/contracts/rooms/schema'
import type { RoomView } from '../client.ts'
import { type Mentions, noMentions, unreadMentions } from '../mentions/known.ts'
import { type Stream, createStream } from '../sync/stream.ts'

/** `isBack`: marked as unread at this version of the room, which holds against every reading before it. */
export type ReadHere = { seq: number; isBack: boolean; version: number }

/** All that is known about one room beside its messages. Every part is merged by its own version, in any order. */
export type Entry = {
  readonly id: number
  room: Room | undefined
  /** The highest version of the room that was ever heard of. */
  head: number
  own: OwnMembership | undefined
  /** The answer to the last move of the read marker; stands against `own` by version. */
  marker: ReadMarker | undefined
  /** Where the reader is by this device, before the server has confirmed it. */
  readHere: ReadHere | undefined
  /** The newest own message as it was sent: it moves the read position by itself. */
  ownMessage: { seq: number; version: number } | undefined
  /** The room's version at which this user left, until an own row tells the rest. */
  leftAt: number | undefined
  mentions: Mentions
  /**
   * The version up to which every own message was seen, and with them where the reader is, and every mention above that.
   * The summary is right across gaps; these are not, because messages change them without an own event.
   */
  readonly seen: Stream
  /** The own row may have moved in a way that cannot be told here: the next sync asks for it. */
  isOwnUnsure: boolean
}

export function createEntry(id: number): Entry {
  return {
    id,
    room: undefined,
    head: 0,
    own: undefined,
    marker: undefined,
    readHere: undefined,
    ownMessage: undefined,
    leftAt: undefined,
    mentions: noMentions,
    seen: createStream(),
    isOwnUnsure: false,
  }
}

export function isMember(entry: Entry | undefined): boolean {
  return entry?.own !== undefined && entry.own.left_at === null && entry.leftAt === undefined
}

export function hasLeft(entry: Entry | undefined): boolean {
  return entry !== undefined && (entry.leftAt !== undefined || (entry.own?.left_at ?? null) !== null)
}

/** Half of it is missing: a sync brings the other half, or the room is not the viewer's. */
export function isStranger(entry: Entry | undefined): boolean {
  return !entry?.own || (isMember(entry) && !entry.room)
}

/** The version up to which both the summary and the read position are known. */
export function knownVersion(entry: Entry): number {
  return entry.isOwnUnsure ? 0 : Math.min(entry.room?.version ?? 0, entry.seen.version)
}

export function isNewerOwn(row: OwnMembership, than: OwnMembership | undefined): boolean {
  if (!than || row.own_version !== than.own_version) return row.own_version > (than?.own_version ?? -1)
  return row.read_at_version > than.read_at_version
}

/** A message as it was when it was sent: its version says when that was. */
export function isAsSent(row: MessageRow): boolean {
  return row.edited_at === null && row.deleted_at === null
}

/** `read_seq` by the rule of contracts/memberships: the newest marker, or the own message that came after it. */
export function storedPosition({ marker, ownMessage }: Entry, own: OwnMembership): number {
  const last = marker && marker.user_version > own.own_version ? marker : own
  return ownMessage && ownMessage.version > last.read_at_version ? ownMessage.seq : last.read_seq
}

/** The same, and what this device has done since. */
export function readPosition(entry: Entry, own: OwnMembership): number {
  const read = storedPosition(entry, own)
  if (isReadBack(entry)) return entry.readHere?.seq ?? read
  return Math.max(read, entry.readHere?.isBack === false ? entry.readHere.seq : 0)
}

/** Marked as unread by this device, and nothing was said since by the reader: whoever answers has read. */
export function isReadBack({ readHere, ownMessage }: Entry): boolean {
  return readHere?.isBack === true && (ownMessage?.version ?? 0) <= readHere.version
}

/** What the viewer sees of the room; undefined unless both sides of it are known. */
export function presentRoom(entry: Entry): Omit<RoomView, 'title'> | undefined {
  const { room, own } = entry
  if (!room || !own || !isMember(entry)) return undefined
  const read_seq = readPosition(entry, own)
  const { role, level, muted } = own
  const unread = Math.max(0, room.last_seq - read_seq)
  return { ...room, role, level, muted, read_seq, unread, unread_mentions: unreadMentions(entry.mentions, read_seq) }
}
