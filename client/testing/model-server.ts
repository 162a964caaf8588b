import type { Member, Membership, OwnMembership } from '@grandchat/contracts/memberships/schema'
import type { MessageRow, SystemLine } from '@grandchat/contracts/messages/schema'
import type { OwnRow } from '@grandchat/contracts/own-rows/schema'
import type { PinRow } from '@grandchat/contracts/pins/schema'
import type { ReactionRow } from '@grandchat/contracts/reactions/schema'
import type { Event, RowsChanged } from '@grandchat/contracts/realtime/events'
import type { Room } from '@grandchat/contracts/rooms/schema'
import type { Profile } from '@grandchat/contracts/users/profile'
import type { User } from '@grandchat/contracts/users/schema'
import { isMentioned } from '../mentions/known.ts'
import { editMessage, isPinned, keyOf, mentionsIn, removeMessage } from './model-messages.ts'

export type ModelRoom = {
  room: Room
  messages: Map<number, MessageRow>
  members: Map<number, Member>
  /** By message and emoji. */
  reactions: Map<string, ReactionRow>
  pins: Map<number, PinRow>
  /** Of what was removed before this version no trace is kept. */
  floor: number
}

/** What people say about themselves who say nothing. */
const saysNothing = { title: '', pronouns: '', time_zone: null, status: null }

/** The server's rules without a server: every change raises a version and makes one event per version. */
export class ModelServer {
  epoch = 'epoch-1'
  workspaceVersion = 0
  /** A line in the room tells who came and went; off where tests count messages. */
  hasLines = false
  /** What was delivered and read is told to the others. */
  tellsReceipts = true
  readonly users = new Map<number, User>()
  readonly renamedAt = new Map<number, number>()
  readonly userVersions = new Map<number, number>()
  readonly rooms = new Map<number, ModelRoom>()
  readonly #own = new Map<string, OwnMembership>()
  readonly #ownRows = new Map<string, OwnRow>()
  /** By user: of rows that were taken away before this version no trace is kept. */
  readonly ownFloors = new Map<number, number>()
  readonly #publish: (userId: number, event: Event) => void
  #lastId = 0
  #clock = 0

  /** `publish` takes each event once per user of its audience. */
  constructor(publish: (userId: number, event: Event) => void) {
    this.#publish = publish
  }

  addUser(username: string): User {
    const user: User = { id: this.users.size + 1, username, display_name: null }
    this.users.set(user.id, user)
    return user
  }

  user(id: number): User {
    return this.users.get(id)!
  }

  profile(id: number): Profile {
    return { ...this.user(id), ...saysNothing }
  }

  addRoom(name: string, owner: number): Room {
    const id = this.rooms.size + 1
    const now = this.#time()
    const room: Room = {
      id,
      kind: 'public',
      name,
      topic: '',
      posting: 'all',
      direct_users: null,
      version: 0,
      bumped_at: now,
      created_at: now,
      archived_at: null,
      delivery: 'personal',
      member_count: 0,
      last_seq: 0,
      last_message: null,
    }
    this.rooms.set(id, {
      room,
      messages: new Map(),
      members: new Map(),
      reactions: new Map(),
      pins: new Map(),
      floor: 0,
    })
    this.join(owner, id)
    return this.rooms.get(id)!.room
  }

  isMember(userId: number, roomId: number): boolean {
    return this.rooms.get(roomId)?.members.get(userId)?.left_at === null
  }

  own(userId: number, roomId: number): OwnMembership | undefined {
    const row = this.#own.get(`${userId}:${roomId}`)
    return row && this.#readOwn(userId, row)
  }

  ownMemberships(userId: number): OwnMembership[] {
    return of(this.#own, userId).map((row) => this.#readOwn(userId, row))
  }

  /** Mentions are counted whenever a row is read; who left is told of nothing that came after. */
  #readOwn(userId: number, row: OwnMembership): OwnMembership {
    const { room, messages, members } = this.rooms.get(row.room_id)!
    if (row.left_at !== null) return { ...row, mentions_version: members.get(userId)?.version ?? 0 }
    const seqs = [...messages.values()].filter((message) => isMentioned(message, userId)).map(({ seq }) => seq ?? 0)
    const unread_mentions = seqs.filter((seq) => seq > row.read_seq)
    return { ...row, unread_mentions, mentions_version: room.version }
  }

  ownRows(userId: number): OwnRow[] {
    return of(this.#ownRows, userId)
  }

  roomsOf(userId: number): ModelRoom[] {
    return [...this.rooms.values()].filter(({ room }) => this.isMember(userId, room.id))
  }

  userVersion(userId: number): number {
    return this.userVersions.get(userId) ?? 0
  }

  send(
    userId: number,
    roomId: number,
    content: string,
    clientMessageId: string | null = null,
    more: Partial<Pick<MessageRow, 'reply_to' | 'forwarded'>> = {},
  ): MessageRow {
    const place = this.rooms.get(roomId)!
    const user = this.user(userId)
    const room = this.#bump(place)
    const row: MessageRow = {
      ...this.#newRow(roomId, user),
      seq: room.last_seq + 1,
      content,
      mentions: mentionsIn(place, content),
      client_message_id: clientMessageId,
      ...more,
    }
    const last_message = { id: row.id, content, user, created_at: row.created_at }
    place.room = { ...room, last_seq: room.last_seq + 1, bumped_at: row.created_at, last_message }
    place.messages.set(row.id, row)
    const own = this.own(userId, roomId)!
    this.#setOwn(userId, { ...own, read_seq: place.room.last_seq, read_at_version: row.version })
    this.#tellMembers(place, { type: 'message_added', body: { ...row, room: place.room } })
    return row
  }

  /** An edit, or a removal: the row moves to a later version. */
  change(roomId: number, messageId: number, change: 'edit' | 'remove'): RowsChanged {
    const { content } = this.rooms.get(roomId)!.messages.get(messageId)!
    return change === 'edit'
      ? editMessage(this, roomId, messageId, editedText(content))
      : removeMessage(this, roomId, messageId)
  }

  /** One version of a room, with all rows that it changes. */
  changeRows(roomId: number, make: (version: number, now: string) => Omit<RowsChanged, 'room'>): RowsChanged {
    const place = this.rooms.get(roomId)!
    const { version } = this.#bump(place)
    const rows = make(version, this.#time())
    for (const row of rows.messages ?? []) place.messages.set(row.id, row)
    for (const row of rows.reactions ?? []) place.reactions.set(keyOf(row.message_id, row.emoji), row)
    for (const row of rows.members ?? []) place.members.set(row.user.id, row)
    for (const row of rows.pins ?? []) place.pins.set(row.message_id, row)
    const body: RowsChanged = { room: place.room, ...rows }
    this.#tellMembers(place, { type: 'rows_changed', body })
    return body
  }

  /** A line of the room's present version that tells what somebody did. */
  systemLine(roomId: number, user: User, system: SystemLine): MessageRow {
    return { ...this.#newRow(roomId, user), kind: 'system', system, content: system.type }
  }

  #newRow(roomId: number, user: User): MessageRow {
    return {
      id: ++this.#lastId,
      room_id: roomId,
      thread_id: 0,
      seq: null,
      version: this.rooms.get(roomId)!.room.version,
      kind: 'user',
      user,
      content: '',
      system: null,
      reply_to: null,
      forwarded: null,
      mentions: null,
      client_message_id: null,
      edited_at: null,
      deleted_at: null,
      created_at: this.#time(),
    }
  }

  join(userId: number, roomId: number): Membership {
    const place = this.rooms.get(roomId)!
    const { version } = this.#bump(place)
    const role = place.members.size === 0 ? 'owner' : 'member'
    const user = this.user(userId)
    const { last_seq } = place.room
    const here = { delivered_seq: last_seq, seen_seq: last_seq }
    const joined: Member = { user, role, joined_at: this.#time(), left_at: null, ...here, version }
    place.members.set(userId, joined)
    return this.#tellMembership(place, 'user_joined', joined, {
      room_id: roomId,
      role,
      read_seq: place.room.last_seq,
      level: 'all',
      muted: false,
      left_at: null,
      read_at_version: version,
      unread_mentions: [],
      mentions_version: version,
      own_version: 0,
    })
  }

  leave(userId: number, roomId: number): Membership {
    const place = this.rooms.get(roomId)!
    const { version } = this.#bump(place)
    const left: Member = { ...place.members.get(userId)!, user: this.user(userId), left_at: this.#time(), version }
    place.members.set(userId, left)
    return this.#tellMembership(place, 'user_left', left, { ...this.own(userId, roomId)!, left_at: left.left_at })
  }

  /** A copy of the room as it was is put back; the epoch does not tell. */
  rewind(roomId: number, { room, messages }: Pick<ModelRoom, 'room' | 'messages'>): void {
    const place = this.rooms.get(roomId)!
    place.room = room
    place.messages = new Map(messages)
  }

  /** Forgets the traces of removed messages. */
  purge(roomId: number): void {
    const place = this.rooms.get(roomId)!
    for (const [id, row] of place.messages) if (row.deleted_at !== null) place.messages.delete(id)
    for (const [key, row] of place.reactions) if (row.count === 0) place.reactions.delete(key)
    for (const [id, row] of place.pins) if (!isPinned(row)) place.pins.delete(id)
    place.floor = place.room.version
  }

  /** A row of somebody's own state; null takes it away. */
  setOwnRow(userId: number, kind: string, key: string, value: unknown): OwnRow {
    const id = `${userId}:${kind} ${key}`
    const known = this.#ownRows.get(id) ?? { kind, key, value: null, own_version: 0 }
    if (JSON.stringify(known.value) === JSON.stringify(value)) return known
    const own_version = this.#bumpUser(userId)
    const row = { kind, key, value, own_version }
    this.#ownRows.set(id, row)
    const body = { user_version: own_version, memberships: [], rows: [row] }
    this.#publish(userId, { type: 'own_changed', body })
    return row
  }

  /** Forgets the traces of own rows that were taken away. */
  purgeOwnRows(userId: number): void {
    for (const [id, row] of this.#ownRows) {
      if (id.startsWith(`${userId}:`) && row.value === null) this.#ownRows.delete(id)
    }
    this.ownFloors.set(userId, this.userVersion(userId))
  }

  /** A copy of everything, which `restore` puts back in the place of what is there: another database. */
  backUp(): () => void {
    const { workspaceVersion, users, renamedAt, userVersions, rooms, ownFloors } = this
    const own = { own: this.#own, ownRows: this.#ownRows, ownFloors }
    const kept = structuredClone({ users, renamedAt, userVersions, rooms, ...own })
    const lastId = this.#lastId
    return () => {
      this.epoch = `${this.epoch}+`
      this.workspaceVersion = workspaceVersion
      this.#lastId = lastId
      const copy = structuredClone(kept)
      replace(this.users, copy.users)
      replace(this.renamedAt, copy.renamedAt)
      replace(this.userVersions, copy.userVersions)
      replace(this.rooms, copy.rooms)
      replace(this.#own, copy.own)
      replace(this.#ownRows, copy.ownRows)
      replace(this.ownFloors, copy.ownFloors)
    }
  }

  moveMarker(userId: number, roomId: number, seq: number): OwnMembership {
    const { room } = this.rooms.get(roomId)!
    const own = this.own(userId, roomId)!
    return this.#changeOwn(userId, {
      ...own,
      read_seq: Math.min(seq, room.last_seq),
      read_at_version: room.version,
    })
  }

  rename(userId: number, displayName: string): void {
    const user = { ...this.user(userId), display_name: displayName }
    this.users.set(userId, user)
    this.renamedAt.set(userId, ++this.workspaceVersion)
    const body = { workspace_version: this.workspaceVersion, users: [this.profile(userId)] }
    for (const id of this.users.keys()) this.#publish(id, { type: 'workspace_changed', body })
  }

  #tellMembership(place: ModelRoom, type: 'user_joined' | 'user_left', member: Member, own: OwnMembership): Membership {
    const { id } = member.user
    const member_count = [...place.members.values()].filter((row) => row.left_at === null).length
    place.room = { ...place.room, member_count }
    this.#changeOwn(id, own)
    const line = this.hasLines
      ? this.systemLine(place.room.id, member.user, { type: type === 'user_left' ? 'left' : 'joined' })
      : null
    if (line) place.messages.set(line.id, line)
    const membership: Membership = { room: place.room, user: member.user, members: [member], message: line }
    this.#tellMembers(place, { type, body: membership }, type === 'user_left' ? id : undefined)
    return membership
  }

  #changeOwn(userId: number, row: OwnMembership): OwnMembership {
    const own_version = this.#bumpUser(userId)
    const changed = this.#readOwn(userId, { ...row, own_version })
    this.#setOwn(userId, changed)
    this.#publish(userId, { type: 'own_changed', body: { user_version: own_version, memberships: [changed] } })
    return changed
  }

  #bumpUser(userId: number): number {
    const version = this.userVersion(userId) + 1
    this.userVersions.set(userId, version)
    return version
  }

  #setOwn(userId: number, row: OwnMembership): void {
    this.#own.set(`${userId}:${row.room_id}`, row)
  }

  #bump(place: ModelRoom): Room {
    const { last_message, version } = place.room
    const named = last_message && { ...last_message, user: this.user(last_message.user.id) }
    place.room = { ...place.room, version: version + 1, last_message: named }
    return place.room
  }

  #tellMembers(place: ModelRoom, event: Event, also?: number): void {
    for (const [userId, member] of place.members) {
      if (member.left_at === null || userId === also) this.#publish(userId, event)
    }
  }

  #time(): string {
    return `2026-11-22T09:00:00.${String(++this.#clock).padStart(6, '0')}Z`
  }
}

/** What says something (`say`) mentions others now than before. */
function editedText(content: string): string {
  if (content.includes('@')) return content.replace(/ @(ann|all)/, '')
  return content.includes(' ') && content.length % 2 === 0 ? `${content} @ann` : `${content}!`
}

/** What is kept under a user's id. */
function of<Row>(rows: ReadonlyMap<string, Row>, userId: number): Row[] {
  return [...rows].filter(([key]) => key.startsWith(`${userId}:`)).map(([, row]) => row)
}

function replace<Key, Value>(map: Map<Key, Value>, by: Map<Key, Value>): void {
  map.clear()
  for (const [key, value] of by) map.set(key, value)
}
