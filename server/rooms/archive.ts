import { sql } from 'kysely'
import type { RowsChanged } from '@grandchat/contracts/realtime/rows-changed'
import type { User } from '@grandchat/contracts/users/schema'
import { permissionDenied } from '../errors.ts'
import { insertSystemLines } from '../messages/system-line.ts'
import { accessRole, assertRuns } from './access.ts'
import { bumpRoom, changeAsMember, type RoomChanger, unchanged } from './change-room.ts'

/** Closes a room for writing: what was said stays to be read by its members, and nobody finds or joins it any more. */
export function archiveRoom(changer: RoomChanger, user: User, roomId: number): Promise<RowsChanged> {
  return setArchived(changer, user, roomId, true)
}

/** Opens an archived room again, as it was. */
export function restoreRoom(changer: RoomChanger, user: User, roomId: number): Promise<RowsChanged> {
  return setArchived(changer, user, roomId, false)
}

function setArchived(changer: RoomChanger, user: User, roomId: number, isArchived: boolean): Promise<RowsChanged> {
  return changeAsMember(
    changer,
    user.id,
    roomId,
    async (tx, room, role) => {
      assertRuns(room, role)
      if (role !== 'owner') throw permissionDenied()
      if ((room.archived_at !== null) === isArchived) return unchanged(tx, room, {})
      const messages = await insertSystemLines(tx, room, user, [{ type: isArchived ? 'archived' : 'restored' }])
      return bumpRoom(tx, room, { messages }, { archived_at: isArchived ? sql<string>`clock_timestamp()` : null })
    },
    accessRole,
  )
}
