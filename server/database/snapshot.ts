import type { Database, OpenTransaction } from './database.ts'

/** Runs reads that must agree with each other: all of them see the database as it is at one moment. */
export function inSnapshot<T>(db: Database, read: (tx: OpenTransaction) => Promise<T>): Promise<T> {
  return db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(read)
}
