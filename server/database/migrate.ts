import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { StartError } from '../start-error.ts'

const migrationsFolder = join(import.meta.dirname, 'migrations')

/** Any number that nobody else locks: two backends may start at once, one of them migrates. */
const advisoryLock = 7_261_845_901

type Migration = { name: string; sql: string; checksum: string }

export async function readMigrations(folder = migrationsFolder): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted()
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(folder, name), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex') }
    }),
  )
}

/** Brings the database to the newest form; forward only, one transaction each. Returns the names it applied. */
export async function migrate(connectionString: string, migrations?: Migration[]): Promise<string[]> {
  const wanted = migrations ?? (await readMigrations())
  const client = new pg.Client({ connectionString, options: '-c timezone=UTC' })
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [advisoryLock])
    await client.query(
      `create table if not exists migrations (
        name text primary key, checksum text not null, applied_at timestamptz not null default clock_timestamp()
      )`,
    )
    const { rows } = await client.query<{ name: string; checksum: string }>('select name, checksum from migrations')
    const applied = new Map(rows.map((row) => [row.name, row.checksum]))
    refuseEdited(applied, wanted)
    const pending = wanted.filter((migration) => !applied.has(migration.name))
    for (const migration of pending) await apply(client, migration)
    return pending.map((migration) => migration.name)
  } finally {
    await client.end()
  }
}

async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  try {
    await client.query('begin')
    await client.query(sql)
    await client.query('insert into migrations (name, checksum) values ($1, $2)', [name, checksum])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw new StartError(`The database could not be brought up to date: ${name} failed (${String(error)}).`)
  }
}

/** Names we do not know are fine: a newer release migrated first, and its migrations let the previous one run on. */
function refuseEdited(applied: Map<string, string>, wanted: Migration[]): void {
  for (const { name, checksum } of wanted) {
    const seen = applied.get(name)
    if (seen !== undefined && seen !== checksum) {
      throw new StartError(`The migration ${name} was changed after it was applied. Restore the original file.`)
    }
  }
}
