import pg from 'pg'
import { StartError } from '../start-error.ts'

/** Throws a StartError if this is no database that we can use; the sentence never shows the address. */
export async function checkDatabase(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ server_version_num: string; encoding: string }>(
      `select current_setting('server_version_num') as server_version_num, current_setting('server_encoding') as encoding`,
    )
    const { server_version_num, encoding } = rows[0]!
    if (Number(server_version_num) < 160_000) throw new StartError('GrandChat needs PostgreSQL 16 or newer.')
    if (encoding !== 'UTF8') throw new StartError(`The database must be UTF8, but it is ${encoding}.`)
  } catch (error) {
    if (error instanceof StartError) throw error
    // The address may hold a password: it is not shown.
    throw new StartError(
      `The database cannot be reached: ${error instanceof Error ? error.message || reasonOf(error) : String(error)}.`,
    )
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Refused connections to a name with several addresses come as an error without a message. */
function reasonOf(error: Error): string {
  return 'code' in error ? String(error.code) : error.name
}
