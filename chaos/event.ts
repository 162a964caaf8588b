import type { Event } from '@grandchat/contracts/realtime/events'

/** A room's event as one text, whatever way it came and in whatever order its rows stand; undefined of all others. */
export function describeEvent({ type, body }: Event): { room: number; version: number; text: string } | undefined {
  if (!('room' in body) || type === 'room_changed') return undefined
  const { id: room, version } = body.room
  const rows: (string | false)[] = [
    'seq' in body && `message ${body.id}`,
    'user' in body && `user ${body.user.id}`,
    ...('messages' in body ? (body.messages ?? []).map((row) => `message ${row.id} ${row.version}`) : []),
    ...('reactions' in body
      ? (body.reactions ?? []).map((row) => `${row.emoji} ${row.message_id} ${row.version}`)
      : []),
    ...('pins' in body ? (body.pins ?? []).map((row) => `pin ${row.message_id} ${row.version}`) : []),
    ...('threads' in body ? (body.threads ?? []).map((row) => `thread ${row.id} ${row.version}`) : []),
    ...('members' in body ? (body.members ?? []).map((row) => `member ${row.user.id} ${row.version}`) : []),
  ]
  const told = rows.filter((row) => row !== false).toSorted((a, b) => (a < b ? -1 : 1))
  return { room, version, text: [type, ...told].join('; ') }
}
