import type { CacheRecords, CacheStorage, CacheStoreName, CacheTransaction } from '../storage/cache-storage.ts'

type Stores = { [Name in CacheStoreName]: Map<number | string, CacheRecords[Name]> }

const empty = (): Stores => ({
  state: new Map(),
  rooms: new Map(),
  names: new Map(),
  windows: new Map(),
  ownRows: new Map(),
  threads: new Map(),
  threadWindows: new Map(),
})

/** A browser's cache without a browser: what its tabs share, one transaction after another. */
export class MemoryCache implements CacheStorage {
  #stores = empty()
  #last: Promise<unknown> = Promise.resolve()
  /** Comes between the steps of a transaction, and can make it fail by rejecting. */
  pause: () => Promise<void> = async () => {}

  run<T>(mode: 'readonly' | 'readwrite', work: (transaction: CacheTransaction) => Promise<T>): Promise<T> {
    const mine = this.#last.then(async () => {
      const draft = mode === 'readwrite' ? structuredClone(this.#stores) : this.#stores
      const result = await work(this.#stepsOn(draft))
      await this.pause()
      if (mode === 'readwrite') this.#stores = draft
      return result
    })
    this.#last = mine.catch(() => {})
    return mine
  }

  /** As it is now, to be put back later. */
  copy(): Stores {
    return structuredClone(this.#stores)
  }

  putBack(stores: Stores): void {
    this.#stores = structuredClone(stores)
  }

  get size(): number {
    return Object.values(this.#stores).reduce((sum, store) => sum + store.size, 0)
  }

  #stepsOn(stores: Stores): CacheTransaction {
    const storeOf = <Name extends CacheStoreName>(name: Name) =>
      stores[name] as Map<number | string, CacheRecords[Name]>
    return {
      get: async (name, id) => {
        await this.pause()
        return structuredClone(storeOf(name).get(id))
      },
      getAll: async (name) => {
        await this.pause()
        return structuredClone([...storeOf(name).values()])
      },
      put: (name, record) => void storeOf(name).set(record.id, structuredClone(record)),
      delete: (name, id) => void stores[name].delete(id),
      clear: (name) => stores[name].clear(),
    }
  }
}
