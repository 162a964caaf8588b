import { sql, type Selectable } from 'kysely'
import type { Mentions } from '@grandchat/contracts/mentions/schema'
import type { MessageRow } from '@grandchat/contracts/messages/schema'
import type { Database, OpenTransaction } from '../database/database.ts'
import type { Tables } from '../database/schema.ts'

type Row = Selectable<Tables['messages']> & {
  username: string
  display_name: string | null
  avatar: string | null
  mentions: Mentions
}

/** Looked up for those alone whose text may mention somebody. */
export const mentions = sql<Mentions>`case when strpos(messages.content, '@') > 0 then mentions_of(messages.id) end`

/** Messages of a room with their authors. The caller has been let into the room (`accessRoom`). */
export function selectMessages(db: Database, roomId: number) {
  return selectOfRooms(db).where('messages.room_id', '=', roomId)
}

/** The same of more than one room: narrow it to rooms that the caller has been let into. */
export function selectOfRooms(db: Database) {
  return db
    .selectFrom('messages')
    .innerJoin('users', 'users.id', 'messages.user_id')
    .select([
      'messages.id',
      'messages.room_id',
      'messages.thread_id',
      'messages.seq',
      'messages.version',
      'messages.kind',
      'messages.user_id',
      'messages.content',
      'messages.system',
      'messages.reply_to',
      'messages.forwarded',
      mentions.as('mentions'),
      'messages.client_message_id',
      'messages.edited_at',
      'messages.deleted_at',
      'messages.created_at',
      'users.username',
      'users.display_name',
      'users.avatar',
    ])
}

export function presentMessage({ user_id, username, display_name, avatar, ...row }: Row): MessageRow {
  return {
    id: row.id,
    room_id: row.room_id,
    thread_id: row.thread_id,
    seq: row.seq,
    version: row.version,
    kind: row.kind,
    user: { id: user_id, username, display_name, avatar },
    content: row.content,
    system: row.system,
    reply_to: row.reply_to,
    forwarded: row.forwarded,
    mentions: row.mentions,
    client_message_id: row.client_message_id,
    edited_at: row.edited_at,
    deleted_at: row.deleted_at,
    created_at: row.created_at,
  }
}

/** A message of the room as it is now. */
export async function readMessage(tx: OpenTransaction, roomId: number, messageId: number): Promise<MessageRow> {
  return presentMessage(await selectMessages(tx, roomId).where('messages.id', '=', messageId).executeTakeFirstOrThrow())
}
