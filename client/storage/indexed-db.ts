import { type Database, createDatabase } from './database.ts'
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
  return { outgoing: createOutgoing(createDatabase(name, findFactory)), tabs }
}

function createOutgoing(database: Database): ClientStorage['outgoing'] {
  return {
    list: (userId) =>
      database.run('readonly', (store) => store.index('user_id').getAll(userId) as IDBRequest<OutgoingMessage[]>),

    async add(message) {
      try {
        await database.run('readwrite', (store) => {
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
      await each(database, 'client_message_id', clientMessageId, (cursor) =>
        cursor.update(withFailure(cursor.value as OutgoingMessage, failure)),
      )
    },

    remove: (clientMessageId) => each(database, 'client_message_id', clientMessageId, (cursor) => cursor.delete()),
    clear: (userId) => each(database, 'user_id', userId, (cursor) => cursor.delete()),
  }
}

async function each(
  database: Database,
  index: 'client_message_id' | 'user_id',
  key: string | number,
  change: (cursor: IDBCursorWithValue) => void,
): Promise<void> {
  await database.run('readwrite', (store) => {
    const request = store.index(index).openCursor(key)
    request.onsuccess = () => {
      if (!request.result) return
      change(request.result)
      request.result.continue()
    }
    return request
  })
}
