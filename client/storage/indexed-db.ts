import { type CacheStorage, type CacheTransaction, cacheStoreNames } from './cache-storage.ts'
import { type Database, createDatabase, resultOf } from './database.ts'
import { createActions, createOutgoing } from './kept-records.ts'
import type { ClientStorage } from './storage.ts'
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
  // One for each: a new version of what can be fetched again must not shut an old tab out of what can not.
  const outgoing = createDatabase({ name, findFactory, upgrades: outgoingUpgrades })
  const actions = createDatabase({ name: `${name}-actions`, findFactory, upgrades: actionUpgrades })
  const cache = createDatabase({ name: `${name}-cache`, findFactory, upgrades: cacheUpgrades })
  return { outgoing: createOutgoing(outgoing), actions: createActions(actions), tabs, cache: createCache(cache) }
}

const outgoingUpgrades = [
  (database: IDBDatabase) => {
    // The key says in which order messages were written, in whichever tab.
    const outgoing = database.createObjectStore('outgoing', { autoIncrement: true })
    outgoing.createIndex('client_message_id', 'client_message_id', { unique: true })
    outgoing.createIndex('user_id', 'user_id')
  },
]

const actionUpgrades = [
  (database: IDBDatabase) => {
    const actions = database.createObjectStore('actions', { autoIncrement: true })
    actions.createIndex('id', 'id', { unique: true })
    actions.createIndex('user_id', 'user_id')
  },
]

const cacheUpgrades = [
  (database: IDBDatabase) => {
    for (const name of ['state', 'rooms', 'names', 'windows']) database.createObjectStore(name, { keyPath: 'id' })
  },
  (database: IDBDatabase) => {
    database.createObjectStore('ownRows', { keyPath: 'id' })
  },
  (database: IDBDatabase) => {
    for (const name of ['threads', 'threadWindows']) database.createObjectStore(name, { keyPath: 'id' })
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
