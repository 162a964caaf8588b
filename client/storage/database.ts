/** A database that does not answer by then counts as failing: another version may keep it, or the browser is in trouble. */
const limitMs = 5_000

export type Database = {
  /**
   * Runs `work` in a transaction of its own, in the order of calls, and resolves with its result once all is written. It
   * may wait for its own requests alone, and is run again if the database was closed.
   */
  run: <T>(stores: readonly string[], mode: IDBTransactionMode, work: Work<T>) => Promise<T>
}

type Work<T> = (transaction: IDBTransaction) => Promise<T>

export type DatabaseSetup = {
  name: string
  /** Each makes version n + 1 of the database out of version n. Released ones stay as they are; new ones are added. */
  upgrades: readonly ((database: IDBDatabase) => void)[]
  findFactory: () => IDBFactory | undefined
}

/** Opens when first used, and again whenever the browser has closed it. */
export function createDatabase(setup: DatabaseSetup): Database {
  let opening: Promise<IDBDatabase> | undefined
  /** What is being opened did not come in time. Nobody else waits for it. */
  let isStuck = false

  function open(): Promise<IDBDatabase> {
    if (opening) return opening
    const mine = openDatabase(setup, forget)
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

  async function attempt<T>(stores: readonly string[], mode: IDBTransactionMode, work: Work<T>): Promise<T> {
    const mine = open()
    const database = await mine
    try {
      return await inTransaction(database.transaction(stores, mode), work)
    } catch (error) {
      // It may be closed or gone: the next who asks opens it anew.
      if (opening === mine) opening = undefined
      database.close()
      throw error
    }
  }

  return {
    async run(stores, mode, work) {
      await opened()
      return within(
        limitMs,
        attempt(stores, mode, work).catch(() => attempt(stores, mode, work)),
      )
    },
  }
}

function openDatabase({ name, upgrades, findFactory }: DatabaseSetup, forget: () => void) {
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

/** What a request of a transaction brings. */
export function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error ?? new Error('the request failed')))
  })
}

async function inTransaction<T>(transaction: IDBTransaction, work: Work<T>): Promise<T> {
  const end = new Promise<void>((resolve, reject) => {
    transaction.addEventListener('complete', () => resolve())
    transaction.addEventListener('abort', () => reject(transaction.error ?? new Error('aborted')))
  })
  const working = (async () => work(transaction))()
  const [result] = await Promise.all([working.catch((error: unknown) => abort(transaction, error)), end])
  return result
}

function abort(transaction: IDBTransaction, error: unknown): never {
  try {
    transaction.abort()
  } catch {
    // It is over already.
  }
  throw error
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
