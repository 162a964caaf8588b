import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { StartError } from '../start-error.ts'

const FAST_STOP_MS = 30_000
const STOP_MS = 5_000

/**
 * Ends what an earlier run of this database left behind. Call it only under the lock of the cluster: it is what makes
 * any PostgreSQL found there an orphan. Afterwards nothing stands in the way of a start, not even a process that got
 * the id of the old PostgreSQL.
 */
export async function stopOrphan(cluster: string, log: (line: string) => void): Promise<void> {
  const pidFile = join(cluster, 'postmaster.pid')
  const pid = readPid(pidFile)
  if (pid === undefined) return
  if (processesOf(cluster, pid).includes(pid)) {
    log(`Stopping the database that an earlier run left behind (process ${pid}).`)
    if (await endsAfter(cluster, pid, 'SIGINT', FAST_STOP_MS)) return
  }
  // Backends without their postmaster end by themselves within a moment.
  if (!(await ends(cluster, pid, STOP_MS))) {
    const hasEnded =
      (await endsAfter(cluster, pid, 'SIGQUIT', STOP_MS)) || (await endsAfter(cluster, pid, 'SIGKILL', STOP_MS))
    if (!hasEnded)
      throw new StartError(`The database in ${cluster} is still held by process ${pid}, which cannot be stopped.`)
  }
  // PostgreSQL takes any living process with that id for another PostgreSQL; we have just seen that it is none.
  if (isAlive(pid)) await rm(pidFile, { force: true })
}

async function endsAfter(cluster: string, pid: number, signal: NodeJS.Signals, patienceMs: number): Promise<boolean> {
  const processes = processesOf(cluster, pid)
  for (const target of processes.includes(pid) ? [pid] : processes) signalProcess(target, signal)
  return ends(cluster, pid, patienceMs)
}

async function ends(cluster: string, pid: number, patienceMs: number): Promise<boolean> {
  const deadline = performance.now() + patienceMs
  while (processesOf(cluster, pid).length > 0) {
    if (performance.now() > deadline) return false
    await sleep(20)
  }
  return true
}

/** The postmaster and backends of this cluster: PostgreSQL works in its data directory. */
function processesOf(cluster: string, pid: number): number[] {
  if (process.platform !== 'linux') return isPostgresOf(cluster, pid) ? [pid] : []
  return readdirSync('/proc')
    .map(Number)
    .filter((candidate) => {
      if (!(candidate > 0)) return false
      try {
        if (readlinkSync(`/proc/${candidate}/cwd`) !== cluster) return false
        // The binary may have been replaced since: "/…/bin/postgres (deleted)".
        return basename(readlinkSync(`/proc/${candidate}/exe`)).startsWith('postgres')
      } catch {
        return false
      }
    })
}

function isPostgresOf(cluster: string, pid: number): boolean {
  if (!isAlive(pid)) return false
  try {
    const command = execFileSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' })
    return command.includes('postgres') && command.includes(cluster)
  } catch {
    return false
  }
}

function readPid(pidFile: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(pidFile, 'utf8'))
    return pid > 0 ? pid : undefined
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It ended in the meantime.
  }
}
