import type { Member } from '@grandchat/contracts/memberships/schema'
import type { MessageRow } from '@grandchat/contracts/messages/schema'
import type { Client, MessageView } from '../client.ts'
import { titleOf } from '../rooms/title.ts'
import { isPinned, reactionsOf } from './model-messages.ts'
import type { ModelRoom, ModelServer } from './model-server.ts'

/** Where a client shows anything else than the server has, in its list of rooms and in those that are open. */
export function findStale(model: ModelServer, viewer: number, client: Client, openRooms: readonly number[]): string[] {
  return [
    ...findStaleRooms(model, viewer, client),
    ...findStaleOwnRows(model, viewer, client),
    ...openRooms.flatMap((id) => findStaleWindow(model, viewer, client, id)),
  ]
}

function findStaleRooms(model: ModelServer, viewer: number, client: Client): string[] {
  const expected = model.roomsOf(viewer).map(({ room }) => {
    const { role, read_seq, level, muted, unread_mentions } = model.own(viewer, room.id)!
    const last = room.last_message && { ...room.last_message, user: model.user(room.last_message.user.id) }
    const unread = Math.max(0, room.last_seq - read_seq)
    return {
      ...room,
      last_message: last,
      title: titleOf(room, viewer),
      role,
      read_seq,
      level,
      muted,
      unread,
      unread_mentions,
    }
  })
  expected.sort((a, b) => (a.bumped_at < b.bumped_at ? 1 : -1))
  return differences('rooms', client.rooms.list.get().rooms, expected)
}

function findStaleOwnRows(model: ModelServer, viewer: number, client: Client): string[] {
  const rows = model.ownRows(viewer).filter(({ kind, value }) => kind === 'placement' && value !== null)
  const expected = Object.fromEntries(rows.map(({ key, value }) => [key, value]))
  return differences('placements', Object.fromEntries(client.sections.placements.get()), expected)
}

function findStaleWindow(model: ModelServer, viewer: number, client: Client, roomId: number): string[] {
  const timeline = client.messages.timeline(roomId).get()
  if (!model.isMember(viewer, roomId)) return timeline.status === 'gone' ? [] : [`${roomId} is ${timeline.status}`]
  if (timeline.status !== 'ready') return [`${roomId} is ${timeline.status}`]
  const place = model.rooms.get(roomId)!
  const low = timeline.hasOlder ? (timeline.messages[0]?.id ?? Number.POSITIVE_INFINITY) : 0
  const high = timeline.hasNewer ? (timeline.messages.at(-1)?.id ?? 0) : Number.POSITIVE_INFINITY
  const rows = [...place.messages.values()].filter((row) => row.id >= low && row.id <= high && isThere(row))
  const expected = rows.sort((a, b) => a.id - b.id).map((row) => viewOf(model, viewer, place, row))
  const current = [...place.members.values()].filter((row) => row.left_at === null)
  const names = current.map((row) => ({ ...row, user: model.user(row.user.id) }))
  names.sort((a, b) => (a.joined_at < b.joined_at ? -1 : 1))
  return [
    ...differences(`window ${roomId}`, timeline.messages.filter(isThere), expected),
    ...differences(`receipts ${roomId}`, bySeniority(client.receipts.members(roomId).get() ?? []), names),
    ...differences(`members ${roomId}`, client.members.list(roomId).get().members, names),
  ]
}

const bySeniority = (members: readonly Member[]) => members.toSorted((a, b) => (a.joined_at < b.joined_at ? -1 : 1))

/** Where single messages that somebody follows are not as the server has them. */
export function findStaleMessage(
  model: ModelServer,
  viewer: number,
  client: Client,
  { roomId, id }: { roomId: number; id: number },
): string[] {
  const place = model.rooms.get(roomId)!
  const row = model.isMember(viewer, roomId) ? place.messages.get(id) : undefined
  const expected = row && isThere(row) ? viewOf(model, viewer, place, row) : 'gone'
  return differences(`message ${id}`, client.messages.get(roomId, id).get(), expected)
}

/** Where the list of pins of a room that is open is not as the server has it. */
export function findStalePins(model: ModelServer, viewer: number, client: Client, roomId: number): string[] {
  if (!model.isMember(viewer, roomId)) return []
  const place = model.rooms.get(roomId)!
  const pins = [...place.pins.values()].filter(isPinned).sort((a, b) => (a.pinned_at < b.pinned_at ? 1 : -1))
  const messages = pins.map(({ message_id }) => viewOf(model, viewer, place, place.messages.get(message_id)!))
  return differences(`pins ${roomId}`, client.pins.list(roomId).get(), { status: 'ready', messages })
}

function viewOf(model: ModelServer, viewer: number, place: ModelRoom, row: MessageRow): MessageView {
  const { forwarded } = row
  const reactions = reactionsOf(place, row.id).map((one) => ({ ...one, isMine: one.user_ids.includes(viewer) }))
  return {
    ...row,
    user: model.user(row.user.id),
    forwarded: forwarded && { ...forwarded, user: model.user(forwarded.user.id) },
    reactions: reactions.sort((a, b) => (a.emoji < b.emoji ? -1 : 1)),
    isPinned: isPinned(place.pins.get(row.id)),
    thread: undefined,
    change: undefined,
  }
}

/** Of messages that were removed the server keeps a trace for a while, and a client for as long as it likes. */
const isThere = (row: { deleted_at: string | null }) => row.deleted_at === null

/** Where two values differ, as paths; nothing if they are equal. */
function differences(path: string, actual: unknown, expected: unknown): string[] {
  if (Object.is(actual, expected)) return []
  if (!isObject(actual) || !isObject(expected)) {
    return [`${path}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`]
  }
  const keys = new Set([...Object.keys(actual), ...Object.keys(expected)])
  return [...keys].flatMap((key) => differences(`${path}.${key}`, actual[key], expected[key]))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
