import type { RowsChanged } from '@grandchat/contracts/realtime/events'
import type { SystemLine } from '@grandchat/contracts/messages/schema'
import type { Room } from '@grandchat/contracts/rooms/schema'
import type { ModelServer } from './model-server.ts'
import type { Seeded } from './seeded.ts'

/** Columns of the room itself change, with a line that tells of it. */
function changeColumns(
  model: ModelServer,
  userId: number,
  roomId: number,
  columns: Partial<Pick<Room, 'name' | 'topic' | 'archived_at'>>,
  line: SystemLine,
): RowsChanged {
  const place = model.rooms.get(roomId)!
  return model.changeRows(roomId, () => {
    place.room = { ...place.room, ...columns }
    return { messages: [model.systemLine(roomId, model.user(userId), line)] }
  })
}

/** What somebody does who runs a room: gives it another name or topic, archives it, restores it. */
export function runRoom(model: ModelServer, { below }: Pick<Seeded, 'below'>, roomId: number, userId: number): void {
  const { archived_at } = model.rooms.get(roomId)!.room
  const kind = below(3)
  const text = `called ${below(1_000)}`
  if (kind === 0) changeColumns(model, userId, roomId, { name: text }, { type: 'renamed', name: text })
  else if (kind === 1) changeColumns(model, userId, roomId, { topic: text }, { type: 'topic', topic: text })
  else if (archived_at === null)
    changeColumns(model, userId, roomId, { archived_at: '2026-11-22T10:00:00.000000Z' }, { type: 'archived' })
  else changeColumns(model, userId, roomId, { archived_at: null }, { type: 'restored' })
}
