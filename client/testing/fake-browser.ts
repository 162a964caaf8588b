import { createMemoryStorage } from '../storage/memory.ts'
import type { ClientStorage } from '../storage/storage.ts'
import { createTabs } from '../storage/tabs.ts'

type Request = {
  tab: object
  run: () => Promise<void> | undefined
  resolve: () => void
  reject: (error: Error) => void
}

export type FakeTab = {
  storage: ClientStorage
  /** The tab is gone, without a chance to do anything. */
  kill: () => void
}

/** One browser profile: what is stored, the locks and the channels that its tabs share. */
export class FakeBrowser {
  readonly #stored = createMemoryStorage()
  readonly #channels = new Set<FakeChannel>()
  readonly #hasLocks: boolean
  readonly #pause: () => Promise<void>
  readonly #locks = new Map<string, { held: Request | undefined; waiting: Request[] }>()

  /** `pause` comes between what the store does and its answer. */
  constructor({ hasLocks = true, pause = async () => {} }: { hasLocks?: boolean; pause?: () => Promise<void> } = {}) {
    this.#hasLocks = hasLocks
    this.#pause = pause
  }

  /** What is stored, as a tab that is opened later finds it. */
  get outgoing(): ClientStorage['outgoing'] {
    return this.#stored.outgoing
  }

  get actions(): ClientStorage['actions'] {
    return this.#stored.actions
  }

  openTab(): FakeTab {
    const tab = { isDead: false }
    const alive = <Args extends unknown[], T>(run: (...args: Args) => Promise<T>) => {
      return async (...args: Args): Promise<T> => {
        const result = tab.isDead ? undefined : run(...args)
        await this.#pause()
        return tab.isDead || !result ? new Promise<T>(() => {}) : result
      }
    }
    const outgoing = mapValues(this.outgoing, alive)
    const actions = mapValues(this.actions, alive)
    const channels = this.#channels
    const locks = this.#hasLocks ? this.#locksOf(tab) : undefined
    // A function that returns an object can be called with `new`, like the built-in.
    const open = function Channel(name: string) {
      return new FakeChannel(channels, name, tab)
    } as unknown as typeof BroadcastChannel
    return {
      storage: { outgoing, actions, tabs: createTabs({ locks, BroadcastChannel: open }) },
      kill: () => {
        tab.isDead = true
        for (const channel of channels) if (channel.tab === tab) channel.close()
        for (const [name, lock] of this.#locks) {
          lock.waiting = lock.waiting.filter((request) => request.tab !== tab)
          if (lock.held?.tab === tab) this.#pass(name)
        }
      },
    }
  }

  #locksOf(tab: { isDead: boolean }): LockManager {
    const request = (name: string, options: LockOptions, hold: () => Promise<void> | undefined) =>
      new Promise<void>((resolve, reject) => {
        if (tab.isDead) return
        const lock = this.#lockOf(name)
        const mine: Request = { tab, run: hold, resolve, reject }
        options.signal?.addEventListener('abort', () => {
          const at = lock.waiting.indexOf(mine)
          if (at < 0) return
          lock.waiting.splice(at, 1)
          reject(aborted())
        })
        if (options.steal) {
          lock.held?.reject(aborted())
          this.#grant(name, mine)
        } else {
          lock.waiting.push(mine)
          if (!lock.held) this.#pass(name)
        }
      })
    return { request } as unknown as LockManager
  }

  #lockOf(name: string) {
    const lock = this.#locks.get(name) ?? { held: undefined, waiting: [] }
    this.#locks.set(name, lock)
    return lock
  }

  #pass(name: string): void {
    const lock = this.#lockOf(name)
    lock.held = undefined
    const next = lock.waiting.shift()
    if (next) this.#grant(name, next)
  }

  #grant(name: string, request: Request): void {
    const lock = this.#lockOf(name)
    lock.held = request
    void Promise.resolve().then(async () => {
      if (lock.held !== request) return
      await request.run()
      request.resolve()
      if (lock.held === request) this.#pass(name)
    })
  }
}

/** The same functions, each wrapped. */
function mapValues<Functions extends object>(
  functions: Functions,
  wrap: <Args extends unknown[], T>(run: (...args: Args) => Promise<T>) => (...args: Args) => Promise<T>,
): Functions {
  const pairs = Object.entries(functions) as [string, (...args: unknown[]) => Promise<unknown>][]
  return Object.fromEntries(pairs.map(([name, run]) => [name, wrap(run)])) as Functions
}

class FakeChannel {
  #listener: (event: { data: unknown }) => void = () => {}
  readonly tab: object
  readonly #name: string
  readonly #all: Set<FakeChannel>

  constructor(all: Set<FakeChannel>, name: string, tab: object) {
    this.#all = all
    this.#name = name
    this.tab = tab
    all.add(this)
  }

  addEventListener(_type: 'message', listener: (event: { data: unknown }) => void): void {
    this.#listener = listener
  }

  postMessage(data: unknown): void {
    const copy: unknown = structuredClone(data)
    for (const other of this.#all) {
      if (other !== this && other.#name === this.#name)
        queueMicrotask(() => this.#all.has(other) && other.#listener({ data: copy }))
    }
  }

  close(): void {
    this.#all.delete(this)
  }
}

const aborted = () => new DOMException('the lock is not to be had', 'AbortError')
