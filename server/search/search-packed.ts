import { sql } from 'kysely'
import type { OpenTransaction } from '../database/database.ts'
import type { Scope } from './scope.ts'

/** Ids below `before`, at most so many, in so many milliseconds. */
export type Bounds = { before: number; most: number; ms: number }

/** `needles`: what a line must hold; `pattern`: what it must match besides; `places`: bits that its pack must have. */
export type Wanted = { needles: readonly string[]; pattern: string | null; places: readonly number[] }

/** The newest messages of these rooms whose lines hold all needles and match, newest first; a 0 at the end if time ran out. */
export async function searchPacked(
  tx: OpenTransaction,
  { roomIds, from, to }: Pick<Scope, 'from' | 'to'> & { roomIds: readonly number[] },
  { needles, pattern, places }: Wanted,
  { before, most, ms }: Bounds,
): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from search_packed(${roomIds}::bigint[], ${before}, ${from}, ${to}, ${needles}::text[], ${pattern},
      ${places}::integer[], ${most}, ${ms}) id`.execute(tx)
  return rows.map(({ id }) => id)
}
