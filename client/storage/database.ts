/** Makes version n + 1 of the database out of version n. Released steps stay as they are; new ones are added below. */
const upgrades: readonly ((database: IDBDatabase) => void)[] = [
  (database) => {
    // The key says in which order messages were written, in whichever tab.
    const outgoing = database.createObjectStore('outgoing', { autoIncrement: true })
    outgoing.createIndex('client_message_id', 'client_message_id', { unique: true })
    outgoing.createIndex('user_id', 'user_id')
  },
]

/** A database that does not answer by then counts as failing: another version may keep it, or the browser is in trouble. */
const limitMs = 2_000

export type Database = {
  /**
   * Runs `work` in a transaction of its own, in the order of calls, and resolves with the result of its request once all
   * is written.
   */
  run: <T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>) => Promise<T>
}

/** Opens when first used, and again whenever the browser has closed it. */
export function createDatabase(name: string, findFactory: () => IDBFactory | undefined): Database {
  let opening: Promise<IDBDatabase> | undefined
  /** What is being opened did not come in time. Nobody else waits for it. */
  let isStuck = false

  function open(): Promise<IDBDatabase> {
    if (opening) return opening
    const mine = openDatabase(name, findFactory, forget)
    function forget() {
      if (opening === mine) opening = undefined
    }
    opening = mine
    mine.catch(forget).finally(() => (isStuck = false))
    return mine
  }

  async function opened(): Promise<void> {
    if (isStuck) throw late()
    const mine = open()
    await within(limitMs, mine, () => (isStuck = true))
  }

  async function attempt<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    const mine = open()
    const database = await mine
    try {
      return await inTransaction(database, mode, work)
    } catch (error) {
      // It may be closed or gone: the next who asks opens it anew.
      if (opening === mine) opening = undefined
      database.close()
      throw error
    }
  }

  return {
    async run(mode, work) {
      await opened()
      return within(
        limitMs,
        attempt(mode, work).catch(() => attempt(mode, work)),
      )
    },
  }
}

function openDatabase(name: string, findFactory: () => IDBFactory | undefined, forget: () => void) {
  return new Promise<IDBDatabase>((resolve, reject) => {
    const factory = findFactory()
    if (!factory) throw new Error('this browser keeps no data here')
    const request = factory.open(name, upgrades.length)
    request.addEventListener('upgradeneeded', ({ oldVersion }) => {
      for (const upgrade of upgrades.slice(oldVersion)) upgrade(request.result)
    })
    request.addEventListener('success', () => {
      const database = request.result
      // A tab with newer code wants to upgrade: it must not have to wait for this one.
      database.addEventListener('versionchange', () => {
        database.close()
        forget()
      })
      database.addEventListener('close', forget)
      resolve(database)
    })
    request.addEventListener('error', () => reject(request.error ?? new Error('the database could not be opened')))
  })
}

function inTransaction<T>(
  database: IDBDatabase,
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction('outgoing', mode)
    const request = work(transaction.objectStore('outgoing'))
    transaction.addEventListener('complete', () => resolve(request.result))
    transaction.addEventListener('abort', () => reject(transaction.error ?? request.error ?? new Error('aborted')))
  })
}

const late = () => new Error(`the database did not answer in ${limitMs} ms`)

function within<T>(ms: number, task: Promise<T>, onLate: () => void = () => {}): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      onLate()
      reject(late())
    }, ms)
    task.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
