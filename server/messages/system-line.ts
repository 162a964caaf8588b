import { sql } from 'kysely'
import type { MessageRow, SystemLine } from '@grandchat/contracts/messages/schema'
import type { User } from '@grandchat/contracts/users/schema'
import type { OpenTransaction } from '../database/database.ts'
import type { LockedRoom } from '../rooms/access.ts'
import { readMessage } from './present.ts'

/**
 * A line that tells what `user` did, in the version of the change that it tells of. It has no seq: nobody has to read it,
 * so it neither counts as unread nor moves the room up.
 */
export async function insertSystemLine(
  tx: OpenTransaction,
  room: Pick<LockedRoom, 'id' | 'version' | 'bumped_at'>,
  user: User,
  line: SystemLine,
): Promise<MessageRow> {
  const { id } = await tx
    .insertInto('messages')
    .values({
      room_id: room.id,
      seq: null,
      version: room.version + 1,
      user_id: user.id,
      kind: 'system',
      ...toldBy(line),
      client_message_id: null,
      reply_to: null,
      created_at: sql<string>`greatest(clock_timestamp(), ${room.bumped_at}::timestamptz)`,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return readMessage(tx, room.id, id)
}

/** A line as it is stored. */
export function toldBy(line: SystemLine): { content: string; system: string } {
  return { content: wordsOf(line), system: JSON.stringify(line) }
}

/** Those of one change, in this order. */
export async function insertSystemLines(
  tx: OpenTransaction,
  room: Pick<LockedRoom, 'id' | 'version' | 'bumped_at'>,
  user: User,
  lines: readonly SystemLine[],
): Promise<MessageRow[]> {
  const rows: MessageRow[] = []
  for (const line of lines) rows.push(await insertSystemLine(tx, room, user, line))
  return rows
}

const plainWords = {
  created: 'created the room',
  joined: 'joined',
  left: 'left',
  archived: 'archived the room',
  restored: 'restored the room',
  pinned: 'pinned a message',
}

/** What the line says after the name of who did it, for clients that know no better. */
function wordsOf(line: SystemLine): string {
  if (line.type === 'added' || line.type === 'removed') return `${line.type} ${line.user.username}`
  if (line.type === 'renamed') return `renamed the room to ${line.name}`
  if (line.type === 'topic') return line.topic === '' ? 'removed the topic' : `set the topic to ${line.topic}`
  if (line.type === 'posting')
    return line.posting === 'all' ? 'lets everyone write here' : 'lets only admins write here'
  return plainWords[line.type]
}
