import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { openDataDirectory } from '../data-directory.ts'
import { checkDatabase } from '../database/check.ts'
import { migrate } from '../database/migrate.ts'
import { startEmbeddedPostgres } from '../embedded-postgres/start.ts'
import { StartError } from '../start-error.ts'
import { copyDatabase } from './copy.ts'
import { markMoved, refuseMoved } from './moved.ts'

/**
 * Moves what an installation with its own database has to a PostgreSQL server. The installation must be stopped; its
 * folder stays as it is, marked as moved. Whatever fails leaves the other database without a row of ours.
 */
export async function move(dataDirectory: string, to: string, say: (line: string) => void): Promise<void> {
  await refuseWithoutDatabase(dataDirectory)
  const data = await openDataDirectory(dataDirectory)
  try {
    await refuseMoved(data.path)
    await checkDatabase(to)
    say('Starting the database that is here …')
    const postgres = await startEmbeddedPostgres({ directory: join(data.path, 'postgres'), log: say })
    try {
      // Both in the newest form, so that every table and column is there on either side.
      await migrate(postgres.connectionString)
      await migrate(to)
      const copied = await copyDatabase(postgres.connectionString, to, ({ table, rows }) => {
        if (rows > 0) say(`  ${table}: ${rows.toLocaleString('en')} ${rows === 1 ? 'row' : 'rows'}`)
      })
      const rows = copied.reduce((sum, table) => sum + table.rows, 0)
      await markMoved(data.path, hostOf(to))
      say(`Moved ${rows.toLocaleString('en')} rows to ${hostOf(to)}. Nothing was removed here.`)
      say('Start every backend with DATABASE_URL set to it, and with the same SECRET.')
    } finally {
      await postgres.stop()
    }
  } finally {
    data.release()
  }
}

/** A folder that is named wrongly must not become a new, empty installation that is then moved. */
async function refuseWithoutDatabase(dataDirectory: string): Promise<void> {
  const isThere = await stat(join(dataDirectory, 'postgres')).then(
    () => true,
    () => false,
  )
  if (!isThere)
    throw new StartError(`There is no database in ${dataDirectory}: set DATA_DIR to the folder that has it.`)
}

/** Server and database, without user and password. */
function hostOf(address: string): string {
  if (!URL.canParse(address)) throw new StartError('That is no address of a PostgreSQL database.')
  const { host, pathname } = new URL(address)
  return `${host}${pathname}`
}
