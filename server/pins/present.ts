import type { Selectable } from 'kysely'
import type { PinRow } from '@grandchat/contracts/pins/schema'
import type { Database } from '../database/database.ts'
import type { Tables } from '../database/schema.ts'

type Row = Pick<Selectable<Tables['pins']>, 'message_id' | 'user_id' | 'pinned_at' | 'unpinned_at' | 'version'> & {
  username: string
  display_name: string | null
  avatar: string | null
}

/** Pins of a room with who pinned, tombstones included; narrow them with `where`. */
export function selectPins(db: Database, roomId: number) {
  return db
    .selectFrom('pins')
    .innerJoin('users', 'users.id', 'pins.user_id')
    .where('pins.room_id', '=', roomId)
    .select([
      'pins.message_id',
      'pins.user_id',
      'pins.pinned_at',
      'pins.unpinned_at',
      'pins.version',
      'users.username',
      'users.display_name',
      'users.avatar',
    ])
}

export function presentPin({ message_id, user_id, username, display_name, avatar, ...row }: Row): PinRow {
  return {
    message_id,
    user: { id: user_id, username, display_name, avatar },
    pinned_at: row.pinned_at,
    unpinned_at: row.unpinned_at,
    version: row.version,
  }
}

export async function readPins(db: Database, roomId: number, messageIds: readonly number[]): Promise<PinRow[]> {
  if (messageIds.length === 0) return []
  const rows = await selectPins(db, roomId)
    .where('pins.message_id', 'in', messageIds)
    .orderBy('pins.message_id')
    .execute()
  return rows.map(presentPin)
}
