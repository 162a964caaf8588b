import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

type Undo = () => Promise<void> | void

const tmpfs = 0x01021994

/** What one figure has started, and how to end it: once, in reverse, whatever happens. */
export class Scope {
  #undos: Undo[] = []
  #ending: Promise<void> | undefined
  #say: (line: string) => void
  /** What is found out about the machine on the way; printed with the figures. */
  readonly facts: Record<string, string>

  constructor(say: (line: string) => void = () => undefined, facts: Record<string, string> = {}) {
    this.#say = say
    this.facts = facts
  }

  say(line: string): void {
    this.#say(line)
  }

  /** Call it right before starting something: an interrupted run starts nothing more. */
  assertOpen(): void {
    if (this.#ending) throw new Error('the run was interrupted')
  }

  onEnd(undo: Undo): void {
    this.#undos.push(undo)
  }

  /** An empty folder that goes away with the scope. */
  folder(): string {
    this.assertOpen()
    const path = mkdtempSync(join(durableFolder(), 'grandchat-bench-'))
    this.onEnd(() => rmSync(path, { recursive: true, force: true }))
    return path
  }

  end(): Promise<void> {
    this.#ending ??= this.#undoAll()
    return this.#ending
  }

  async #undoAll(): Promise<void> {
    for (let undo = this.#undos.pop(); undo; undo = this.#undos.pop()) {
      try {
        await undo()
      } catch (error) {
        this.#say(`while cleaning up: ${String(error)}`)
      }
    }
  }
}

/** A folder for temporary files that is on a disk: in memory, fsync costs nothing and every figure would flatter. */
export function durableFolder(): string {
  return [tmpdir(), '/var/tmp'].find((path) => !isInMemory(path)) ?? tmpdir()
}

function isInMemory(path: string): boolean {
  try {
    return statfsSync(path).type === tmpfs
  } catch {
    return true
  }
}
