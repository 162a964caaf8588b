import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { processTree } from '../bench/process-tree.ts'
import { DATABASE, createCluster, readPassword } from '../server/embedded-postgres/cluster.ts'
import { type Placement, placeCluster } from '../server/embedded-postgres/placement.ts'
import { removeAfterDeath } from '../server/embedded-postgres/testing.ts'
import { type Postmaster, PostmasterFailure, launchPostmaster } from '../server/embedded-postgres/postmaster.ts'
import { freePort } from '../tools/stack/ports.ts'
import { signal } from './processes.ts'

const attempts = 60
const retryMs = 100

/** A PostgreSQL of one's own that can be killed, stopped and started, always on the same port. */
export class Postgres {
  readonly port: number
  /** Without the proxy. */
  readonly url: string
  #placement: Placement
  #settings: Record<string, string>
  #postmaster: Postmaster | undefined
  #watcher: () => void

  private constructor(
    folder: string,
    placement: Placement,
    port: number,
    password: string,
    settings: Record<string, string>,
  ) {
    this.#placement = placement
    this.port = port
    this.url = this.urlAt(port, password)
    this.#settings = { ...settings, port: String(port) }
    this.#watcher = removeAfterDeath(folder, placement.cluster)
  }

  /** Makes a database in `folder` and starts it, with the product's settings but for these. */
  static async make(folder: string, settings: Record<string, string> = {}): Promise<Postgres> {
    const placement = await placeCluster(join(folder, 'postgres'))
    await createCluster(placement, { sync: false })
    const password = await readPassword(placement.cluster)
    const postgres = new Postgres(folder, placement, await freePort(), password, settings)
    await postgres.start()
    return postgres
  }

  /** The same database through a proxy. */
  urlAt(port: number, password = new URL(this.url).password): string {
    return `postgresql://${DATABASE}:${password}@127.0.0.1:${port}/${DATABASE}`
  }

  get isRunning(): boolean {
    return this.#postmaster !== undefined
  }

  /** What a killed PostgreSQL leaves behind lingers for a moment: then again. */
  async start(): Promise<void> {
    for (let attempt = 1; !this.#postmaster; attempt++) {
      try {
        this.#postmaster = await launchPostmaster(this.#placement, this.#settings)
      } catch (error) {
        if (!(error instanceof PostmasterFailure) || attempt === attempts) throw error
        await sleep(retryMs)
      }
    }
  }

  /** kill -9, the postmaster and all of its children. */
  async kill(): Promise<void> {
    const postmaster = this.#postmaster
    if (!postmaster) return
    this.#postmaster = undefined
    const all = processTree(postmaster.pid)
    for (const pid of all) signal(pid, 'SIGKILL')
    await postmaster.exited
    while (all.some((pid) => signal(pid, 0))) await sleep(5)
  }

  /** SIGSTOP or SIGCONT to all of it. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    if (this.#postmaster) for (const pid of processTree(this.#postmaster.pid)) signal(pid, name)
  }

  async stop(): Promise<void> {
    this.signal('SIGCONT')
    await this.#postmaster?.stop()
    this.#postmaster = undefined
    this.#watcher()
  }
}
