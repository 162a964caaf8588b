import { sql } from 'kysely'
import type { Database, OpenTransaction } from '../database/database.ts'
import { makeLine } from './lines.ts'
import { signatureOf } from './signature.ts'

type Changed = { id: number; user_id: number; content: string; created_at: string; is_there: boolean }
type Line = { id: number; text: string }
type Pack = { first_id: number; last_id: number; first_at: string; last_at: string; lines: Line[] }

/** What a page of PostgreSQL holds, with room for its head and the row's. */
const packBytes = 7_800
const idBytes = 8

/** Rows of one pass: a room that was never packed takes many. */
const perPass = 1_000

/**
 * Packs what changed in a room since it was last packed: new messages behind the others, edited ones in their place; deleted
 * ones go. True if there is more to do. While another backend packs this room there is not.
 */
export function packRoom(db: Database, roomId: number): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const mark = await lockMark(tx, roomId)
    if (mark === undefined) return false
    // Whatever has this version or a lower one is committed: the room's row was locked when it was made.
    const { version } = await tx
      .selectFrom('rooms')
      .select('version')
      .where('id', '=', roomId)
      .executeTakeFirstOrThrow()
    const { rows } = await sql<Changed & { version: number }>`
      select id, user_id, content, created_at, version, kind = 'user' and deleted_at is null as is_there from messages
      where room_id = ${roomId} and version > ${mark} and version <= ${version}
      order by version fetch first ${sql.lit(perPass)} rows with ties`.execute(tx)
    await takeIn(tx, roomId, rows)
    const isAll = rows.length < perPass
    await tx
      .updateTable('search_rooms')
      .set({ version: isAll ? version : rows.at(-1)!.version, packed_at: sql`clock_timestamp()` })
      .where('room_id', '=', roomId)
      .execute()
    return !isAll
  })
}

async function lockMark(tx: OpenTransaction, roomId: number): Promise<number | undefined> {
  await sql`insert into search_rooms values (${roomId}, 0, clock_timestamp()) on conflict do nothing`.execute(tx)
  const { rows } = await sql<{ version: number }>`
    select version from search_rooms where room_id = ${roomId} for update skip locked`.execute(tx)
  return rows[0]?.version
}

async function takeIn(tx: OpenTransaction, roomId: number, changed: readonly Changed[]): Promise<void> {
  const newest = await readLastPack(tx, roomId)
  const isNew = ({ id }: Changed) => id > (newest?.last_id ?? 0)
  await rewrite(
    tx,
    roomId,
    changed.filter((each) => !isNew(each)),
  )
  const added = changed.filter((each) => isNew(each) && each.is_there).toSorted((a, b) => a.id - b.id)
  if (added.length > 0) await append(tx, roomId, await readLastPack(tx, roomId), added)
}

/** Edited and deleted messages. Their packs stay where they are, with the bounds that they had. */
async function rewrite(tx: OpenTransaction, roomId: number, changed: readonly Changed[]): Promise<void> {
  for (const message of changed) {
    const pack = await readPack(tx, roomId, message.id)
    if (!pack) continue
    const place = pack.lines.findIndex(({ id }) => id === message.id)
    if (place < 0) continue
    pack.lines.splice(place, 1, ...(message.is_there ? [lineOf(message)] : []))
    await writePack(tx, roomId, pack)
  }
}

async function append(tx: OpenTransaction, roomId: number, newest: Pack | undefined, added: readonly Changed[]) {
  let pack = newest
  let bytes = pack ? pack.lines.reduce((sum, line) => sum + bytesOf(line), 0) : 0
  for (const message of added) {
    const line = lineOf(message)
    if (pack && bytes + bytesOf(line) > packBytes) {
      await writePack(tx, roomId, pack)
      pack = undefined
    }
    if (!pack) bytes = 0
    pack ??= { first_id: message.id, last_id: 0, first_at: message.created_at, last_at: '', lines: [] }
    pack.lines.push(line)
    pack.last_id = message.id
    pack.last_at = message.created_at
    bytes += bytesOf(line)
  }
  if (pack) await writePack(tx, roomId, pack)
}

const lineOf = (message: Changed): Line => ({ id: message.id, text: makeLine(message) })
const bytesOf = ({ text }: Line) => Buffer.byteLength(text) + 1 + idBytes

type PackRow = Omit<Pack, 'lines'> & { ids: number[]; text: string }
const packColumns = sql`first_id, last_id, first_at, last_at, to_json(message_ids) as ids, text`

async function readLastPack(tx: OpenTransaction, roomId: number): Promise<Pack | undefined> {
  const { rows } = await sql<PackRow>`
    select ${packColumns} from search_packs where room_id = ${roomId} order by first_id desc limit 1`.execute(tx)
  return toPack(rows[0])
}

async function readPack(tx: OpenTransaction, roomId: number, messageId: number): Promise<Pack | undefined> {
  const { rows } = await sql<PackRow>`
    select ${packColumns} from search_packs
    where room_id = ${roomId} and first_id <= ${messageId} order by first_id desc limit 1`.execute(tx)
  return toPack(rows[0])
}

function toPack(row: PackRow | undefined): Pack | undefined {
  if (!row) return undefined
  const { ids, text, ...bounds } = row
  const lines = text.split('\n')
  return { ...bounds, lines: ids.map((id, i) => ({ id, text: lines[i] ?? '' })) }
}

async function writePack(tx: OpenTransaction, roomId: number, pack: Pack): Promise<void> {
  const { first_id, last_id, first_at, last_at, lines } = pack
  if (lines.length === 0) {
    for (const table of ['search_packs', 'search_signatures'] as const) {
      await tx.deleteFrom(table).where('room_id', '=', roomId).where('first_id', '=', first_id).execute()
    }
    return
  }
  const texts = lines.map(({ text }) => text)
  await sql`
    with signed as (
      insert into search_signatures (room_id, first_id, last_id, first_at, last_at, bits)
      values (${roomId}, ${first_id}, ${last_id}, ${first_at}, ${last_at}, ${signatureOf(texts)}::bit(15360))
      on conflict (room_id, first_id) do update set
        last_id = excluded.last_id, last_at = excluded.last_at, bits = excluded.bits
    )
    insert into search_packs (room_id, first_id, last_id, first_at, last_at, message_ids, text)
    values (${roomId}, ${first_id}, ${last_id}, ${first_at}, ${last_at}, ${lines.map(({ id }) => id)}::bigint[],
      ${texts.join('\n')})
    on conflict (room_id, first_id) do update set
      last_id = excluded.last_id, last_at = excluded.last_at, message_ids = excluded.message_ids, text = excluded.text`.execute(
    tx,
  )
}
