import { limits } from '@grandchat/contracts/limits'
import type { Profile, Profiles as ProfilesAnswer } from '@grandchat/contracts/users/profile'
import { backoff } from '../backoff.ts'
import type { Environment } from '../environment.ts'
import type { Observable } from '../observable.ts'
import type { MakeSource, Source } from '../source.ts'
import { createTimer } from '../timer.ts'
import type { Directory } from './directory.ts'

/** People who come on screen within this time are asked about together. */
const gatherMs = 50
/** Longer than any screen is on: clocks of devices have a bound for how far ahead they can be set. */
const maxTimerMs = 24 * 60 * 60 * 1000

export type ProfilesSetup = {
  environment: Environment
  source: MakeSource
  directory: Directory
  /** Changes are followed from the first sync on: what was read before it could stay old. */
  canLoad: () => boolean
  fetchProfiles: (userIds: readonly number[]) => Promise<ProfilesAnswer>
  onNames: () => void
}

type Watched = { source: Source<Profile | undefined>; watchers: number }

export type Profiles = ReturnType<typeof createProfiles>

/** People with what they say about themselves: asked for when they are first shown, and kept current by the directory. */
export function createProfiles({ environment, source, directory, canLoad, fetchProfiles, onNames }: ProfilesSetup) {
  const people = new Map<number, Watched>()
  /** Of whom the server was asked, and whom it may not know. */
  const asked = new Set<number>()
  const asking = createTimer(environment, () => void ask())
  const expiry = createTimer(environment, changed)
  let failures = 0
  let generation = 0

  function present(userId: number): Profile | undefined {
    const profile = directory.get(userId)
    const until = profile?.status?.until ?? null
    if (!profile || until === null) return profile
    const left = Date.parse(until) - environment.now()
    if (left <= 0) return { ...profile, status: null }
    expiry.soon(Math.min(left + 1, maxTimerMs))
    return profile
  }

  function changed() {
    for (const person of people.values()) person.source.changed()
  }

  const missing = () =>
    [...people].filter(([id, { watchers }]) => watchers > 0 && !asked.has(id) && !directory.get(id)).map(([id]) => id)

  async function ask(): Promise<void> {
    if (!canLoad()) return
    const ids = missing().slice(0, limits.listedUsers)
    if (ids.length === 0) return
    const current = generation
    for (const id of ids) asked.add(id)
    try {
      const { users, workspace_version } = await fetchProfiles(ids)
      if (current !== generation) return
      failures = 0
      directory.merge(users, workspace_version)
      onNames()
      asking.soon(gatherMs)
    } catch {
      if (current !== generation) return
      for (const id of ids) asked.delete(id)
      asking.soon(backoff(environment, ++failures, 2_000, 60_000))
    }
  }

  function watched(userId: number): Watched {
    const known = people.get(userId)
    if (known) return known
    const made = { source: source(() => present(userId)), watchers: 0 }
    people.set(userId, made)
    return made
  }

  return {
    /** Undefined until it is known. Asked for only while somebody is subscribed to it. */
    get(userId: number): Observable<Profile | undefined> {
      return {
        get: () => watched(userId).source.get(),
        subscribe(listener) {
          const person = watched(userId)
          const end = person.source.subscribe(listener)
          person.watchers++
          if (!asked.has(userId) && !directory.get(userId)) asking.soon(gatherMs)
          return () => {
            end()
            person.watchers--
          }
        },
      }
    },

    changed,

    /** Requests can be made, or can be made again. */
    wake() {
      if (missing().length > 0) asking.soon(gatherMs)
    },

    /** What was known is another's, or of another database. */
    reset() {
      generation++
      asked.clear()
      asking.cancel()
      expiry.cancel()
      changed()
    },
  }
}
