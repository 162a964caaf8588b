import type { Profile } from '@grandchat/contracts/users/profile'
import type { User } from '@grandchat/contracts/users/schema'
import type { CachedName } from '../storage/cache-storage.ts'

/** The people whom a row may name. */
type Naming = {
  user?: User
  users?: User[]
  system?: ({ user?: User } & object) | null
  forwarded?: ({ user: User } & object) | null
}

/**
 * People as they are now: those who changed since this client, or one whose knowledge it took over, began, and those who
 * were asked about. Rows carry people as they were when the row was read.
 */
export type Directory = {
  /** Of two the one of the higher workspace version is right. */
  merge: (users: readonly Profile[], workspaceVersion: number) => void
  /** The row with its person as they are called now; the same object as long as nothing changed. */
  withNames: <Row extends { user: User }>(row: Row) => Row
  /** Those parts of a row that name people, as they are called now. */
  named: <Row extends Naming>(row: Row) => Pick<Row, keyof Row & keyof Naming>
  /** How often names have changed. */
  changes: () => number
  /** Undefined if they have not changed and were not asked about. */
  get: (userId: number) => Profile | undefined
  /** All of them, and those that an earlier client knew. */
  list: () => CachedName[]
  restore: (names: Iterable<CachedName>) => void
  reset: () => void
}

type Known = { profile: Profile; user: User; version: number }

export function createDirectory(): Directory {
  const people = new Map<number, Known>()
  let cache = new WeakMap<object, object>()
  let changes = 0

  const nameOf = (user: User) => people.get(user.id)?.user ?? user
  const nameIn = <Part extends { user?: User }>(part: Part): Part =>
    part.user ? { ...part, user: nameOf(part.user) } : part

  function keep(profile: Profile, version: number) {
    const { id, username, display_name, avatar } = profile
    people.set(id, { profile, user: { id, username, display_name, avatar }, version })
  }

  return {
    merge(users, version) {
      for (const user of users) if (version >= (people.get(user.id)?.version ?? 0)) keep(user, version)
      cache = new WeakMap()
      changes++
    },
    withNames(row) {
      const user = people.get(row.user.id)?.user
      if (!user || looksAlike(user, row.user)) return row
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
    get: (userId) => people.get(userId)?.profile,
    list: () => [...people].map(([id, { profile, version }]) => ({ id, user: profile, version })),
    restore(names) {
      for (const { user, version } of names) keep(user, version)
      changes++
    },
    reset() {
      people.clear()
      cache = new WeakMap()
      changes++
    },
  }
}

function looksAlike(a: User, b: User): boolean {
  return a.username === b.username && a.display_name === b.display_name && (a.avatar ?? null) === (b.avatar ?? null)
}
