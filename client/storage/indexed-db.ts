import { type CacheStorage, type CacheTransaction, cacheStoreNames } from './cache-storage.ts'
import { type Database, createDatabase, resultOf } from './database.ts'
import { withFailure } from './memory.ts'
import type { ClientStorage, OutgoingMessage } from './storage.ts'
import { type Tabs, createTabs } from './tabs.ts'

export type IndexedDbOptions = {
  name?: string
  /** Undefined, or throwing, where the browser keeps nothing, as in some private windows. */
  findFactory?: () => IDBFactory | undefined
  tabs?: Tabs
}

/** What a browser keeps. All tabs of an origin share it. */
export function createIndexedDbStorage(options: IndexedDbOptions = {}): ClientStorage {
  const { name = 'grandchat', findFactory = () => globalThis.indexedDB, tabs = createTabs() } = options
  // Two databases: a new version of what can be fetched again must not shut an old tab out of what can not.
  const outgoing = createDatabase({ name, findFactory, upgrades: outgoingUpgrades })
  const cache = createDatabase({ name: `${name}-cache`, findFactory, upgrades: cacheUpgrades })
  return { outgoing: createOutgoing(outgoing), tabs, cache: createCache(cache) }
}

const outgoingUpgrades = [
  (database: IDBDatabase) => {
    // The key says in which order messages were written, in whichever tab.
    const outgoing = database.createObjectStore('outgoing', { autoIncrement: true })
    outgoing.createIndex('client_message_id', 'client_message_id', { unique: true })
    outgoing.createIndex('user_id', 'user_id')
  },
]

const cacheUpgrades = [
  (database: IDBDatabase) => {
    for (const name of cacheStoreNames) database.createObjectStore(name, { keyPath: 'id' })
  },
]

function createCache(database: Database): CacheStorage {
  return { run: (mode, work) => database.run(cacheStoreNames, mode, (transaction) => work(stepsOf(transaction))) }
}

function stepsOf(transaction: IDBTransaction): CacheTransaction {
  const store = (name: string) => transaction.objectStore(name)
  return {
    get: (name, id) => resultOf(store(name).get(id)),
    getAll: (name) => resultOf(store(name).getAll()),
    put: (name, record) => void store(name).put(record),
    delete: (name, id) => void store(name).delete(id),
    clear: (name) => void store(name).clear(),
  }
}

function createOutgoing(database: Database): ClientStorage['outgoing'] {
  const run = <T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>) =>
    database.run(['outgoing'], mode, (transaction) => resultOf(work(transaction.objectStore('outgoing'))))

  /** Applies `change` to all that the index has under `key`. */
  function each(index: 'client_message_id' | 'user_id', key: string | number, change: Change): Promise<void> {
    return database.run(['outgoing'], 'readwrite', (transaction) => {
      const request = transaction.objectStore('outgoing').index(index).openCursor(key)
      return new Promise((resolve, reject) => {
        request.addEventListener('error', () => reject(request.error ?? new Error('the request failed')))
        request.addEventListener('success', () => {
          const cursor = request.result
          if (!cursor) return resolve()
          change(cursor)
          cursor.continue()
        })
      })
    })
  }

  return {
    list: (userId) =>
      run('readonly', (store) => store.index('user_id').getAll(userId) as IDBRequest<OutgoingMessage[]>),

    async add(message) {
      try {
        await run('readwrite', (store) => {
          const request = store.add(message)
          // Now, without another turn of a page that may be closing.
          store.transaction.commit()
          return request
        })
      } catch (error) {
        if (!(error instanceof DOMException) || error.name !== 'ConstraintError') throw error
      }
    },

    async setFailure(clientMessageId, failure) {
      await each('client_message_id', clientMessageId, (cursor) =>
        cursor.update(withFailure(cursor.value as OutgoingMessage, failure)),
      )
    },

    remove: (clientMessageId) => each('client_message_id', clientMessageId, (cursor) => cursor.delete()),
    clear: (userId) => each('user_id', userId, (cursor) => cursor.delete()),
  }
}

type Change = (cursor: IDBCursorWithValue) => void
