import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { queryOnce } from '../server/testing/query.ts'
import { Backend } from './backend.ts'
import type { BugName } from './plants.ts'
import type { Place } from './place.ts'
import { freePort } from '../tools/stack/ports.ts'
import { Postgres } from './postgres.ts'
import { Proxy } from './proxy.ts'

export type InstallationOptions = {
  /** Settings of PostgreSQL in place of the product's. */
  postgres?: Record<string, string>
  /** Settings of the product. */
  settings?: Record<string, string>
  bugs?: readonly BugName[]
  /** A database that is there already, in place of a PostgreSQL of one's own. */
  databaseUrl?: string
}

/** The small shape as processes: one backend with its hub, PostgreSQL, and proxies in front of both. */
export class Installation implements Place {
  readonly backend: Backend
  /** Undefined where the database is somebody else's. */
  readonly postgres: Postgres | undefined
  /** Between backend and database; undefined where the database is somebody else's. */
  readonly databaseProxy: Proxy | undefined
  readonly databaseUrl: string
  readonly keptTokenMs = 1_000
  readonly isBehindProxy = false
  #folder: string
  #proxies = new Set<Proxy>()

  private constructor(
    folder: string,
    backend: Backend,
    databaseUrl: string,
    own?: { postgres: Postgres; proxy: Proxy },
  ) {
    this.#folder = folder
    this.backend = backend
    this.databaseUrl = databaseUrl
    this.postgres = own?.postgres
    this.databaseProxy = own?.proxy
  }

  static async start(options: InstallationOptions = {}): Promise<Installation> {
    const folder = await mkdtemp(join(tmpdir(), 'grandchat-chaos-'))
    const own = options.databaseUrl === undefined ? await startPostgres(folder, options.postgres) : undefined
    const databaseUrl = options.databaseUrl ?? own!.postgres.url
    const settings = {
      LOG_LEVEL: 'error',
      HOST: '127.0.0.1',
      ...options.settings,
      DATA_DIR: join(folder, 'data'),
      DATABASE_URL: own ? own.postgres.urlAt(own.proxy.port) : databaseUrl,
      PORT: String(await freePort()),
    }
    const backend = new Backend({ settings, ...(options.bugs && { bugs: options.bugs }) })
    const installation = new Installation(folder, backend, databaseUrl, own)
    try {
      await backend.start()
    } catch (error) {
      await installation.stop()
      throw error
    }
    return installation
  }

  get missing(): string | undefined {
    return this.backend.isRunning ? undefined : 'the backend'
  }

  get output(): string {
    return this.backend.output
  }

  /** A network of one's own to the backend. */
  async network(): Promise<Proxy> {
    const proxy = await Proxy.listen(this.backend)
    this.#proxies.add(proxy)
    return proxy
  }

  async forget(proxy: Proxy): Promise<void> {
    this.#proxies.delete(proxy)
    await proxy.close()
  }

  /** Everything there is in front of the backend. */
  get networks(): readonly Proxy[] {
    return [...this.#proxies]
  }

  query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    return queryOnce<Row>(this.databaseUrl, text, values)
  }

  async stop(): Promise<void> {
    this.postgres?.signal('SIGCONT')
    this.databaseProxy?.heal()
    await this.backend.stop()
    for (const proxy of this.#proxies) await proxy.close()
    await this.databaseProxy?.close()
    await this.postgres?.stop()
    await rm(this.#folder, { recursive: true, force: true })
  }
}

async function startPostgres(folder: string, settings: Record<string, string> = {}) {
  const postgres = await Postgres.make(folder, settings)
  return { postgres, proxy: await Proxy.listen(postgres) }
}
