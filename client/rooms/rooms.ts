import type { OwnMembership, OwnMembershipChange } from '@grandchat/contracts/memberships/schema'
import type { MessageRow } from '@grandchat/contracts/messages/schema'
import type { ReadMarker } from '@grandchat/contracts/read-markers/schema'
import type { Room } from '@grandchat/contracts/rooms/schema'
import type { RoomList, RoomView } from '../client.ts'
import type { Observable } from '../observable.ts'
import type { MakeSource, Source } from '../source.ts'
import type { CachedRoom } from '../storage/cache-storage.ts'
import type { Directory } from '../users/directory.ts'
import {
  hearMessage,
  mayMissMentions,
  type Mentions,
  mentionsAfter,
  mentionsOf,
  mergeMentions,
  settleMentions,
} from '../mentions/known.ts'
import { createEntry, type Entry, hasLeft, isAsSent, isMember, isNewerOwn } from './entry.ts'
import { isReadBack, presentRoom, storedPosition } from './entry.ts'
import { titleOf } from './title.ts'

/** The summaries of the viewer's rooms. Merging is idempotent and free of order; gaps do not matter. */
export type Rooms = ReturnType<typeof createRooms>

export type RoomsSetup = {
  source: MakeSource
  directory: Directory
  viewerId: () => number | undefined
  /** What the viewer wants of a room and the server has not confirmed. */
  wishOf: (roomId: number) => OwnMembershipChange
  /** The viewer became a member, or is one no longer. */
  onMembership: (roomId: number) => void
  /** The room was heard to have moved on. */
  onHead: (roomId: number) => void
  /** Its summary is another: perhaps one that was heard of before. */
  onSummary?: (roomId: number) => void
  /** The own row of this room has to be asked for. */
  onUnsure: (roomId: number) => void
  /** The list was seen for the first time: what is not in it is not the viewer's. */
  onReady: () => void
}

/** `lowSeq`: the lowest seq of the messages that the answer looked at. */
type OwnKnown = { from: number; to: number; lowSeq: number; messages: readonly MessageRow[] }

export function createRooms(setup: RoomsSetup) {
  const { source, directory, viewerId, onMembership, onHead, onSummary, onReady } = setup
  const entries = new Map<number, Entry>()
  const views = new Map<number, Source<RoomView | undefined>>()
  let status: RoomList['status'] = 'loading'
  const list = source<RoomList>(() => ({ status, rooms: sortRooms([...entries.keys()].map((id) => view(id).get())) }))

  function view(id: number): Source<RoomView | undefined> {
    let found = views.get(id)
    if (!found) {
      found = source(() => present(entries.get(id)))
      views.set(id, found)
    }
    return found
  }

  function present(entry: Entry | undefined): RoomView | undefined {
    const room = entry && presentRoom(entry)
    if (!room) return undefined
    const last_message = room.last_message && directory.withNames(room.last_message)
    const direct_users = room.direct_users && room.direct_users.map((user) => directory.withNames({ user }).user)
    return {
      ...room,
      ...setup.wishOf(room.id),
      last_message,
      direct_users,
      title: titleOf({ ...room, direct_users }, viewerId()),
    }
  }

  function entryOf(id: number): Entry {
    const entry = entries.get(id) ?? createEntry(id)
    entries.set(id, entry)
    return entry
  }

  function changed(id: number) {
    view(id).changed()
    list.changed()
  }

  /** Applies `change` to the entry, and tells of what it did. */
  function update(id: number, change: (entry: Entry) => void) {
    const entry = entryOf(id)
    const before = isMember(entry)
    change(entry)
    changed(id)
    if (before !== isMember(entry)) onMembership(id)
  }

  /** Everything up to this version was seen; `told`: also what mentions the viewer. */
  function reach(entry: Entry, version: number, told?: Mentions) {
    if (told) entry.mentions = mergeMentions(entry.mentions, told)
    entry.seen.reach(version)
    settle(entry)
  }

  /** While it is asked for, what is known is kept apart from what the answer may be older than. */
  function settle(entry: Entry) {
    if (!entry.isOwnUnsure) entry.mentions = settleMentions(entry.mentions, entry.seen.version)
    const { own, mentions } = entry
    if (entry.isOwnUnsure || !own || !isMember(entry) || !mayMissMentions(mentions, storedPosition(entry, own))) return
    entry.isOwnUnsure = true
    setup.onUnsure(entry.id)
  }

  function hear(entry: Entry, messages: readonly MessageRow[]) {
    const id = viewerId()
    if (id === undefined) return
    for (const row of messages) entry.mentions = hearMessage(entry.mentions, row, id)
  }

  function tellMentions(id: number, told: Mentions) {
    const entry = entries.get(id)
    if (entry && mergeMentions(entry.mentions, told) !== entry.mentions) update(id, () => reach(entry, 0, told))
  }

  function setRoom(room: Room) {
    update(room.id, (entry) => (entry.room = room))
    noteHead(room.id, room.version)
    onSummary?.(room.id)
  }

  function noteHead(id: number, version: number) {
    const entry = entryOf(id)
    if (version <= entry.head) return
    entry.head = version
    onHead(id)
  }

  return {
    list: list as Observable<RoomList>,
    get: (id: number): Observable<RoomView | undefined> => view(id),
    entry: (id: number): Entry | undefined => entries.get(id),
    entries: (): Iterable<Entry> => entries.values(),
    /** The server has said which rooms there are. */
    isReady: (): boolean => status === 'ready',
    isMember: (id: number): boolean => isMember(entries.get(id)),
    /** The viewer left, or was never a member. */
    isGone: (id: number): boolean => hasLeft(entries.get(id)) || (status === 'ready' && !isMember(entries.get(id))),
    hasLeft: (id: number): boolean => hasLeft(entries.get(id)),
    head: (id: number): number => entries.get(id)?.head ?? 0,

    /** What an earlier client knew, before anything else is. It is not known yet whether these are all. */
    restore(cached: Iterable<CachedRoom>) {
      for (const { id, room, own, marker, ownMessage, mentions, seen } of cached) {
        const entry = Object.assign(createEntry(id), { room, own, marker, ownMessage, mentions })
        entries.set(id, entry)
        reach(entry, seen)
        if (room) noteHead(id, room.version)
        changed(id)
        if (isMember(entry)) onMembership(id)
      }
    },

    /** A wish of the viewer came, or went. */
    wishChanged: changed,

    setStatus(next: RoomList['status']) {
      if (status === next) return
      status = next
      list.changed()
      if (next === 'ready') onReady()
    },

    mergeRoom(room: Room) {
      if ((entries.get(room.id)?.room?.version ?? -1) < room.version) setRoom(room)
    },

    /** The room was read just now: of two of one version, this has the newer names. */
    mergeReadRoom(room: Room) {
      if ((entries.get(room.id)?.room?.version ?? -1) <= room.version) setRoom(room)
    },

    /** The room is known to have reached this version; its summary may still be an older one. */
    noteHead,

    mergeOwn(row: OwnMembership) {
      const known = entries.get(row.room_id)?.own
      const told = mentionsOf(row, row.read_seq)
      if (!isNewerOwn(row, known)) return tellMentions(row.room_id, told)
      update(row.room_id, (entry) => {
        // A row of the same version tells of reading only; a later one decides anew about being a member.
        if (row.own_version > (known?.own_version ?? -1)) entry.leftAt = undefined
        entry.own = row
        reach(entry, row.read_at_version, told)
      })
    },

    mergeMarker(marker: ReadMarker) {
      update(marker.room_id, (entry) => {
        if (marker.user_version >= (entry.marker?.user_version ?? 0)) entry.marker = marker
        reach(entry, marker.read_at_version, mentionsOf(marker, marker.read_seq))
      })
    },

    /** Undefined once the server has said where the reader is. */
    setReadHere(id: number, to: { seq: number; isBack: boolean } | undefined) {
      update(id, (entry) => (entry.readHere = to && { ...to, version: entry.room?.version ?? 0 }))
    },

    /** The seq of the newest own message that is known; 0 if none is. */
    ownSeq: (id: number): number => entries.get(id)?.ownMessage?.seq ?? 0,
    isReadBack(id: number): boolean {
      const entry = entries.get(id)
      return entry !== undefined && isReadBack(entry)
    },

    noteOwnMessage(row: MessageRow) {
      const { seq, version } = row
      // Threads are numbered on their own.
      if (
        seq === null ||
        row.thread_id !== 0 ||
        !isAsSent(row) ||
        version <= (entries.get(row.room_id)?.ownMessage?.version ?? 0)
      )
        return
      update(row.room_id, (entry) => {
        entry.ownMessage = { seq, version }
        reach(entry, version, mentionsAfter({ seq, version }))
      })
    },

    /** An event of the room was applied, with these messages. */
    noteEvent(id: number, version: number, messages: readonly MessageRow[]) {
      const entry = entryOf(id)
      const before = entry.mentions
      hear(entry, messages)
      entry.seen.arrive(version)
      settle(entry)
      if (messages.length > 0 && entry.mentions !== before) changed(id)
    },

    /** A sync told of the read position itself, and of what mentions the viewer. */
    noteOwnRead(id: number, version: number) {
      const entry = entries.get(id)
      if (entry) reach(entry, version)
    },

    /**
     * An answer told of every own message between these versions, and of all that changed in messages from `lowSeq` on. If
     * the reader has read what is below, these were all mentions, too.
     */
    noteOwnKnown(id: number, { from, to, lowSeq, messages }: OwnKnown) {
      const entry = entries.get(id)
      if (!entry?.own || from > entry.seen.version) return
      const position = storedPosition(entry, entry.own)
      if (lowSeq > position + 1) return
      update(id, () => {
        hear(entry, messages)
        entry.mentions = { ...entry.mentions, above: Math.max(entry.mentions.above, position) }
        reach(entry, to)
      })
    },

    noteOwnUnsure(id: number) {
      entryOf(id).isOwnUnsure = true
    },

    /** The viewer left at this version of the room, unless they are known to have come back since. */
    noteLeft(id: number, version: number) {
      const entry = entries.get(id)
      if (!entry || !isMember(entry) || (entry.room?.version ?? 0) > version) return
      update(id, (entry) => (entry.leftAt = version))
    },

    /** The viewer was a member at this version of the room. */
    noteMember(id: number, version: number) {
      const leftAt = entries.get(id)?.leftAt
      if (leftAt !== undefined && version > leftAt) update(id, (entry) => (entry.leftAt = undefined))
    },

    /** Not the viewer's to read at this version of their own state: whatever is not newer is dropped. */
    noteGone(id: number, userVersion: number) {
      const own = entries.get(id)?.own
      if (!own || own.left_at !== null || own.own_version > userVersion) return
      update(id, (entry) => (entry.own = { ...own, left_at: entry.room?.bumped_at ?? '', own_version: userVersion }))
    },

    /** Forgets a room of which no sync knows the other half. */
    forget(id: number) {
      const wasMember = isMember(entries.get(id))
      if (entries.delete(id)) changed(id)
      if (wasMember) onMembership(id)
    },

    namesChanged() {
      for (const id of entries.keys()) view(id).changed()
      list.changed()
    },

    reset() {
      const members = [...entries.values()].filter(isMember)
      const ids = [...entries.keys()]
      entries.clear()
      for (const id of ids) view(id).changed()
      list.changed()
      for (const { id } of members) onMembership(id)
    },
  }
}

/** Newest first; times are strings made to be compared. */
function sortRooms(rooms: readonly (RoomView | undefined)[]): RoomView[] {
  return rooms
    .filter((room) => room !== undefined)
    .sort((a, b) => (a.bumped_at === b.bumped_at ? a.id - b.id : a.bumped_at < b.bumped_at ? 1 : -1))
}
