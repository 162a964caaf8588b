import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { constants, open, readFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { commandAs } from './account.ts'
import { postgresEnvironment } from './cluster.ts'
import type { Placement } from './placement.ts'
import { settingArguments } from './settings.ts'

export type Postmaster = {
  pid: number
  exited: Promise<void>
  /** Fast shutdown: open transactions are rolled back, everything is written down. */
  stop(): Promise<void>
}

/** PostgreSQL gave up before it was ready; `output` is what it wrote. */
export class PostmasterFailure extends Error {
  readonly output: string
  constructor(output: string) {
    super(`PostgreSQL did not start: ${output}`)
    this.output = output
  }
}

const FAST_STOP_MS = 20_000
const IMMEDIATE_STOP_MS = 5_000
const LOG_LIMIT_BYTES = 10 * 1024 * 1024

/** Starts PostgreSQL and waits until it takes connections, however long it has to recover. */
export async function launchPostmaster(placement: Placement, settings: Record<string, string>): Promise<Postmaster> {
  const { cluster, binaries, account } = placement
  const logFile = await openLog(placement)
  const logStart = (await logFile.stat()).size
  const { file, args, identity } = commandAs(account, binaries.postgres, ['-D', cluster, ...settingArguments(settings)])
  const child = spawn(file, args, {
    ...identity,
    cwd: '/',
    env: postgresEnvironment(),
    // A session of its own: a terminal's Ctrl-C must not reach the database before the server has drained.
    detached: true,
    stdio: ['ignore', logFile.fd, logFile.fd],
  })
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  await logFile.close()
  // Without this an exit that skips stop(), say after an uncaught error, would leave the database running.
  const stopAtExit = () => child.kill('SIGINT')
  process.once('exit', stopAtExit)
  void exited.then(() => process.off('exit', stopAtExit))

  await becomesReady(child, exited, join(cluster, 'postmaster.pid'))
  if (child.pid === undefined || hasEnded(child))
    throw new PostmasterFailure(await readFrom(logPath(cluster), logStart))
  return { pid: child.pid, exited, stop: () => stop(child, exited) }
}

async function becomesReady(child: ChildProcess, exited: Promise<void>, pidFile: string): Promise<void> {
  for (let waitMs = 5; child.pid !== undefined && !hasEnded(child); waitMs = Math.min(waitMs * 1.2, 100)) {
    if (isReady(pidFile, child.pid)) return
    await Promise.race([sleep(waitMs), exited])
  }
}

/** The eighth line of postmaster.pid is its state; it is what pg_ctl waits for as well. */
function isReady(pidFile: string, pid: number): boolean {
  try {
    const lines = readFileSync(pidFile, 'utf8').split('\n')
    return Number(lines[0]) === pid && lines[7]?.trim() === 'ready'
  } catch {
    return false
  }
}

async function stop(child: ChildProcess, exited: Promise<void>): Promise<void> {
  for (const [signal, patienceMs] of [
    ['SIGINT', FAST_STOP_MS],
    ['SIGQUIT', IMMEDIATE_STOP_MS],
    ['SIGKILL', IMMEDIATE_STOP_MS],
  ] as const) {
    if (hasEnded(child)) return
    child.kill(signal)
    const timer = new AbortController()
    await Promise.race([exited, sleep(patienceMs, undefined, { signal: timer.signal }).catch(() => {})])
    timer.abort()
  }
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null

const logPath = (cluster: string) => join(cluster, 'postgres.log')

async function openLog({ cluster, account }: Placement) {
  const path = logPath(cluster)
  const size = await stat(path).then(
    ({ size }) => size,
    () => 0,
  )
  if (size > LOG_LIMIT_BYTES) await rename(path, `${path}.1`)
  // The folder may belong to another user: root must not follow a link that was laid there.
  const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW } = constants
  const file = await open(path, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, 0o600)
  if (account.kind === 'user') await file.chown(account.uid, account.gid)
  return file
}

async function readFrom(path: string, position: number): Promise<string> {
  const text = await readFile(path)
  return text.subarray(position).toString()
}
