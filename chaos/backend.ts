import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { processTree } from '../bench/process-tree.ts'
import { settingNames } from '../server/config.ts'
import type { Order, Report } from './plant.ts'
import type { BugName, FailpointName } from './plants.ts'
import { signal } from './processes.ts'

const root = join(import.meta.dirname, '..')
const startLimitMs = 60_000

export type BackendSettings = {
  /** Of the product: DATA_DIR, DATABASE_URL, PORT and so on. */
  settings: Record<string, string>
  bugs?: readonly BugName[]
}

/** One process of the product, on a port of its own, that can be killed, stopped and started again. */
export class Backend {
  readonly port: number
  /** What it wrote, of all its lives. */
  output = ''
  /** Failpoints that were passed, in all its lives. */
  readonly passed: FailpointName[] = []
  /** It was asked to stop and had to be killed. */
  wasForced = false
  #settings: BackendSettings
  #child: ChildProcess | undefined
  #ended: Promise<void> = Promise.resolve()
  #onReport: (report: Report) => void = () => {}

  constructor(settings: BackendSettings) {
    this.#settings = settings
    this.port = Number(settings.settings['PORT'])
  }

  get isRunning(): boolean {
    return this.#child !== undefined
  }

  /** Resolves when it is ready. */
  async start(): Promise<void> {
    const child = spawn(
      process.execPath,
      [importOf('bin/parent-watch.mjs'), importOf('chaos/plant.ts'), 'server/main.ts'],
      {
        cwd: root,
        env: this.#environment(),
        // A group of its own: if we die, it is told to stop with all that it started.
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      },
    )
    this.#child = child
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text))
    }
    child.on('message', (report: Report) => {
      if ('passed' in report) this.passed.push(report.passed)
      this.#onReport(report)
    })
    this.#ended = new Promise((resolve) => {
      child.once('exit', () => {
        if (this.#child === child) this.#child = undefined
        resolve()
      })
    })
    await this.ready()
  }

  /** Resolves when it says that it can serve; its database may have to come back first. */
  async ready(): Promise<void> {
    const giveUpAt = performance.now() + startLimitMs
    while (performance.now() < giveUpAt) {
      if (!this.#child) throw new Error(`the server ended: ${this.output.slice(-2_000)}`)
      const signal = AbortSignal.timeout(2_000)
      const status = await fetch(`http://127.0.0.1:${this.port}/health/ready`, { signal }).then(
        async (response) => (await response.arrayBuffer(), response.status),
        () => 0,
      )
      if (status === 200) return
      await sleep(20)
    }
    throw new Error(`the server does not become ready: ${this.output.slice(-2_000)}`)
  }

  /** kill -9, and what it started with it. */
  async kill(): Promise<void> {
    const child = this.#child
    if (child?.pid === undefined) return
    for (const pid of processTree(child.pid)) signal(pid, 'SIGKILL')
    await this.#ended
  }

  /** As a person stops it. */
  async stop(): Promise<void> {
    const child = this.#child
    if (child?.pid === undefined) return
    signal(child.pid, 'SIGCONT')
    signal(child.pid, 'SIGTERM')
    const isLate = await Promise.race([this.#ended.then(() => false), sleep(20_000, true, { ref: false })])
    if (!isLate) return
    this.wasForced = true
    await this.kill()
  }

  /** Resolves when it has ended, by itself or by a failpoint. */
  get ended(): Promise<void> {
    return this.#ended
  }

  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    if (this.#child?.pid !== undefined) signal(this.#child.pid, name)
  }

  /** Gives an order (chaos/plant.ts), and resolves when it is obeyed. */
  async order(order: Order): Promise<void> {
    const obeyed = new Promise<void>((resolve) => {
      this.#onReport = (report) => {
        if ('isObeyed' in report) resolve()
      }
    })
    this.#child?.send(order)
    await Promise.race([obeyed, this.#ended])
  }

  /** At the next pass of the failpoint the process kills itself, `ms` later. */
  killAt(failpoint: FailpointName, { after = 1, ms = 0 } = {}): Promise<void> {
    return this.order({ failpoint, action: 'kill', after, times: 1, ms })
  }

  /** The next pass of the failpoint does not do what comes after it, or fails. */
  hinder(failpoint: FailpointName, action: 'fail' | 'skip', times = 1): Promise<void> {
    return this.order({ failpoint, action, after: 1, times, ms: 0 })
  }

  /** Ours without its settings, which are for the installation that the caller really runs. */
  #environment(): NodeJS.ProcessEnv {
    const inherited = Object.entries(process.env).filter(([name]) => !settingNames.includes(name))
    return {
      ...Object.fromEntries(inherited),
      ...this.#settings.settings,
      GRANDCHAT_LAUNCHER: String(process.pid),
      GRANDCHAT_CHAOS: (this.#settings.bugs ?? []).join(','),
    }
  }
}

const importOf = (file: string) => `--import=${join(root, file)}`
