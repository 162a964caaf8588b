import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { settingNames } from '../server/config.ts'
import { DATABASE, readPassword } from '../server/embedded-postgres/cluster.ts'
import { processTree } from './process-tree.ts'
import type { Scope } from './scope.ts'

const root = join(import.meta.dirname, '..')
/** Ends the child with us, even if we are killed. */
const watchOption = `--import=${join(root, 'bin/parent-watch.mjs')}`

const startLimitMs = 120_000
const stopLimitMs = 30_000

export type Installation = {
  url: string
  /** The launcher, if there is one, else the server. */
  pid: number
  /** From the start of the process to the first 200 of /health/ready. */
  readyMs: number
  databaseUrl(): Promise<string>
  stop(): Promise<void>
}

export type InstallationOptions = { folder?: string; isLaunched?: boolean; settings?: Record<string, string> }

/**
 * The product as it is: a process of its own with its embedded PostgreSQL and default settings on a free port.
 * `isLaunched` starts it as `npm start` does, through bin/start.mjs.
 */
export async function startInstallation(
  scope: Scope,
  { folder = scope.folder(), isLaunched = false, settings = {} }: InstallationOptions = {},
): Promise<Installation> {
  scope.assertOpen()
  const startedAt = performance.now()
  const child = spawn(process.execPath, [watchOption, isLaunched ? 'bin/start.mjs' : 'server/main.ts'], {
    cwd: root,
    env: { ...environment(folder), ...settings },
    // A group of its own: it is told to stop by us, once, and not by the terminal as well.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const stop = () => end(child)
  scope.onEnd(stop)
  const url = await Promise.race([running(child), tooLate(startLimitMs)])
  await untilReady(url)
  const readyMs = performance.now() - startedAt
  return { url, pid: child.pid!, readyMs, stop, databaseUrl: () => databaseUrl(folder) }
}

/** Ours without its settings, which are for the installation that the caller really runs. */
function environment(folder: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !settingNames.includes(name))
  return { ...Object.fromEntries(inherited), DATA_DIR: folder, PORT: '0', GRANDCHAT_LAUNCHER: String(process.pid) }
}

function running(child: ChildProcess): Promise<string> {
  let output = ''
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text
        const port = /GrandChat is running: http:\/\/localhost:(\d+)/.exec(output)?.[1]
        if (port) resolve(`http://127.0.0.1:${port}`)
      })
    }
    child.once('error', reject)
    child.once('close', (code) => reject(new Error(`the server ended with ${code}: ${output}`)))
  })
}

async function tooLate(ms: number): Promise<never> {
  await sleep(ms, undefined, { ref: false })
  throw new Error(`nothing within ${ms / 1000} s`)
}

async function untilReady(url: string): Promise<void> {
  const giveUpAt = performance.now() + startLimitMs
  while (performance.now() < giveUpAt) {
    const response = await fetch(`${url}/health/ready`)
    await response.arrayBuffer()
    if (response.status === 200) return
    await sleep(5)
  }
  throw new Error('the server does not become ready')
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || hasEnded(child)) return
  const all = processTree(child.pid)
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  child.kill('SIGTERM')
  const limit = new AbortController()
  const isLate = sleep(stopLimitMs, true, { signal: limit.signal }).catch(() => false)
  if (await Promise.race([ended, isLate])) for (const pid of all) kill(pid)
  limit.abort()
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended in the meantime.
  }
}

async function databaseUrl(folder: string): Promise<string> {
  const cluster = join(folder, 'postgres')
  // The fourth line is the port, which is another one at every start.
  const [, , , port] = (await readFile(join(cluster, 'postmaster.pid'), 'utf8')).split('\n')
  return `postgresql://${DATABASE}:${await readPassword(cluster)}@127.0.0.1:${port}/${DATABASE}`
}
