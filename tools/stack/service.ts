import type { Program } from './program.ts'

/** A program that can be ended and started again where it was, with what it keeps. */
export class Service {
  readonly name: string
  readonly #launch: () => Promise<Program>
  #program: Program | undefined
  #said = ''

  /** `launch` resolves when the program is ready. */
  constructor(name: string, launch: () => Promise<Program>) {
    this.name = name
    this.#launch = launch
  }

  get pid(): number | undefined {
    return this.#program?.pid
  }

  /** All that it said, over all its lives. */
  get output(): string {
    return this.#said + (this.#program?.output() ?? '')
  }

  async start(): Promise<void> {
    if (this.#program) throw new Error(`${this.name} runs already.`)
    this.#program = await this.#launch()
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
