import type { z } from 'zod'
import type { SystemLine } from '@grandchat/contracts/messages/schema'
import type { RowsChanged } from '@grandchat/contracts/realtime/rows-changed'
import type { RoomUpdate } from '@grandchat/contracts/rooms/schema'
import type { User } from '@grandchat/contracts/users/schema'
import { insertSystemLines } from '../messages/system-line.ts'
import { assertRuns, type LockedRoom } from './access.ts'
import { bumpRoom, changeAsMember, type RoomChanger, unchanged } from './change-room.ts'

type Update = z.output<typeof RoomUpdate>

/** Changes what a room is called, what it is about or who may write in it; each of these is told by a line of its own. */
export function updateRoom(changer: RoomChanger, user: User, roomId: number, update: Update): Promise<RowsChanged> {
  return changeAsMember(changer, user.id, roomId, async (tx, room, role) => {
    assertRuns(room, role)
    const lines = linesOf(room, update)
    if (lines.length === 0) return unchanged(tx, room, {})
    return bumpRoom(tx, room, { messages: await insertSystemLines(tx, room, user, lines) }, update)
  })
}

function linesOf(room: LockedRoom, { name, topic, posting }: Update): SystemLine[] {
  const lines: SystemLine[] = []
  if (name !== undefined && name !== room.name) lines.push({ type: 'renamed', name })
  if (topic !== undefined && topic !== room.topic) lines.push({ type: 'topic', topic })
  if (posting !== undefined && posting !== room.posting) lines.push({ type: 'posting', posting })
  return lines
}
