import type { StoredAction } from '../actions/action.ts'
import { type Database, resultOf } from './database.ts'
import { withFailure } from './memory.ts'
import type { ActionStorage, ClientStorage, OutgoingMessage } from './storage.ts'

type Change = (cursor: IDBCursorWithValue) => void

/** Records in the order in which they were added, found by the indexes of their store. */
function createRecords<Row>(database: Database, name: string) {
  return {
    list: (userId: number) =>
      database.run([name], 'readonly', (transaction) => {
        return resultOf(transaction.objectStore(name).index('user_id').getAll(userId) as IDBRequest<Row[]>)
      }),

    /** Keeps a new one; one that is there already stays as it is. */
    add: async (row: Row): Promise<void> => {
      try {
        await database.run([name], 'readwrite', (transaction) => {
          const request = transaction.objectStore(name).add(row)
          // Now, without another turn of a page that may be closing.
          transaction.commit()
          return resultOf(request)
        })
      } catch (error) {
        if (!(error instanceof DOMException) || error.name !== 'ConstraintError') throw error
      }
    },

    /** Applies `change` to all that the index has under one of the keys, and then adds a row if one is given. */
    each: (index: string, keys: readonly (string | number)[], change: Change, row?: Row): Promise<void> =>
      database.run([name], 'readwrite', async (transaction) => {
        const store = transaction.objectStore(name)
        await Promise.all(keys.map((key) => walk(store.index(index).openCursor(key), change)))
        if (row) await resultOf(store.add(row))
      }),
  }
}

function walk(request: IDBRequest<IDBCursorWithValue | null>, change: Change): Promise<void> {
  return new Promise((resolve, reject) => {
    request.addEventListener('error', () => reject(request.error ?? new Error('the request failed')))
    request.addEventListener('success', () => {
      const cursor = request.result
      if (!cursor) return resolve()
      change(cursor)
      cursor.continue()
    })
  })
}

const remove: Change = (cursor) => void cursor.delete()

export function createOutgoing(database: Database): ClientStorage['outgoing'] {
  const { list, add, each } = createRecords<OutgoingMessage>(database, 'outgoing')
  return {
    list,
    add,
    setFailure: (id, failure) =>
      each(
        'client_message_id',
        [id],
        (cursor) => void cursor.update(withFailure(cursor.value as OutgoingMessage, failure)),
      ),
    remove: (id) => each('client_message_id', [id], remove),
    clear: (userId) => each('user_id', [userId], remove),
  }
}

export function createActions(database: Database): ActionStorage {
  const { list, add, each } = createRecords<StoredAction>(database, 'actions')
  return {
    list,
    add: (action, replaces) =>
      replaces.length === 0
        ? add(action)
        : // Itself, too: an attempt before may have put it there.
          each('id', [...replaces, action.id], remove, action),
    setFailure: (id, failure) =>
      each('id', [id], (cursor) => void cursor.update(withFailure(cursor.value as StoredAction, failure))),
    remove: (id) => each('id', [id], remove),
    clear: (userId) => each('user_id', [userId], remove),
  }
}
