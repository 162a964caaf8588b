import type { Forwarded, MessageRow } from '@grandchat/contracts/messages/schema'
import type { Database } from '../database/database.ts'
import { isMember } from '../rooms/access.ts'
import { presentMessage, selectMessages } from './present.ts'

type Origin = { room_id: number; message_id: number }

/**
 * What a member of its room passes on of a message: its text, and where it was first said. Undefined for messages that
 * they cannot see, deleted ones and system lines.
 */
export async function findForwardable(
  db: Database,
  userId: number,
  { room_id, message_id }: Origin,
): Promise<{ content: string; forwarded: Forwarded } | undefined> {
  if (!(await isMember(db, userId, room_id))) return undefined
  const row = await selectMessages(db, room_id)
    .where('messages.id', '=', message_id)
    .where('messages.kind', '=', 'user')
    .where('messages.deleted_at', 'is', null)
    .executeTakeFirst()
  if (!row) return undefined
  const { user, created_at, content, forwarded } = presentMessage(row)
  return { content, forwarded: forwarded ?? { room_id, message_id, user, created_at } }
}

/** The message that an author sent under this key. Its retry is answered, even if what it forwarded is gone since. */
export async function findSent(
  db: Database,
  roomId: number,
  userId: number,
  clientMessageId: string | null,
): Promise<MessageRow | undefined> {
  if (clientMessageId === null) return undefined
  const row = await selectMessages(db, roomId)
    .where('messages.user_id', '=', userId)
    .where('messages.client_message_id', '=', clientMessageId)
    .executeTakeFirst()
  return row && presentMessage(row)
}
