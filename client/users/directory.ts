import type { User } from '@grandchat/contracts/users/schema'

/** Names that changed while this client was running; rows carry the names of when they were read. */
export type Directory = {
  /** Of two names the one of the higher workspace version is right. */
  merge: (users: readonly User[], workspaceVersion: number) => void
  /** The row with its person as they are called now; the same object as long as nothing changed. */
  withNames: <Row extends { user: User }>(row: Row) => Row
  reset: () => void
}

export function createDirectory(): Directory {
  const renamed = new Map<number, { user: User; version: number }>()
  let cache = new WeakMap<object, object>()

  return {
    merge(users, version) {
      for (const user of users) {
        if (version >= (renamed.get(user.id)?.version ?? 0)) renamed.set(user.id, { user, version })
      }
      cache = new WeakMap()
    },
    withNames(row) {
      const user = renamed.get(row.user.id)?.user
      if (!user || (user.username === row.user.username && user.display_name === row.user.display_name)) return row
      const known = cache.get(row) as typeof row | undefined
      if (known) return known
      const named = { ...row, user }
      cache.set(row, named)
      return named
    },
    reset() {
      renamed.clear()
      cache = new WeakMap()
    },
  }
}
