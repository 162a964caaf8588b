import { sql } from 'kysely'
import type { Feature, SearchQuery } from '@grandchat/contracts/search/query'
import type { OpenTransaction } from '../database/database.ts'
import { needlesOf, patternOf, phrasesOf } from './lines.ts'
import { type Bounds, searchPacked } from './search-packed.ts'
import type { Scope } from './scope.ts'
import { placesOf } from './signature.ts'

/** Ids below all earlier ones, newest first, that may be what is looked for. `isLate`: there was no time for the rest. */
type Proposal = { ids: number[]; isLate: boolean }

/** Rounds of a search whose proposals mostly turn out wrong grow by this. */
const growth = 4

/** Every message that the query can mean and that is packed, in slices: the caller stops when it has enough. */
export async function* proposals(
  tx: OpenTransaction,
  query: SearchQuery,
  scope: Scope,
  { before, most, ms }: Bounds,
): AsyncGenerator<Proposal> {
  const endsAt = performance.now() + ms
  const attached = query.has.find((feature) => feature in attachedTo) as Attached | undefined
  for (let below = before, size = most; ; size *= growth) {
    const left = Math.ceil(endsAt - performance.now())
    if (left <= 0) {
      yield { ids: [], isLate: true }
      return
    }
    const bounds = { before: below, most: size, ms: left }
    const found = attached
      ? await readAttached(tx, attached, scope, bounds)
      : await readPacked(tx, query, scope, bounds)
    yield found
    if (found.isLate || found.ids.length < size) return
    below = found.ids.at(-1)!
  }
}

async function readPacked(tx: OpenTransaction, query: SearchQuery, scope: Scope, bounds: Bounds): Promise<Proposal> {
  const authorId = scope.authorIds?.length === 1 ? scope.authorIds[0] : undefined
  const places = placesOf({ texts: needlesOf(query, undefined), phrases: phrasesOf(query), authorId })
  const wanted = { needles: needlesOf(query, authorId), pattern: patternOf(query), places }
  const ids = await searchPacked(tx, scope, wanted, bounds)
  const found = ids.filter((id) => id > 0)
  return { ids: found, isLate: found.length < ids.length }
}

/** What hangs on few messages is looked for from its own end. */
const attachedTo = {
  reaction: sql`select distinct message_id as id from reaction_rows where count > 0`,
  pin: sql`select message_id as id from pins where unpinned_at is null`,
  thread: sql`select distinct thread_id as id from messages where thread_id > 0`,
} satisfies Partial<Record<Feature, unknown>>
type Attached = keyof typeof attachedTo

async function readAttached(tx: OpenTransaction, kind: Attached, scope: Scope, bounds: Bounds): Promise<Proposal> {
  const { rows } = await sql<{ id: number }>`
    select id from (${attachedTo[kind]} and room_id = any (${scope.roomIds}::bigint[])) attached
    where id < ${bounds.before} order by id desc limit ${bounds.most}`.execute(tx)
  return { ids: rows.map(({ id }) => id), isLate: false }
}
