import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { reasonOf, StartError } from '../start-error.ts'
import { commandAs } from './account.ts'
import { databaseFailure } from './failure.ts'
import type { Placement } from './placement.ts'

export const DATABASE = 'grandchat'

const PASSWORD_FILE = 'grandchat-password'
const FRESH = '.new-'

// A builtin locale, because with LANG unset initdb would settle on SQL_ASCII, for ever.
const INITDB_OPTIONS = [
  `--username=${DATABASE}`,
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--no-instructions',
]

/** Whether a database lies there. Throws a StartError if it is something else that we must not touch. */
export async function isCluster(cluster: string): Promise<boolean> {
  const entries = await readdir(cluster).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return []
    throw new StartError(`The database in ${cluster} cannot be read: ${reasonOf(error)}.`)
  })
  if (entries.length === 0) return false
  if (entries.includes('PG_VERSION') && entries.includes(PASSWORD_FILE)) return true
  throw new StartError(`${cluster} holds something else than GrandChat's database: remove it or choose another folder.`)
}

/** Makes the database aside and moves it in place whole, so that a crash leaves all of it or nothing. */
export async function createCluster(placement: Placement, options: { sync: boolean }): Promise<void> {
  const { cluster } = placement
  // A new name each time: initdb outlives a killed server for a moment and must not meet its successor.
  const fresh = `${cluster}${FRESH}${randomBytes(4).toString('hex')}`
  const passwordFile = `${fresh}-password`
  try {
    await mkdir(fresh, { mode: 0o700 })
    await writeFile(passwordFile, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx', flush: true })
    await giveTo(placement, fresh, passwordFile)
    await initdb(placement, fresh, [`--pwfile=${passwordFile}`, ...(options.sync ? [] : ['--no-sync'])])
    await createDatabase(placement, fresh)
    await rename(passwordFile, join(fresh, PASSWORD_FILE))
    await syncFolder(fresh)
    await rename(fresh, cluster)
    await syncFolder(dirname(cluster))
  } catch (error) {
    if (error instanceof StartError) throw error
    throw new StartError(`The database could not be made in ${cluster}: ${reasonOf(error)}.`)
  }
}

/** Removes what starts left behind that were killed while making the database. */
export async function removeHalfMade(cluster: string): Promise<void> {
  const parent = dirname(cluster)
  const entries = await readdir(parent).catch(() => [])
  const halfMade = entries.filter((entry) => entry.startsWith(`${basename(cluster)}${FRESH}`))
  // What cannot be removed yet, because initdb still writes there, is removed by the next start.
  await Promise.allSettled(halfMade.map((entry) => rm(join(parent, entry), { recursive: true, force: true })))
}

export async function readPassword(cluster: string): Promise<string> {
  return (await readFile(join(cluster, PASSWORD_FILE), 'utf8')).trim()
}

async function giveTo({ account }: Placement, ...paths: string[]): Promise<void> {
  if (account.kind !== 'user') return
  for (const path of paths) await chown(path, account.uid, account.gid)
}

async function initdb(placement: Placement, fresh: string, options: string[]): Promise<void> {
  const run = (locale: string) =>
    runTool(placement, placement.binaries.initdb, ['-D', fresh, ...INITDB_OPTIONS, `--locale=${locale}`, ...options])
  let result = await run('C.UTF-8')
  // Some systems have no C.UTF-8 of their own; the builtin locale sorts and compares the same without it.
  if (result.output.includes('invalid locale name')) result = await run('C')
  if (result.code !== 0) throw databaseFailure('made', placement.cluster, result.output)
}

async function createDatabase(placement: Placement, fresh: string): Promise<void> {
  const args = ['--single', '-D', fresh, '-c', 'log_checkpoints=off', 'template1']
  const { output } = await runTool(placement, placement.binaries.postgres, args, `CREATE DATABASE ${DATABASE}\n`)
  if (/\b(ERROR|FATAL|PANIC):/.test(output)) throw databaseFailure('made', placement.cluster, output)
}

function runTool({ account }: Placement, program: string, toolArguments: string[], input = '') {
  const { file, args, identity } = commandAs(account, program, toolArguments)
  const child = spawn(file, args, { ...identity, cwd: '/', env: postgresEnvironment() })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  return new Promise<{ code: number | null; output: string }>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, output }))
  })
}

/** Nothing of our own environment, neither its language nor its secrets, but what programs need to run. */
export function postgresEnvironment(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot, TEMP } = process.env
  return { LC_ALL: 'C', PATH, SystemRoot, TEMP }
}

async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
