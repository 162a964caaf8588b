import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { settingNames } from '../../server/config.ts'
import { root } from '../steps.ts'
import { answers, until } from './ports.ts'
import { type Program, startNode } from './program.ts'

export type BackendSettings = Record<string, string> & { PORT: string; DATA_DIR: string }

/** One backend, which can be ended and started again on its port. */
export class Backend {
  readonly url: string
  readonly #name: string
  readonly #settings: BackendSettings
  #program: Program | undefined
  #said = ''

  constructor(name: string, settings: BackendSettings) {
    this.#name = name
    this.#settings = settings
    this.url = `http://127.0.0.1:${settings.PORT}`
  }

  get pid(): number | undefined {
    return this.#program?.pid
  }

  /** All that it said, over all its lives. */
  get output(): string {
    return this.#said + (this.#program?.output() ?? '')
  }

  /** Resolves when it is ready to serve. */
  async start(): Promise<void> {
    if (this.#program) throw new Error(`${this.#name} runs already.`)
    await mkdir(this.#settings.DATA_DIR, { recursive: true })
    const program = startNode(this.#name, [join(root, 'server/main.ts')], { env: this.#environment() })
    this.#program = program
    await program.whileRunning(until(() => answers(`${this.url}/health/ready`)))
  }

  /** As a manager of processes does it: asks it to end, and waits. */
  async stop(): Promise<void> {
    await this.#forget()?.stop()
  }

  async kill(): Promise<void> {
    await this.#forget()?.kill()
  }

  #forget(): Program | undefined {
    const program = this.#program
    this.#said += program?.output() ?? ''
    this.#program = undefined
    return program
  }

  /** Ours without its settings, which are somebody else's. */
  #environment(): NodeJS.ProcessEnv {
    const inherited = Object.entries(process.env).filter(([name]) => !settingNames.includes(name))
    return { ...Object.fromEntries(inherited), ...this.#settings }
  }
}
