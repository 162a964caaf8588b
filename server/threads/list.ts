import { sql } from 'kysely'
import type { FollowedThreads } from '@grandchat/contracts/messages/schema'
import type { Database, OpenTransaction } from '../database/database.ts'
import { inSnapshot } from '../database/snapshot.ts'
import { readAttached } from '../messages/attached.ts'
import { presentMessage, selectMessages } from '../messages/present.ts'
import { selectThreads } from './present.ts'

/** Of each thread, the newest of its messages that a list shows. */
const shownMessages = 2

/** The threads that somebody follows in rooms that are theirs, the one written in last first. */
export function listFollowed(
  db: Database,
  userId: number,
  { before, limit }: { before: string | undefined; limit: number },
): Promise<FollowedThreads> {
  return inSnapshot(db, async (tx) => {
    let query = selectFollowed(tx, userId).orderBy('threads.last_message_at', 'desc').orderBy('threads.id', 'desc')
    if (before !== undefined) query = query.where('threads.last_message_at', '<', before)
    const found = await query.limit(limit + 1).execute()
    const threads = found.slice(0, limit)
    const messages = await readShown(
      tx,
      threads.map(({ id }) => id),
    )
    const attached = await Promise.all(
      [...Map.groupBy(messages, (row) => row.room_id)].map(([roomId, rows]) =>
        readAttached(
          tx,
          roomId,
          rows.map(({ id }) => id),
        ),
      ),
    )
    return {
      threads,
      messages,
      reactions: attached.flatMap(({ reactions }) => reactions),
      pins: attached.flatMap(({ pins }) => pins),
      more: found.length > limit,
    }
  })
}

/** Threads that somebody follows, in rooms that are theirs now. */
export function selectFollowed(db: Database, userId: number) {
  return selectThreads(db)
    .innerJoin('own_rows as own', (join) =>
      // Keys of other kinds are no numbers, and a plan may look at them first.
      join.on(sql<boolean>`threads.id = case own.kind when 'thread' then own.key::bigint end`),
    )
    .innerJoin('memberships', 'memberships.room_id', 'threads.room_id')
    .where('own.user_id', '=', userId)
    .where(sql<boolean>`(own.value ->> 'is_following')::boolean`)
    .where('memberships.user_id', '=', userId)
    .where('memberships.left_at', 'is', null)
}

/** What each thread hangs from, and the newest in it. */
async function readShown(tx: OpenTransaction, threadIds: readonly number[]) {
  if (threadIds.length === 0) return []
  const { rows } = await sql<{ id: number; room_id: number }>`
    select m.id, m.room_id from messages m where m.id = any (${[...threadIds]}::bigint[])
    union all
    select newest.id, newest.room_id from unnest(${[...threadIds]}::bigint[]) as thread (id)
      join threads t on t.id = thread.id
      cross join lateral (
        select m.id, m.room_id from messages m
        where m.room_id = t.room_id and m.thread_id = t.id and m.deleted_at is null
        order by m.id desc limit ${shownMessages}
      ) as newest`.execute(tx)
  const byRoom = [...Map.groupBy(rows, (row) => row.room_id)]
  const messages = await Promise.all(
    byRoom.map(([roomId, found]) =>
      selectMessages(tx, roomId)
        .where(
          'messages.id',
          'in',
          found.map(({ id }) => id),
        )
        .execute(),
    ),
  )
  return messages
    .flat()
    .map(presentMessage)
    .sort((a, b) => a.id - b.id)
}
