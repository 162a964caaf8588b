import { sql } from 'kysely'
import { limits } from '@grandchat/contracts/limits'
import type { MessageEdits } from '@grandchat/contracts/messages/schema'
import type { RowsChanged } from '@grandchat/contracts/realtime/rows-changed'
import type { Database, OpenTransaction } from '../database/database.ts'
import { inSnapshot } from '../database/snapshot.ts'
import { permissionDenied } from '../errors.ts'
import { replaceMentions } from '../mentions/write.ts'
import { accessRoom } from '../rooms/access.ts'
import { bumpRoom, changeAsMember, nextVersion, type RoomChanger, unchanged } from '../rooms/change-room.ts'
import { accessMessage, type Written } from './access.ts'
import { readMessage } from './present.ts'

/** Changes what an own message says; what it said before is kept. What somebody else said is not the author's to change. */
export async function editMessage(
  changer: RoomChanger,
  userId: number,
  roomId: number,
  messageId: number,
  content: string,
): Promise<RowsChanged> {
  return changeAsMember(changer, userId, roomId, async (tx, room) => {
    const message = await accessMessage(tx, roomId, messageId)
    if (message.user_id !== userId || message.forwarded !== null) throw permissionDenied()
    if (message.content === content) {
      return unchanged(tx, room, { messages: [await readMessage(tx, roomId, messageId)] })
    }
    await keepText(tx, message)
    await tx
      .updateTable('messages')
      .set({ content, edited_at: sql<string>`clock_timestamp()`, version: nextVersion(room) })
      .where('id', '=', messageId)
      .execute()
    await replaceMentions(tx, messageId, content)
    return bumpRoom(tx, room, { messages: [await readMessage(tx, roomId, messageId)] })
  })
}

/** Keeps what a message says until now, and lets go of what it said long ago. */
async function keepText(tx: OpenTransaction, { id, content, edited_at, created_at }: Written): Promise<void> {
  await tx
    .insertInto('message_edits')
    .values({ message_id: id, content, created_at: edited_at ?? created_at })
    .execute()
  await sql`
    delete from message_edits where message_id = ${id} and id <= (
      select id from message_edits where message_id = ${id} order by id desc offset ${limits.messageEdits} limit 1
    )`.execute(tx)
}

/** What a message said before, the oldest first. */
export function listEdits(db: Database, userId: number, roomId: number, messageId: number): Promise<MessageEdits> {
  return inSnapshot(db, async (tx) => {
    await accessRoom(tx, userId, roomId)
    await accessMessage(tx, roomId, messageId)
    const results = await tx
      .selectFrom('message_edits')
      .select(['content', 'created_at'])
      .where('message_id', '=', messageId)
      .orderBy('id')
      .execute()
    return { results }
  })
}
