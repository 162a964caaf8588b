import { sql } from 'kysely'
import { type OwnKind, type OwnValues, ownKinds } from '@grandchat/contracts/own-rows/kinds'
import type { OwnRow } from '@grandchat/contracts/own-rows/schema'
import type { Database, OpenTransaction } from '../database/database.ts'
import type { Change } from '../realtime/announcer.ts'

/** Traces of rows that were taken away that one user's devices can still ask for; the older half goes when there are more. */
const maxTraces = 4_000

export const ownRowColumns = ['kind', 'key', 'value', 'own_version'] as const

/**
 * Writes a row of a user's own state, or takes it away (null), at a version to which the caller has just raised them
 * (`bumpUser`); so it may be part of a room's change. The row is to be announced with that version.
 */
export async function writeOwnRow<Kind extends OwnKind>(
  tx: OpenTransaction,
  userId: number,
  userVersion: number,
  kind: Kind,
  key: string,
  value: OwnValues[Kind] | null,
): Promise<OwnRow> {
  const { rows } = await sql<OwnRow>`
    insert into own_rows (user_id, kind, key, value, own_version, due_at)
    values (${userId}, ${kind}, ${key}, ${textOf(value)}::jsonb, ${userVersion}, ${dueAt(kind, value)}::timestamptz)
    on conflict (user_id, kind, key) do update set
      value = excluded.value, own_version = excluded.own_version, due_at = excluded.due_at
    returning kind, key, value, own_version`.execute(tx)
  if (value === null) await forgetTraces(tx, userId)
  return rows[0]!
}

/** Of more rows of a kind than one person may have, those that were written longest ago give way; their traces. */
export async function trimOwnRows(
  tx: OpenTransaction,
  userId: number,
  userVersion: number,
  kind: OwnKind,
): Promise<OwnRow[]> {
  const { rows } = await sql<OwnRow>`
    update own_rows set value = null, own_version = ${userVersion}
    where user_id = ${userId} and kind = ${kind} and key in (
      select key from own_rows where user_id = ${userId} and kind = ${kind} and value is not null
      order by own_version desc offset ${ownKinds[kind].maxRows}
    )
    returning kind, key, value, own_version`.execute(tx)
  if (rows.length > 0) await forgetTraces(tx, userId)
  return rows
}

export function textOf(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value)
}

/** The server acts on what is to be sent later, unless it has tried. */
function dueAt<Kind extends OwnKind>(kind: Kind, value: OwnValues[Kind] | null): string | null {
  if (kind !== 'scheduled' || value === null) return null
  const { send_at, failure } = value as OwnValues['scheduled']
  return failure === undefined ? send_at : null
}

/** Clients that were last here before the floor read everything anew. */
async function forgetTraces(tx: OpenTransaction, userId: number): Promise<void> {
  await sql`
    with traces as (
      select own_version, row_number() over (order by own_version desc) as place
      from own_rows where user_id = ${userId} and value is null
    ), floor as (
      select max(own_version) as version from traces
      where place > ${maxTraces / 2} and exists (select from traces where place > ${maxTraces})
    ), gone as (
      delete from own_rows using floor
      where user_id = ${userId} and value is null and own_version <= floor.version
    )
    update users set own_rows_floor = floor.version from floor
    where users.id = ${userId} and floor.version is not null`.execute(tx)
}

/** The event of own rows that changed beside no room. */
export function ownRowsChanged(userId: number, userVersion: number, rows: OwnRow[]): Change {
  const body = { user_version: userVersion, memberships: [], rows }
  return { stream: 'own', roomId: null, userId, version: userVersion, event: { type: 'own_changed', body } }
}

export function findOwnRow(db: Database, userId: number, kind: OwnKind, key: string): Promise<OwnRow | undefined> {
  return db
    .selectFrom('own_rows')
    .select(ownRowColumns)
    .where('user_id', '=', userId)
    .where('kind', '=', kind)
    .where('key', '=', key)
    .executeTakeFirst()
}
