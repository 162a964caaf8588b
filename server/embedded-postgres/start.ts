import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { acquireProcessLock } from '../process-lock.ts'
import type { ProcessLock } from '../process-lock.ts'
import { reasonOf, StartError } from '../start-error.ts'
import { findPackage, packageVersion } from './binaries.ts'
import { createCluster, DATABASE, isCluster, readPassword, removeHalfMade } from './cluster.ts'
import { databaseFailure } from './failure.ts'
import { stopOrphan } from './orphan.ts'
import { placeCluster } from './placement.ts'
import type { Placement } from './placement.ts'
import { launchPostmaster, PostmasterFailure } from './postmaster.ts'
import type { Postmaster } from './postmaster.ts'

export type EmbeddedPostgres = {
  connectionString: string
  /** The postmaster. A new one if PostgreSQL had to be started again. */
  readonly pid: number
  stop(): Promise<void>
}

export type EmbeddedPostgresOptions = {
  /** Where the database lies, e.g. `<data directory>/postgres`. Made at the first start. */
  directory: string
  /** PostgreSQL settings that override ours. */
  settings?: Record<string, string>
  log?: (line: string) => void
  /** For tests: makes the database without waiting for the disk. */
  sync?: boolean
  /** For tests: as root, take the way of a machine that refuses user namespaces. */
  avoidNamespace?: boolean
}

const START_ATTEMPTS = 20
const RETRY_MS = 500

/**
 * Starts the PostgreSQL that npm installed on a database of its own, reachable on loopback alone. Whatever an earlier
 * run left behind is stopped first; if PostgreSQL dies it is started again on the same port.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const directory = resolve(options.directory)
  const log = options.log ?? (() => {})
  const lock = await lockDirectory(directory)
  try {
    const placement = await placeCluster(directory, options.avoidNamespace)
    await removeHalfMade(placement.cluster)
    if (!(await isCluster(placement.cluster))) {
      log('Making the database (once).')
      await createCluster(placement, { sync: options.sync ?? true })
    }
    await stopOrphan(placement.cluster, log)
    const port = await findFreePort()
    const { postmaster, settings } = await launch(placement, { ...options.settings, port: String(port) })
    const password = await readPassword(placement.cluster)
    const supervised = supervise(placement, settings, postmaster, log)
    return {
      connectionString: `postgresql://${DATABASE}:${password}@127.0.0.1:${settings.port}/${DATABASE}`,
      get pid() {
        return supervised.pid
      },
      stop: () => supervised.stop().finally(() => lock.release()),
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

async function lockDirectory(directory: string): Promise<Extract<ProcessLock, { held: true }>> {
  let lock: ProcessLock
  try {
    await mkdir(dirname(directory), { recursive: true, mode: 0o700 })
    lock = acquireProcessLock(`${directory}.lock`)
  } catch (error) {
    throw new StartError(`The database folder ${directory} cannot be used: ${reasonOf(error)}.`)
  }
  if (!lock.held) throw new StartError(`The database in ${directory} is already in use (${lock.holder}).`)
  return lock
}

type Settings = Record<string, string> & { port: string }

/** Another program may take the free port first, and backends of a killed PostgreSQL linger for a moment: then again. */
async function launch(
  placement: Placement,
  settings: Settings,
): Promise<{ postmaster: Postmaster; settings: Settings }> {
  for (let attempt = 1; ; attempt++) {
    try {
      return { postmaster: await launchPostmaster(placement, settings), settings }
    } catch (error) {
      if (!(error instanceof PostmasterFailure)) throw error
      if (attempt === START_ATTEMPTS) throw databaseFailure('started', placement.cluster, error.output)
      if (/could not (bind|create any TCP)/.test(error.output)) {
        settings = { ...settings, port: String(await findFreePort()) }
      } else if (/pre-existing shared memory block|lock file .* already exists/.test(error.output)) {
        await sleep(RETRY_MS)
      } else {
        const details = error.output + (await versionDetails(placement.cluster, error.output))
        throw databaseFailure('started', placement.cluster, details)
      }
    }
  }
}

/** What PostgreSQL leaves out of its log with the details: which version made the files, and which one we carry. */
async function versionDetails(cluster: string, output: string): Promise<string> {
  if (!output.includes('incompatible with server')) return ''
  const old = (await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => 'another')).trim()
  const own = (await packageVersion(findPackage())).split('.')[0]
  return `initialized by PostgreSQL version ${old}, which is not compatible with this version ${own}.\n`
}

function supervise(placement: Placement, settings: Settings, postmaster: Postmaster, log: (line: string) => void) {
  const stopping = new AbortController()
  const restart = async () => {
    while (!stopping.signal.aborted) {
      try {
        await stopOrphan(placement.cluster, log)
        postmaster = await launchPostmaster(placement, settings)
        return
      } catch (error) {
        log(error instanceof Error ? error.message : String(error))
        await sleep(RETRY_MS, undefined, { signal: stopping.signal }).catch(() => {})
      }
    }
  }
  const watch = async () => {
    for (;;) {
      await postmaster.exited
      if (stopping.signal.aborted) return
      log('The database ended unexpectedly and is started again.')
      await restart()
      if (stopping.signal.aborted) return postmaster.stop()
    }
  }
  const watching = watch()
  return {
    get pid() {
      return postmaster.pid
    },
    async stop() {
      stopping.abort()
      await postmaster.stop()
      await watching
    },
  }
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
