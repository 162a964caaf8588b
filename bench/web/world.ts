import type pg from 'pg'
import { addRoom, addUsers, runOn, type Somebody } from '../world.ts'

export type FilledRoom = { id: number; lastMessageId: number }

/** One reader in rooms that three others have filled, all of it read. */
export async function fillRooms(
  db: pg.Client,
  { rooms, messages, largest }: { rooms: number; messages: number; largest: number },
): Promise<{ reader: Somebody; rooms: FilledRoom[]; large: FilledRoom }> {
  const [reader, ...writers] = await addUsers(db, 'person', 4)
  if (!reader) throw new Error('there are no users')
  const memberIds = [reader, ...writers].map(({ id }) => id)
  const filled: FilledRoom[] = []
  for (let i = 1; i <= rooms; i++) filled.push(await fillRoom(db, `Room ${i}`, memberIds, messages))
  return { reader, rooms: filled, large: await fillRoom(db, 'The long one', memberIds, largest) }
}

async function fillRoom(db: pg.Client, name: string, memberIds: number[], count: number): Promise<FilledRoom> {
  const id = await addRoom(runOn(db), name, memberIds)
  await db.query(
    `insert into messages (room_id, seq, version, user_id, content, created_at)
     select $1, n, $3::integer + n, ($2::bigint[])[2 + n % 3], repeat('Some words that somebody wrote. ', 1 + (n * 7 % 13) / 4),
       now() - ($4::integer - n) * interval '40 seconds'
     from generate_series(1, $4::integer) n`,
    [id, memberIds, memberIds.length, count],
  )
  const { rows } = await db.query<{ last: string }>(
    `update rooms set last_seq = $2::integer, version = version + $2::integer, bumped_at = now(),
       last_message_id = (select max(id) from messages where room_id = $1)
     where id = $1 returning last_message_id as last`,
    [id, count],
  )
  await db.query('update memberships set read_seq = $2 where room_id = $1', [id, count])
  return { id, lastMessageId: Number(rows[0]!.last) }
}
