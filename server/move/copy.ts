import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { StartError } from '../start-error.ts'

export type Copied = { table: string; rows: number }

/**
 * Copies every row into a database that was just migrated and holds nobody yet. One transaction there: it has all rows or
 * none. Nothing else may write to the source meanwhile.
 */
export async function copyDatabase(from: string, to: string, onTable: (copied: Copied) => void): Promise<Copied[]> {
  const source = await connect(from)
  const target = await connect(to)
  try {
    await source.query('begin isolation level repeatable read read only')
    await target.query('begin')
    await refuseUsed(target)
    const copied: Copied[] = []
    for (const table of await tablesInOrder(source)) {
      const rows = await copyTable(source, target, table)
      onTable({ table, rows })
      copied.push({ table, rows })
    }
    await continueIds(source, target)
    await target.query('commit')
    return copied
  } finally {
    await source.end().catch(() => undefined)
    await target.end().catch(() => undefined)
  }
}

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString, options: '-c timezone=UTC', connectionTimeoutMillis: 10_000 })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

/** Under a lock that a backend starting there would wait for: nobody sets up an owner between this look and the copy. */
async function refuseUsed(target: pg.Client): Promise<void> {
  await target.query('lock table users in exclusive mode')
  const { rows } = await target.query<{ is_used: boolean }>('select exists (select from users) as is_used')
  if (rows[0]?.is_used) throw new StartError('The other database already has users: choose an empty one.')
}

/** All tables but the list of migrations, those that others refer to first. */
async function tablesInOrder(source: pg.Client): Promise<string[]> {
  const { rows } = await source.query<{ table: string; needs: string[] }>(`
    select c.relname as table,
      coalesce(array_agg(other.relname) filter (where other.oid <> c.oid), '{}')::text[] as needs
    from pg_class c
    left join pg_constraint k on k.conrelid = c.oid and k.contype = 'f'
    left join pg_class other on other.oid = k.confrelid
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relname <> 'migrations'
    group by c.relname order by c.relname`)
  const waiting = new Map(rows.map(({ table, needs }) => [table, new Set(needs)]))
  const ordered: string[] = []
  while (waiting.size > 0) {
    const ready = [...waiting].filter(([, needs]) => [...needs].every((table) => !waiting.has(table)))
    if (ready.length === 0) throw new Error(`tables refer to each other in a circle: ${[...waiting.keys()].join(', ')}`)
    for (const [table] of ready) waiting.delete(table)
    ordered.push(...ready.map(([table]) => table))
  }
  return ordered
}

/** Row by row as text, in one stream; columns by name, for their order may differ. */
async function copyTable(source: pg.Client, target: pg.Client, table: string): Promise<number> {
  const name = pg.escapeIdentifier(table)
  const columns = (await columnsOf(source, table)).map((column) => pg.escapeIdentifier(column)).join(', ')
  // What migrations put there, such as the workspace's one row.
  await target.query(`delete from ${name}`)
  const reading = source.query(copyTo(`copy (select ${columns} from ${name}) to stdout`))
  const writing = target.query(copyFrom(`copy ${name} (${columns}) from stdin`))
  await pipeline(reading, writing)
  const [was, is] = await Promise.all([count(source, name), count(target, name)])
  if (was !== is) throw new Error(`${table} has ${was} rows here and ${is} there`)
  return is
}

async function columnsOf(source: pg.Client, table: string): Promise<string[]> {
  const { rows } = await source.query<{ name: string }>(
    `select attname as name from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`,
    [pg.escapeIdentifier(table)],
  )
  return rows.map(({ name }) => name)
}

async function count(client: pg.Client, name: string): Promise<number> {
  const { rows } = await client.query<{ count: string }>(`select count(*) from ${name}`)
  return Number(rows[0]!.count)
}

/** New rows get ids above all that were ever given, also above those whose rows are gone. */
async function continueIds(source: pg.Client, target: pg.Client): Promise<void> {
  const { rows } = await source.query<{ name: string; value: string | null }>(
    `select sequencename as name, last_value::text as value from pg_sequences where schemaname = current_schema()`,
  )
  for (const { name, value } of rows) {
    if (value !== null) await target.query('select setval($1::regclass, $2)', [pg.escapeIdentifier(name), value])
  }
}
