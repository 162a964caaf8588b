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
  readonly #waiting: Request[] = []
  #held: Request | undefined

  /** `pause` comes between what the store does and its answer. */
  constructor({ hasLocks = true, pause = async () => {} }: { hasLocks?: boolean; pause?: () => Promise<void> } = {}) {
    this.#hasLocks = hasLocks
    this.#pause = pause
  }

  /** What is stored, as a tab that is opened later finds it. */
  get outgoing(): ClientStorage['outgoing'] {
    return this.#stored.outgoing
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
    const { list, add, setFailure, remove, clear } = this.outgoing
    const outgoing = {
      list: alive(list),
      add: alive(add),
      setFailure: alive(setFailure),
      remove: alive(remove),
      clear: alive(clear),
    }
    const channels = this.#channels
    const locks = this.#hasLocks ? this.#locksOf(tab) : undefined
    // A function that returns an object can be called with `new`, like the built-in.
    const open = function Channel() {
      return new FakeChannel(channels, tab)
    } as unknown as typeof BroadcastChannel
    return {
      storage: { outgoing, tabs: createTabs({ locks, BroadcastChannel: open }) },
      kill: () => {
        tab.isDead = true
        for (const channel of channels) if (channel.tab === tab) channel.close()
        this.#waiting.splice(0, Infinity, ...this.#waiting.filter((request) => request.tab !== tab))
        if (this.#held?.tab === tab) this.#pass()
      },
    }
  }

  #locksOf(tab: { isDead: boolean }): LockManager {
    const request = (_name: string, options: LockOptions, hold: () => Promise<void> | undefined) =>
      new Promise<void>((resolve, reject) => {
        if (tab.isDead) return
        const mine: Request = { tab, run: hold, resolve, reject }
        options.signal?.addEventListener('abort', () => {
          const at = this.#waiting.indexOf(mine)
          if (at < 0) return
          this.#waiting.splice(at, 1)
          reject(aborted())
        })
        if (options.steal) {
          this.#held?.reject(aborted())
          this.#grant(mine)
        } else {
          this.#waiting.push(mine)
          if (!this.#held) this.#pass()
        }
      })
    return { request } as unknown as LockManager
  }

  #pass(): void {
    this.#held = undefined
    const next = this.#waiting.shift()
    if (next) this.#grant(next)
  }

  #grant(request: Request): void {
    this.#held = request
    void Promise.resolve().then(async () => {
      if (this.#held !== request) return
      await request.run()
      request.resolve()
      if (this.#held === request) this.#pass()
    })
  }
}

class FakeChannel {
  #listener: (event: { data: unknown }) => void = () => {}
  readonly tab: object
  readonly #all: Set<FakeChannel>

  constructor(all: Set<FakeChannel>, tab: object) {
    this.#all = all
    this.tab = tab
    all.add(this)
  }

  addEventListener(_type: 'message', listener: (event: { data: unknown }) => void): void {
    this.#listener = listener
  }

  postMessage(data: unknown): void {
    const copy: unknown = structuredClone(data)
    for (const other of this.#all) {
      if (other !== this) queueMicrotask(() => this.#all.has(other) && other.#listener({ data: copy }))
    }
  }

  close(): void {
    this.#all.delete(this)
  }
}

const aborted = () => new DOMException('the lock is not to be had', 'AbortError')
