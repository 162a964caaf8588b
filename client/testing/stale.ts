import type { MessageRow } from '@grandchat/contracts/messages/schema'
import type { Client, MessageView } from '../client.ts'
import { titleOf } from '../rooms/title.ts'
import type { ModelServer } from './model-server.ts'

/** Where a client shows anything else than the server has, in its list of rooms and in those that are open. */
export function findStale(model: ModelServer, viewer: number, client: Client, openRooms: readonly number[]): string[] {
  return [
    ...findStaleRooms(model, viewer, client),
    ...openRooms.flatMap((id) => findStaleWindow(model, viewer, client, id)),
  ]
}

function findStaleRooms(model: ModelServer, viewer: number, client: Client): string[] {
  const expected = model.roomsOf(viewer).map(({ room }) => {
    const { role, read_seq, level, muted } = model.own(viewer, room.id)!
    const last = room.last_message && { ...room.last_message, user: model.user(room.last_message.user.id) }
    const unread = Math.max(0, room.last_seq - read_seq)
    return { ...room, last_message: last, title: titleOf(room, viewer), role, read_seq, level, muted, unread }
  })
  expected.sort((a, b) => (a.bumped_at < b.bumped_at ? 1 : -1))
  return differences('rooms', client.rooms.list.get().rooms, expected)
}

function findStaleWindow(model: ModelServer, viewer: number, client: Client, roomId: number): string[] {
  const timeline = client.messages.timeline(roomId).get()
  if (!model.isMember(viewer, roomId)) return timeline.status === 'gone' ? [] : [`${roomId} is ${timeline.status}`]
  if (timeline.status !== 'ready') return [`${roomId} is ${timeline.status}`]
  const { messages, members } = model.rooms.get(roomId)!
  const low = timeline.hasOlder ? (timeline.messages[0]?.id ?? Number.POSITIVE_INFINITY) : 0
  const rows = [...messages.values()].filter((row) => row.id >= low && isThere(row))
  const expected = rows.map((row) => ({ ...row, user: model.user(row.user.id) }))
  const current = [...members.values()].filter((row) => row.left_at === null)
  const names = current.map((row) => ({ ...row, user: model.user(row.user.id) }))
  names.sort((a, b) => (a.joined_at < b.joined_at ? -1 : 1))
  return [
    ...differences(`window ${roomId}`, timeline.messages.filter(isThere).map(toRow), expected),
    ...differences(`members ${roomId}`, client.members.list(roomId).get().members, names),
  ]
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

function toRow(view: MessageView): MessageRow {
  const { reactions: _, isPinned: __, thread: ___, change: ____, ...row } = view
  return row
}
