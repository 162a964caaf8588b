import type { Database } from '../database/database.ts'
import { notFound } from '../errors.ts'

/**
 * What somebody wrote in this room, deleted or not. System lines, messages of other rooms and those that never were do
 * not exist. The caller has been let into the room.
 */
export async function accessWritten(db: Database, roomId: number, messageId: number) {
  const message = await db
    .selectFrom('messages')
    .select(['id', 'user_id', 'thread_id', 'seq', 'content', 'forwarded', 'created_at', 'edited_at', 'deleted_at'])
    .where('id', '=', messageId)
    .where('room_id', '=', roomId)
    .where('kind', '=', 'user')
    .executeTakeFirst()
  if (!message) throw notFound()
  return message
}

/** The same, and deleted ones do not exist either. */
export async function accessMessage(db: Database, roomId: number, messageId: number) {
  const message = await accessWritten(db, roomId, messageId)
  if (message.deleted_at !== null) throw notFound()
  return message
}

export type Written = Awaited<ReturnType<typeof accessWritten>>
