import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { StartError } from '../start-error.ts'
import { startEmbeddedPostgres } from './start.ts'
import type { EmbeddedPostgresOptions } from './start.ts'
import { startTestPostgres } from './testing.ts'

const folders: string[] = []
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

async function makeDirectory(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'grandchat-embedded-'))
  folders.push(folder)
  return join(folder, 'postgres')
}

async function start(t: TestContext, options: EmbeddedPostgresOptions) {
  const postgres = await startEmbeddedPostgres({ sync: false, ...options })
  t.after(() => postgres.stop())
  return postgres
}

async function query(connectionString: string, sql: string): Promise<string[]> {
  const client = new pg.Client(connectionString)
  await client.connect()
  try {
    const { rows } = await client.query<string[]>({ text: sql, rowMode: 'array' })
    return rows.map(([value]) => String(value))
  } finally {
    await client.end()
  }
}

/** Runs the server's part in a process of its own, with the environment given, until the database answers. */
async function startElsewhere(t: TestContext, directory: string, env: NodeJS.ProcessEnv = process.env) {
  const script = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(new URL('./start.ts', import.meta.url).href)})
    const postgres = await startEmbeddedPostgres({ directory: ${JSON.stringify(directory)}, sync: false })
    process.once('SIGTERM', () => postgres.stop())
    console.log(JSON.stringify({ connectionString: postgres.connectionString, pid: postgres.pid }))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => child.kill('SIGTERM'))
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, ...(JSON.parse(line.toString()) as { connectionString: string; pid: number }) }
}

async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(20)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // An ended process that nobody has waited for yet is gone as well.
    return process.platform !== 'linux' || !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}

test('the second start keeps what the first one wrote', async (t) => {
  const directory = await makeDirectory()
  const first = await startEmbeddedPostgres({ directory, sync: false })
  await query(first.connectionString, `CREATE TABLE kept AS SELECT 'ñandú 🦩' AS word`)
  await first.stop()
  assert.equal(isAlive(first.pid), false)

  const second = await start(t, { directory })
  assert.deepEqual(await query(second.connectionString, 'SELECT word FROM kept'), ['ñandú 🦩'])
})

test('the database speaks UTF-8 even when the environment names no language', async (t) => {
  const { connectionString } = await startElsewhere(t, await makeDirectory(), { PATH: process.env['PATH'] })
  assert.deepEqual(await query(connectionString, 'SHOW server_encoding'), ['UTF8'])
  assert.deepEqual(await query(connectionString, `SELECT upper('señor жук')`), ['SEÑOR ЖУК'])
})

test('the database is on loopback alone, durable, and closed to who lacks its password', async (t) => {
  const { connectionString } = await start(t, { directory: await makeDirectory() })
  for (const [setting, value] of [
    ['listen_addresses', '127.0.0.1'],
    ['fsync', 'on'],
    ['synchronous_commit', 'on'],
    ['full_page_writes', 'on'],
    ['data_checksums', 'on'],
  ]) {
    assert.deepEqual(await query(connectionString, `SHOW ${setting}`), [value], setting)
  }
  const url = new URL(connectionString)
  url.password = 'guess'
  await assert.rejects(query(url.href, 'SELECT 1'), /password authentication failed/)
})

test('the database files are open to their owner alone', async (t) => {
  const directory = await makeDirectory()
  await start(t, { directory })
  assert.equal((await stat(directory)).mode & 0o777, 0o700)
  assert.equal((await stat(join(directory, 'grandchat-password'))).mode & 0o777, 0o600)
})

test('a second server on the same database is refused in one sentence', async (t) => {
  const directory = await makeDirectory()
  const { child } = await startElsewhere(t, directory)
  await assert.rejects(startEmbeddedPostgres({ directory }), (error) => {
    assert.ok(error instanceof StartError)
    assert.match(error.message, new RegExp(`already in use \\(process ${child.pid}\\)\\.$`))
    return true
  })
})

test('a PostgreSQL that is killed is started again on the same address with what it had acknowledged', async (t) => {
  const postgres = await start(t, { directory: await makeDirectory() })
  await query(postgres.connectionString, 'CREATE TABLE acknowledged AS SELECT 1 AS id')
  const killed = postgres.pid
  process.kill(killed, 'SIGKILL')
  await eventually(() => postgres.pid !== killed)
  assert.deepEqual(await query(postgres.connectionString, 'SELECT id FROM acknowledged'), ['1'])
})

test('the orphan of a killed server is stopped and replaced, and its data is kept', async (t) => {
  const directory = await makeDirectory()
  const killed = await startElsewhere(t, directory)
  await query(killed.connectionString, 'CREATE TABLE acknowledged AS SELECT 1 AS id')
  killed.child.kill('SIGKILL')
  await once(killed.child, 'exit')
  assert.equal(isAlive(killed.pid), true)

  const lines: string[] = []
  const next = await start(t, { directory, log: (line) => lines.push(line) })
  assert.equal(isAlive(killed.pid), false)
  assert.deepEqual(lines, [`Stopping the database that an earlier run left behind (process ${killed.pid}).`])
  assert.deepEqual(await query(next.connectionString, 'SELECT id FROM acknowledged'), ['1'])
})

test('after server and PostgreSQL were both killed, the next start recovers', async (t) => {
  const directory = await makeDirectory()
  const killed = await startElsewhere(t, directory)
  await query(killed.connectionString, 'CREATE TABLE acknowledged AS SELECT 1 AS id')
  killed.child.kill('SIGKILL')
  await once(killed.child, 'exit')
  process.kill(killed.pid, 'SIGKILL')

  const next = await start(t, { directory })
  assert.deepEqual(await query(next.connectionString, 'SELECT id FROM acknowledged'), ['1'])
})

test('a stranger that got the process id of a killed PostgreSQL is left alone and does not stand in the way', async (t) => {
  const directory = await makeDirectory()
  const first = await startEmbeddedPostgres({ directory, sync: false })
  const pidFile = join(directory, 'postmaster.pid')
  const lines = (await readFile(pidFile, 'utf8')).split('\n')
  await first.stop()
  const stranger = spawn('sleep', ['600'])
  t.after(() => stranger.kill())
  await writeFile(pidFile, [stranger.pid, ...lines.slice(1)].join('\n'), { mode: 0o600 })

  const next = await start(t, { directory })
  assert.deepEqual(await query(next.connectionString, 'SELECT 1'), ['1'])
  assert.equal(stranger.exitCode, null)
})

test('a first start that was killed halfway leaves nothing in the way', async (t) => {
  const directory = await makeDirectory()
  const script = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(new URL('./start.ts', import.meta.url).href)})
    await startEmbeddedPostgres({ directory: ${JSON.stringify(directory)}, sync: false })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' })
  await eventually(() => readdirSync(dirname(directory)).some((entry) => entry.startsWith('postgres.new-')))
  child.kill('SIGKILL')
  await once(child, 'exit')
  assert.equal(existsSync(directory), false)

  const next = await start(t, { directory })
  assert.deepEqual(await query(next.connectionString, 'SELECT 1'), ['1'])
})

test('a database of another PostgreSQL version is refused in one sentence and left as it is', async () => {
  const directory = await makeDirectory()
  await (await startEmbeddedPostgres({ directory, sync: false })).stop()
  await writeFile(join(directory, 'PG_VERSION'), '17\n')
  await assert.rejects(startEmbeddedPostgres({ directory }), (error) => {
    assert.ok(error instanceof StartError)
    assert.match(error.message, /made by PostgreSQL 17 and this GrandChat carries 18/)
    return true
  })
})

test('a folder with something else in it is refused', async () => {
  const directory = await makeDirectory()
  await writeFile(directory, 'a file')
  await assert.rejects(startEmbeddedPostgres({ directory }), StartError)
})

test('a test database is gone with the process that asked for it', async () => {
  const script = `
    const { startTestPostgres } = await import(${JSON.stringify(new URL('./testing.ts', import.meta.url).href)})
    console.log((await startTestPostgres()).folder)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const folder = line.toString().trim()
  const pid = Number.parseInt(await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8'))
  child.kill('SIGKILL')
  await eventually(() => !existsSync(folder) && !isAlive(pid))
})

test('test databases are strangers to each other', async (t) => {
  const [one, other] = await Promise.all([startTestPostgres(), startTestPostgres()])
  t.after(() => Promise.all([one.stop(), other.stop()]))
  await query(one.url, 'CREATE TABLE mine ()')
  assert.deepEqual(await query(other.url, `SELECT to_regclass('mine') IS NULL`), ['true'])
})
