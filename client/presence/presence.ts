import { limits } from '@grandchat/contracts/limits'
import type { PresenceAnswer } from '@grandchat/contracts/presence/schema'
import type { Environment } from '../environment.ts'
import type { Observable } from '../observable.ts'
import type { MakeSource, Source } from '../source.ts'
import { createTimer } from '../timer.ts'

/** A list that is scrolled brings many people on screen: they are asked about together. */
const gatherMs = 200
/** After a failure, and until the server has said how long. */
const pauseMs = 30_000
/** Answers of people who are on screen no more, kept in case they come back. */
const maxKept = 2_000

export type PresenceSetup = {
  environment: Environment
  source: MakeSource
  fetchOnline: (userIds: readonly number[]) => Promise<PresenceAnswer>
  isSignedIn: () => boolean
}

type Watched = { source: Source<boolean | undefined>; watchers: number; isOnline: boolean | undefined; askedAt: number }

export type Presence = ReturnType<typeof createPresence>

/** Who is online, asked about those alone who are on screen: all of them at once, now and then, never while it is hidden. */
export function createPresence({ environment, source, fetchOnline, isSignedIn }: PresenceSetup) {
  const people = new Map<number, Watched>()
  const timer = createTimer(environment, () => void ask())
  let intervalMs = pauseMs
  let generation = 0
  let isAsking = false

  const canAsk = () => isSignedIn() && environment.isOnline() && environment.isVisible()
  const isDue = ({ watchers, askedAt }: Watched) => watchers > 0 && environment.now() - askedAt >= intervalMs - gatherMs

  function watched(userId: number): Watched {
    const known = people.get(userId)
    if (known) return known
    const made: Watched = {
      source: source(() => made.isOnline),
      watchers: 0,
      isOnline: undefined,
      askedAt: Number.NEGATIVE_INFINITY,
    }
    people.set(userId, made)
    return made
  }

  function set(person: Watched, isOnline: boolean | undefined) {
    if (person.isOnline === isOnline) return
    person.isOnline = isOnline
    person.source.changed()
  }

  async function ask(): Promise<void> {
    const due = [...people].filter(([, person]) => isDue(person)).slice(0, limits.listedUsers)
    if (isAsking || !canAsk() || due.length === 0) return
    isAsking = true
    const current = generation
    const askedAt = environment.now()
    for (const [, person] of due) person.askedAt = askedAt
    const answer = await fetchOnline(due.map(([id]) => id)).catch(() => undefined)
    isAsking = false
    if (current !== generation) return
    const online = answer?.online ? new Set(answer.online) : undefined
    for (const [id, person] of due) set(person, online?.has(id))
    intervalMs = (answer?.next_s ?? pauseMs / 1000) * 1000
    planNext()
  }

  function planNext() {
    const next = [...people.values()].filter(({ watchers }) => watchers > 0).map(({ askedAt }) => askedAt + intervalMs)
    if (next.length === 0) return
    timer.reset(Math.max(gatherMs, Math.min(...next) - environment.now()))
  }

  function forgetIdle() {
    if (people.size <= maxKept) return
    for (const [id, { watchers }] of people) if (watchers === 0) people.delete(id)
  }

  return {
    /** Is this person online? Undefined where nobody knows. Asked for only while somebody is subscribed to it. */
    get(userId: number): Observable<boolean | undefined> {
      return {
        get: () => watched(userId).source.get(),
        subscribe(listener) {
          const person = watched(userId)
          const end = person.source.subscribe(listener)
          person.watchers++
          if (isDue(person)) timer.soon(gatherMs)
          return () => {
            end()
            person.watchers--
            forgetIdle()
          }
        },
      }
    },

    /** The device or the tab may have come back. */
    looked() {
      // Without a network nobody's coming and going is seen.
      if (!environment.isOnline()) for (const person of people.values()) set(person, undefined)
      if (canAsk() && [...people.values()].some(isDue)) timer.soon(gatherMs)
    },

    /** Nobody is signed in any more. */
    stop() {
      generation++
      isAsking = false
      timer.cancel()
      for (const person of people.values()) {
        person.askedAt = Number.NEGATIVE_INFINITY
        set(person, undefined)
      }
    },
  }
}
