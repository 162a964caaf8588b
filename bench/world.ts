import { createHash } from 'node:crypto'
import pg from 'pg'
import { limits } from '@grandchat/contracts/limits'
import type { Installation } from './installation.ts'
import type { Scope } from './scope.ts'

/** Somebody who is signed in, by a session of their own. */
export type Somebody = { id: number; cookie: string }

/** Opens the installation's database and notes what it promises about durability. */
export async function openDatabase(scope: Scope, installation: Pick<Installation, 'databaseUrl'>): Promise<pg.Client> {
  const db = new pg.Client({ connectionString: await installation.databaseUrl() })
  db.on('error', () => undefined)
  await db.connect()
  scope.onEnd(() => db.end())
  const { rows } = await db.query<{ facts: string }>(`
    select concat_ws(', ', current_setting('server_version'),
      'fsync ' || current_setting('fsync'),
      'synchronous_commit ' || current_setting('synchronous_commit'),
      'full_page_writes ' || current_setting('full_page_writes'),
      'shared_buffers ' || current_setting('shared_buffers')) as facts`)
  scope.facts['postgresql'] = rows[0]!.facts
  return db
}

/** Makes users with sessions, as sign-ups and sign-ins would leave them, without the cost of their passwords. */
export async function addUsers(db: pg.Client, prefix: string, count: number): Promise<Somebody[]> {
  const ids = await addMembers(db, prefix, count)
  const secrets = ids.map((id) => `${prefix}-${id}-secret`)
  await db.query(`insert into sessions (secret_hash, user_id) select * from unnest($1::bytea[], $2::bigint[])`, [
    secrets.map((secret) => createHash('sha256').update(secret).digest()),
    ids,
  ])
  return ids.map((id, i) => ({ id, cookie: `session=${secrets[i]}` }))
}

/** Makes users who never sign in; their ids. */
export async function addMembers(db: pg.Client, prefix: string, count: number): Promise<number[]> {
  const { rows } = await db.query<{ id: string }>(
    `insert into users (username, username_folded)
     select $1 || n, $1 || n from generate_series(1, $2::integer) n returning id`,
    [prefix, count],
  )
  return rows.map(({ id }) => Number(id))
}

/** Runs a statement; resolves with its rows. */
export type Run = <Row extends pg.QueryResultRow>(text: string, values: unknown[]) => Promise<Row[]>

export const runOn =
  (db: pg.Client): Run =>
  (text, values) =>
    db.query(text, values).then(({ rows }) => rows)

/** Makes a room whose members have joined one after the other: versions and counts as the use cases leave them. */
export async function addRoom(
  run: Run,
  name: string,
  memberIds: readonly number[],
  { kind = 'public', delivery = 'personal' }: { kind?: 'public' | 'private'; delivery?: 'personal' | 'room' } = {},
): Promise<number> {
  const [room] = await run<{ id: string }>(
    `insert into rooms (kind, name, version, members_version, member_count, delivery)
     select $3, $1, n, n, n, $4 from (select $2::integer as n) returning id`,
    [name, memberIds.length, kind, delivery],
  )
  const id = Number(room!.id)
  await run(
    `insert into memberships (room_id, user_id, role, joined_at, version, own_version, read_at_version)
     select $1, u.id, case n when 1 then 'owner' else 'member' end, clock_timestamp(), n, u.version + 1, n
     from unnest($2::bigint[]) with ordinality as member (id, n) join users u on u.id = member.id`,
    [id, memberIds],
  )
  await run(`update users set version = version + 1 where id = any ($1::bigint[])`, [memberIds])
  return id
}

/** Rooms that all of these people are in. */
export async function addRooms(
  db: pg.Client,
  name: string,
  count: number,
  members: readonly Somebody[],
): Promise<number[]> {
  const ids = members.map(({ id }) => id)
  const rooms: number[] = []
  for (let i = 1; i <= count; i++) rooms.push(await addRoom(runOn(db), `${name} ${i}`, ids))
  return rooms
}

/**
 * Throws unless these rooms hold exactly what was acknowledged, numbered without a gap. In small rooms some versions are no
 * messages: they tell how far messages got.
 */
export async function checkRooms(db: pg.Client, roomIds: readonly number[], acknowledged: number): Promise<void> {
  const { rows } = await db.query<{ held: number; is_whole: boolean }>(
    `select count(m.id)::integer as held,
       r.last_seq = count(m.id) and coalesce(max(m.seq), 0) = count(m.id) and count(distinct m.seq) = count(m.id)
         and count(distinct m.version) = count(m.id) and coalesce(max(m.version), r.version) <= r.version
         and (r.version = r.members_version + count(m.id)
           or r.member_count <= $2 and r.version > r.members_version + count(m.id)) as is_whole
     from rooms r left join messages m on m.room_id = r.id where r.id = any ($1::bigint[]) group by r.id`,
    [roomIds, limits.receiptMembers],
  )
  const held = rows.reduce((sum, row) => sum + row.held, 0)
  if (held !== acknowledged) throw new Error(`${acknowledged} sends were acknowledged, but there are ${held} messages`)
  if (!rows.every((row) => row.is_whole)) throw new Error('the versions or seqs of a room have gaps')
}
