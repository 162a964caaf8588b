import { createHash, randomBytes } from 'node:crypto'
import pg from 'pg'
import { migrate, readMigrations } from '../database/migrate.ts'
import { startTestPostgres } from '../embedded-postgres/testing.ts'

const templateLock = 7_261_845_902

export type TestDatabase = { url: string; drop(): Promise<void> }

/** The cluster that the test run started for everyone (TEST_POSTGRES_URL), or one for this process alone. */
let cluster: Promise<{ url: string; stop(): Promise<void> }> | undefined
let users = 0

/** A migrated database of one's own without data, copied from a template; or one that is wholly empty. */
export async function createTestDatabase({ isEmpty = false } = {}): Promise<TestDatabase> {
  users++
  const shared = process.env['TEST_POSTGRES_URL']
  cluster ??= shared ? Promise.resolve({ url: shared, stop: async () => undefined }) : startTestPostgres()
  const running = await cluster
  const { url } = running
  const name = `test_${randomBytes(8).toString('hex')}`
  await asAdmin(url, async (admin) => {
    const template = isEmpty ? 'template0' : await ensureTemplate(admin, url)
    await admin.query(`create database ${name} template ${template}`)
  })
  return {
    url: withDatabase(url, name),
    async drop() {
      await asAdmin(url, (admin) => admin.query(`drop database if exists ${name} with (force)`))
      if (--users > 0) return
      cluster = undefined
      await running.stop()
    },
  }
}

/** Named by what it was made with: a cluster may outlive a change of the migrations. */
async function ensureTemplate(admin: pg.Client, url: string): Promise<string> {
  const migrations = await readMigrations()
  const digest = createHash('sha256')
    .update(migrations.map(({ checksum }) => checksum).join(' '))
    .digest('hex')
  const template = `grandchat_template_${digest.slice(0, 16)}`
  await admin.query('select pg_advisory_lock($1)', [templateLock])
  try {
    const { rowCount } = await admin.query('select 1 from pg_database where datname = $1 and datistemplate', [template])
    if (rowCount) return template
    await admin.query(`drop database if exists ${template}`)
    await admin.query(`create database ${template}`)
    await migrate(withDatabase(url, template))
    await admin.query(`alter database ${template} is_template true`)
    return template
  } finally {
    await admin.query('select pg_advisory_unlock($1)', [templateLock])
  }
}

async function asAdmin<T>(url: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: url })
  admin.on('error', () => undefined)
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.end()
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}
