import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

export type ProcessLock = { held: true; release(): void } | { held: false; holder: string }

const SQLITE_BUSY = 5

// A collected connection would close its file and give the lock away.
const heldLocks = new Set<DatabaseSync>()

/**
 * Takes an exclusive lock for as long as this process lives. An open SQLite transaction is the one lock in Node that
 * the kernel itself gives back when its holder dies, however it dies, so no process id has to be trusted: ids are used
 * again, and start over in every container. The id beside the lock only makes a readable message.
 */
export function acquireProcessLock(path: string): ProcessLock {
  const holderPath = `${path}.pid`
  const database = new DatabaseSync(path)
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error
    return { held: false, holder: readHolder(holderPath) }
  }
  heldLocks.add(database)
  // A killed run under another account may have left a file that cannot be written, only replaced.
  rmSync(holderPath, { force: true })
  writeFileSync(holderPath, `${process.pid}\n`, { mode: 0o600 })
  return {
    held: true,
    release() {
      if (!heldLocks.delete(database)) return
      rmSync(holderPath, { force: true })
      database.close()
    },
  }
}

function readHolder(path: string): string {
  try {
    return `process ${readFileSync(path, 'utf8').trim()}`
  } catch {
    return 'another process'
  }
}
