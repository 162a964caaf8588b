import { sql } from 'kysely'
import { limits } from '@grandchat/contracts/limits'
import { type OwnValues, ownKinds, type WritableKind } from '@grandchat/contracts/own-rows/kinds'
import type { OwnRow } from '@grandchat/contracts/own-rows/schema'
import type { Database, OpenTransaction } from '../database/database.ts'
import { AppError } from '../errors.ts'
import type { Announcer } from '../realtime/announcer.ts'
import { bumpUser } from '../rooms/change-room.ts'
import { accessNamed } from './check.ts'
import { findOwnRow, ownRowsChanged, textOf, writeOwnRow } from './write.ts'

/** Writes one row of the caller's own state: the last write wins, and one that changes nothing is told to nobody. */
export function putOwnRow<Kind extends WritableKind>(
  db: Database,
  announcer: Announcer,
  userId: number,
  kind: Kind,
  key: string,
  value: OwnValues[Kind],
): Promise<OwnRow> {
  return announcer.within(db, async (tx, announce) => {
    await accessNamed(tx, userId, kind, key, value)
    await lockUser(tx, userId)
    const known = await findOwnRow(tx, userId, kind, key)
    if (known && (await isEqual(tx, known.value, value))) return known
    if (!known || known.value === null) await assertRoom(tx, userId, kind)
    const userVersion = await bumpUser(tx, userId)
    const row = await writeOwnRow(tx, userId, userVersion, kind, key, value)
    await announce([ownRowsChanged(userId, userVersion, [row])])
    return row
  })
}

/** Takes a row away; whoever repeats it changes nothing. Rows of rooms that were left are their owner's still. */
export function removeOwnRow(
  db: Database,
  announcer: Announcer,
  userId: number,
  kind: WritableKind,
  key: string,
): Promise<OwnRow> {
  return announcer.within(db, async (tx, announce) => {
    await lockUser(tx, userId)
    const known = await findOwnRow(tx, userId, kind, key)
    if (!known || known.value === null) return known ?? { kind, key, value: null, own_version: 0 }
    const userVersion = await bumpUser(tx, userId)
    const row = await writeOwnRow(tx, userId, userVersion, kind, key, null)
    await announce([ownRowsChanged(userId, userVersion, [row])])
    return row
  })
}

/** Before its rows are read: what is read then is what the version stands for. */
export async function lockUser(tx: OpenTransaction, userId: number): Promise<void> {
  await tx.selectFrom('users').select('id').where('id', '=', userId).forNoKeyUpdate().execute()
}

/** As the database compares them: the order of members does not count. */
async function isEqual(tx: OpenTransaction, known: unknown, value: unknown): Promise<boolean> {
  const { rows } = await sql<{ equal: boolean | null }>`
    select ${textOf(known)}::jsonb = ${textOf(value)}::jsonb as equal`.execute(tx)
  return rows[0]?.equal === true
}

/** What others can make grow has a bound of its own and takes no place: threads that one is brought into. */
async function assertRoom(tx: OpenTransaction, userId: number, kind: WritableKind): Promise<void> {
  const { rows } = await sql<{ all: number; alike: number }>`
    select count(*) filter (where kind <> 'thread') as all, count(*) filter (where kind = ${kind}) as alike
    from own_rows where user_id = ${userId} and value is not null`.execute(tx)
  const { all, alike } = rows[0]!
  if (all < limits.ownRows && alike < ownKinds[kind].maxRows) return
  throw new AppError(409, 'too_many_own_rows', 'you keep too many of these, remove some first')
}
