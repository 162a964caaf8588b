import type { User } from '@grandchat/contracts/users/schema'
import type { CachedName } from '../storage/cache-storage.ts'

/** The people whom a row may name. */
type Naming = {
  user?: User
  users?: User[]
  system?: ({ user?: User } & object) | null
  forwarded?: ({ user: User } & object) | null
}

/** Names that changed since this client, or one whose knowledge it took over, began; rows carry the names of when they were read. */
export type Directory = {
  /** Of two names the one of the higher workspace version is right. */
  merge: (users: readonly User[], workspaceVersion: number) => void
  /** The row with its person as they are called now; the same object as long as nothing changed. */
  withNames: <Row extends { user: User }>(row: Row) => Row
  /** Those parts of a row that name people, as they are called now. */
  named: <Row extends Naming>(row: Row) => Pick<Row, keyof Row & keyof Naming>
  /** How often names have changed. */
  changes: () => number
  /** All of them, and those that an earlier client knew. */
  list: () => CachedName[]
  restore: (names: Iterable<CachedName>) => void
  reset: () => void
}

export function createDirectory(): Directory {
  const renamed = new Map<number, { user: User; version: number }>()
  let cache = new WeakMap<object, object>()
  let changes = 0

  const nameOf = (user: User) => renamed.get(user.id)?.user ?? user
  const nameIn = <Part extends { user?: User }>(part: Part): Part =>
    part.user ? { ...part, user: nameOf(part.user) } : part

  return {
    merge(users, version) {
      for (const user of users) {
        if (version >= (renamed.get(user.id)?.version ?? 0)) renamed.set(user.id, { user, version })
      }
      cache = new WeakMap()
      changes++
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
    named<Row extends Naming>({ user, users, system, forwarded }: Row) {
      return {
        ...(user && { user: nameOf(user) }),
        ...(users && { users: users.map(nameOf) }),
        ...(system && { system: nameIn(system) }),
        ...(forwarded && { forwarded: nameIn(forwarded) }),
      } as Pick<Row, keyof Row & keyof Naming>
    },
    changes: () => changes,
    list: () => [...renamed].map(([id, name]) => ({ id, ...name })),
    restore(names) {
      for (const { id, user, version } of names) renamed.set(id, { user, version })
      changes++
    },
    reset() {
      renamed.clear()
      cache = new WeakMap()
      changes++
    },
  }
}
