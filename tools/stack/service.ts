import type { Program } from './program.ts'

export type ServiceParts = {
  launch: () => Program
  isReady: () => boolean | Promise<boolean>
}

/** A program that can be ended and started again where it was, with what it keeps. */
export class Service {
  readonly name: string
  readonly #parts: ServiceParts
  #program: Program | undefined
  #said = ''

  constructor(name: string, parts: ServiceParts) {
    this.name = name
    this.#parts = parts
  }

  get pid(): number | undefined {
    return this.#program?.pid
  }

  /** All that it said, over all its lives. */
  get output(): string {
    return this.#said + this.life
  }

  /** What it said since it was started last. */
  get life(): string {
    return this.#program?.output() ?? ''
  }

  /** Resolves when it is ready to serve. */
  async start(): Promise<void> {
    if (this.#program) throw new Error(`${this.name} runs already.`)
    const program = this.#parts.launch()
    this.#program = program
    await program.until(this.#parts.isReady)
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
}
