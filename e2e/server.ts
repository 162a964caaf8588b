import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'

const main = join(import.meta.dirname, '../server/main.ts')

export type RunningServer = {
  url: string
  /** What it printed until it ran. */
  said?: string
  /** What the first account needs who does not come from this machine itself. */
  setupCode?: string
  /** Kills it without a chance to say goodbye, and starts it again on the same data and port. */
  crash(): Promise<void>
  stop(): Promise<void>
}

/** The product itself, as `npm start` runs it, with a database of its own. */
export async function startServer(
  settings: Record<string, string> = {},
  options: readonly string[] = [],
): Promise<RunningServer> {
  const folder = await mkdtemp(join(tmpdir(), 'grandchat-e2e-'))
  const database = await createDatabase()
  const env = { ...process.env, ...settings, DATA_DIR: folder, ...(database && { DATABASE_URL: database.url }) }
  let { child, url, said } = await spawnServer({ ...env, PORT: '0' }, options)
  const { port } = new URL(url)
  return {
    url,
    said,
    async crash() {
      await end(child, 'SIGKILL')
      ;({ child } = await spawnServer({ ...env, PORT: port }))
    },
    async stop() {
      await end(child, 'SIGTERM')
      await database?.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A database in the cluster of the test run; without one the server brings up its embedded one. */
async function createDatabase() {
  const cluster = process.env['TEST_POSTGRES_URL']
  if (!cluster) return undefined
  const name = `e2e_${randomBytes(8).toString('hex')}`
  await query(cluster, `create database ${name}`)
  const url = new URL(cluster)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => query(cluster, `drop database if exists ${name} with (force)`) }
}

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(text)
  await client.end()
}

type Spawned = { child: ChildProcess; url: string; said: string }

function spawnServer(env: NodeJS.ProcessEnv, options: readonly string[] = []): Promise<Spawned> {
  const child = spawn('node', [main, ...options], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
        const url = /GrandChat is running: (\S+)/.exec(output)?.[1]
        if (url) resolve({ child, url, said: output })
      })
    }
    child.on('exit', (code) => reject(new Error(`the server ended with ${code}: ${output}`)))
  })
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  return new Promise((resolve) => {
    child.on('exit', () => resolve())
    child.kill(signal)
  })
}
