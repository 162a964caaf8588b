import { sql } from 'kysely'
import type { Forwarded, MessageAdded, MessageRow } from '@grandchat/contracts/messages/schema'
import type { User } from '@grandchat/contracts/users/schema'
import type { OpenTransaction } from '../database/database.ts'
import { invalidInput, permissionDenied } from '../errors.ts'
import { findSent } from '../messages/forward.ts'
import { readMessage } from '../messages/present.ts'
import type { Send } from '../messages/send-batch.ts'
import { assertWanted } from '../messages/withdrawn.ts'
import { addMentions } from '../mentions/write.ts'
import type { LockedRoom } from '../rooms/access.ts'
import {
  type Announcement,
  bumpRoom,
  changeAsMember,
  nextVersion,
  type RoomChanger,
  unchanged,
} from '../rooms/change-room.ts'
import { follow } from './follow.ts'
import { readThreads } from './present.ts'

export type ThreadPost = {
  content: string
  clientMessageId: string | null
  replyTo: number | null
  forwarded: Forwarded | null
  isWanted?: Send['isWanted']
}

export type ThreadOutcome =
  | { status: 'new' | 'repeat'; message: MessageAdded }
  | { status: 'key_reused' }
  | { status: 'no_such_message' }

/**
 * Says something in a thread. It takes a seq of the thread and none of the room, which stays where it is among the rooms.
 * Who writes follows the thread from then on, and whoever began it does unless they have said otherwise; whoever it mentions does
 * in any case.
 */
export function postInThread(
  changer: RoomChanger,
  author: User,
  roomId: number,
  threadId: number,
  post: ThreadPost,
): Promise<ThreadOutcome> {
  return changeAsMember<ThreadOutcome>(changer, author.id, roomId, async (tx, room, role) => {
    const sent = await findSent(tx, roomId, author.id, post.clientMessageId)
    if (sent) return { event: null, result: await repeated(tx, room, sent, threadId, post) }
    if (room.posting === 'admins' && role === 'member') throw permissionDenied()
    const root = await findRoot(tx, roomId, threadId)
    if (!root) throw invalidInput({ thread_id: 'is not a message that a thread can hang from' })
    if (post.replyTo !== null && !(await isThere(tx, roomId, post.replyTo))) {
      return { event: null, result: { status: 'no_such_message' } }
    }
    return addMessage(tx, room, author, root, post)
  })
}

/** Keys are a room's, whatever the timeline: one that was used elsewhere says another message. */
async function repeated(
  tx: OpenTransaction,
  room: LockedRoom,
  sent: MessageRow,
  threadId: number,
  post: ThreadPost,
): Promise<ThreadOutcome> {
  const isChanged = sent.edited_at !== null || sent.deleted_at !== null
  const isSame = sent.content === post.content || sent.forwarded?.message_id === (post.forwarded?.message_id ?? 0)
  if (sent.thread_id !== threadId || !(isSame || isChanged)) return { status: 'key_reused' }
  const { result } = await unchanged(tx, room, {})
  return { status: 'repeat', message: { ...sent, room: result.room } }
}

type Root = { id: number; user_id: number }

/** What a thread may hang from: a message of the room's own timeline that was not deleted, unless it has one already. */
function findRoot(tx: OpenTransaction, roomId: number, threadId: number): Promise<Root | undefined> {
  return tx
    .selectFrom('messages')
    .leftJoin('threads', 'threads.id', 'messages.id')
    .select(['messages.id', 'messages.user_id'])
    .where('messages.id', '=', threadId)
    .where('messages.room_id', '=', roomId)
    .where('messages.thread_id', '=', 0)
    .where('messages.kind', '=', 'user')
    .where((eb) => eb.or([eb('messages.deleted_at', 'is', null), eb('threads.id', 'is not', null)]))
    .executeTakeFirst()
}

async function isThere(tx: OpenTransaction, roomId: number, messageId: number): Promise<boolean> {
  const message = await tx
    .selectFrom('messages')
    .select('id')
    .where('id', '=', messageId)
    .where('room_id', '=', roomId)
    .where('kind', '=', 'user')
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  return message !== undefined
}

async function addMessage(
  tx: OpenTransaction,
  room: LockedRoom,
  author: User,
  root: Root,
  post: ThreadPost,
): Promise<Announcement<ThreadOutcome>> {
  const version = nextVersion(room)
  const origin = post.forwarded && JSON.stringify(post.forwarded)
  const { rows } = await sql<{ id: number; seq: number }>`
    with thread as (
      insert into threads as t (id, room_id, version, last_seq, message_count, last_message_at, user_ids)
      values (${root.id}, ${room.id}, ${version}, 1, 1, clock_timestamp(), array[${author.id}::bigint])
      on conflict (id) do update set
        version = excluded.version, last_seq = t.last_seq + 1, message_count = t.message_count + 1,
        last_message_at = greatest(clock_timestamp(), t.last_message_at + interval '1 microsecond'),
        user_ids = (array[${author.id}::bigint] || array_remove(t.user_ids, ${author.id}::bigint))[1:3]
      returning id, last_seq, last_message_at
    )
    insert into messages (room_id, thread_id, seq, version, user_id, content, client_message_id, reply_to, forwarded, created_at)
    select ${room.id}, id, last_seq, ${version}, ${author.id}, ${post.content}, ${post.clientMessageId}::uuid,
      ${post.replyTo}::bigint, ${origin}::jsonb, last_message_at
    from thread
    returning id, seq`.execute(tx)
  const { id, seq } = rows[0]!
  await addMentions(tx, id, post.content)
  const message = await readMessage(tx, room.id, id)
  const bumped = await bumpRoom(tx, room, { messages: [message], threads: await readThreads(tx, room.id, [root.id]) })
  const own = await follow(tx, {
    roomId: room.id,
    threadId: root.id,
    seq,
    authorId: author.id,
    beganBy: root.user_id,
    mentioned: message.mentions?.users ?? [],
  })
  await assertWanted(tx, [post])
  return { ...bumped, own, result: { status: 'new', message: { ...message, room: bumped.result.room } } }
}
