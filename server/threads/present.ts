import { sql } from 'kysely'
import type { ThreadRow } from '@grandchat/contracts/threads/schema'
import type { User } from '@grandchat/contracts/users/schema'
import type { Database } from '../database/database.ts'

/** Threads with who wrote last in them, the newest first; narrow them with `where`. */
export function selectThreads(db: Database) {
  return db.selectFrom('threads').select([
    'threads.id',
    'threads.room_id',
    'threads.version',
    'threads.last_seq',
    'threads.message_count',
    'threads.last_message_at',
    sql<number | null>`(
        select m.id from messages m
        where m.room_id = threads.room_id and m.thread_id = threads.id and m.deleted_at is null
        order by m.seq desc limit 1
      )`.as('last_message_id'),
    sql<User[]>`(
        select coalesce(json_agg(json_build_object('id', u.id, 'username', u.username, 'display_name', u.display_name, 'avatar', u.avatar)
          order by place), '[]')
        from unnest(threads.user_ids) with ordinality as writer (id, place) join users u on u.id = writer.id
      )`.as('users'),
  ])
}

export async function readThreads(db: Database, roomId: number, ids: readonly number[]): Promise<ThreadRow[]> {
  if (ids.length === 0) return []
  return selectThreads(db)
    .where('threads.room_id', '=', roomId)
    .where('threads.id', 'in', ids)
    .orderBy('threads.id')
    .execute()
}
