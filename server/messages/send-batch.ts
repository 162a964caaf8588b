import { sql } from 'kysely'
import type { Forwarded, MessageAdded, MessageRow } from '@grandchat/contracts/messages/schema'
import type { User } from '@grandchat/contracts/users/schema'
import type { Database, OpenTransaction } from '../database/database.ts'
import { saidMentions } from '../mentions/write.ts'
import { directUsers, preview } from '../rooms/present.ts'

export type Send = {
  author: User
  content: string
  clientMessageId: string | null
  replyTo: number | null
  forwarded: Forwarded | null
  /**
   * Asked in the transaction that has just written the message, of what its author may have taken back meanwhile: if not so,
   * nothing is written, and the send is rejected as `Withdrawn`. Locks, if any, are taken here, after all others.
   */
  isWanted?: (tx: OpenTransaction) => Promise<boolean>
}

/** What nothing was written for. */
export type Refusal = 'key_reused' | 'no_member' | 'not_allowed' | 'room_archived' | 'no_such_message'

export type SendOutcome =
  | { status: 'new'; message: MessageAdded; membersVersion: number }
  | { status: 'repeat'; message: MessageRow }
  | { status: Refusal }

type Row = Omit<MessageRow, 'user' | 'room_id' | 'thread_id' | 'seq' | 'system'> & {
  status: SendOutcome['status']
  seq: number
  room_kind: MessageAdded['room']['kind']
  room_name: string
  room_topic: string
  room_posting: MessageAdded['room']['posting']
  room_direct_users: User[] | null
  room_delivery: MessageAdded['room']['delivery']
  room_created_at: string
  room_archived_at: string | null
  room_member_count: number
  room_members_version: number
}

/**
 * Sends a batch in one statement, one transaction (migrations 0002, 0004, 0006 and 0010 say what it promises). One outcome per
 * send, in order. Who is in a direct room never changes, so that may be read beside.
 */
export async function sendBatch(db: Database, roomId: number, sends: readonly Send[]): Promise<SendOutcome[]> {
  const users = sends.map((send) => send.author.id)
  const keys = sends.map((send) => send.clientMessageId)
  const contents = sends.map((send) => send.content)
  const replyTos = sends.map((send) => send.replyTo)
  const forwarded = sends.map((send) => send.forwarded && JSON.stringify(send.forwarded))
  const each = sends.map((send) => saidMentions(send.content))
  const said = each.some((mentions) => mentions !== null) ? each : null
  const { rows } = await sql<Row>`
    select sent.*, ${directUsers} as room_direct_users
    from send_messages(
      ${roomId}, ${users}::bigint[], ${keys}::uuid[], ${contents}::text[], ${replyTos}::bigint[], ${forwarded}::text[],
      ${said}::text[]
    ) with ordinality sent
    left join rooms on rooms.id = ${roomId}
    order by sent.ordinality`.execute(db)
  return rows.map((row, i) => presentOutcome(roomId, row, sends[i]!.author))
}

function presentOutcome(roomId: number, row: Row, author: User): SendOutcome {
  if (row.status !== 'new' && row.status !== 'repeat') return { status: row.status }
  const message: MessageRow = {
    id: row.id,
    room_id: roomId,
    thread_id: 0,
    seq: row.seq,
    version: row.version,
    kind: row.kind,
    user: author,
    content: row.content,
    system: null,
    reply_to: row.reply_to,
    forwarded: row.forwarded,
    mentions: row.mentions,
    client_message_id: row.client_message_id,
    edited_at: row.edited_at,
    deleted_at: row.deleted_at,
    created_at: row.created_at,
  }
  if (row.status === 'repeat') return { status: 'repeat', message }
  return { status: 'new', message: withRoom(message, row), membersVersion: row.room_members_version }
}

/** The room as this message left it: all that a send changes is known from the message itself. */
function withRoom(message: MessageRow, row: Row): MessageAdded {
  const { id, content, user, created_at } = message
  return {
    ...message,
    room: {
      id: message.room_id,
      kind: row.room_kind,
      name: row.room_name,
      topic: row.room_topic,
      posting: row.room_posting,
      direct_users: row.room_direct_users,
      version: row.version,
      bumped_at: created_at,
      created_at: row.room_created_at,
      archived_at: row.room_archived_at,
      delivery: row.room_delivery,
      member_count: row.room_member_count,
      last_seq: row.seq,
      last_message: { id, content: preview(content), user, created_at },
    },
  }
}
