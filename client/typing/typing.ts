import { type HereInfo, isTyping, type Typing as TypingPublication } from '@grandchat/contracts/typing/typing'
import type { User } from '@grandchat/contracts/users/schema'
import type { Environment } from '../environment.ts'
import type { Observable } from '../observable.ts'
import type { Publisher } from '../realtime/visits.ts'
import type { MakeSource, Source } from '../source.ts'
import { createTimer } from '../timer.ts'
import type { Directory } from '../users/directory.ts'

/** Whoever goes on writing says so this often at most. */
const sayMs = 3_000
/** After this without a word they have stopped. */
const expiryMs = 5_000

export type TypingSetup = {
  environment: Environment
  source: MakeSource
  directory: Directory
  viewerId: () => number | undefined
  /** False if the viewer is not in the room's channel. */
  publish: (roomId: number, data: TypingPublication) => boolean
}

type Typist = { user: User; until: number }
/** Where somebody writes: a room, or a thread of it. */
type Place = {
  readonly roomId: number
  readonly threadId: number | undefined
  readonly typists: Map<number, Typist>
  readonly source: Source<readonly User[]>
  /** When the viewer last said that they write here, and whether they have taken it back. */
  said: { at: number; stopped: boolean } | undefined
}

export type Typing = ReturnType<typeof createTyping>

/** Who is writing where: said and heard while the room is on screen, and forgotten by itself. */
export function createTyping({ environment, source, directory, viewerId, publish }: TypingSetup) {
  const places = new Map<string, Place>()
  const expiry = createTimer(environment, expire)

  function placeOf(roomId: number, threadId: number | undefined): Place {
    const known = find(roomId, threadId)
    if (known) return known
    const typists = new Map<number, Typist>()
    const list = () => [...typists.values()].map((typist) => directory.withNames(typist).user)
    const made: Place = { roomId, threadId, typists, source: source(list), said: undefined }
    places.set(`${roomId}:${threadId ?? ''}`, made)
    return made
  }

  const find = (roomId: number, threadId: number | undefined) => places.get(`${roomId}:${threadId ?? ''}`)

  function expire() {
    let next = Number.POSITIVE_INFINITY
    for (const place of places.values()) {
      for (const [userId, { until }] of place.typists) {
        if (until <= environment.now()) forget(place, userId)
        else next = Math.min(next, until)
      }
    }
    if (Number.isFinite(next)) expiry.reset(next - environment.now())
  }

  function forget(place: Place, userId: number) {
    if (place.typists.delete(userId)) place.source.changed()
  }

  function hear(place: Place, user: User) {
    const isNew = !place.typists.has(user.id)
    place.typists.set(user.id, { user, until: environment.now() + expiryMs })
    expiry.soon(expiryMs)
    if (isNew) place.source.changed()
  }

  function say({ roomId, threadId }: Place, how: { stopped?: true }): boolean {
    return publish(roomId, { type: 'typing', ...how, ...(threadId !== undefined && { thread_id: threadId }) })
  }

  return {
    /** Those who are writing there, without the viewer, the first who began first. */
    in: (roomId: number, threadId?: number): Observable<readonly User[]> => placeOf(roomId, threadId).source,

    /** The viewer is writing there, or has sent or emptied what they wrote. */
    write(roomId: number, isWriting: boolean, threadId?: number) {
      const place = placeOf(roomId, threadId)
      const { said } = place
      if (!isWriting) {
        if (said && !said.stopped && environment.now() - said.at < expiryMs) say(place, { stopped: true })
        if (said) said.stopped = true
        return
      }
      if (said && environment.now() - said.at < sayMs) return
      if (say(place, {})) place.said = { at: environment.now(), stopped: false }
    },

    receive(roomId: number, from: Publisher, data: unknown) {
      const user = userOf(from)
      if (!isTyping(data) || !user || user.id === viewerId()) return
      // Threads that nobody here has looked at are not remembered: others may name as many as they like.
      const place = data.thread_id === undefined ? placeOf(roomId, undefined) : find(roomId, data.thread_id)
      if (!place) return
      if (data.stopped) forget(place, user.id)
      else hear(place, user)
    },

    /** The viewer is not in the room any more. */
    leave(roomId: number) {
      for (const place of places.values()) {
        if (place.roomId !== roomId) continue
        place.said = undefined
        if (place.typists.size === 0) continue
        place.typists.clear()
        place.source.changed()
      }
    },

    namesChanged() {
      for (const { source: known } of places.values()) known.changed()
    },
  }
}

/** Undefined where the server vouches for nobody. */
function userOf({ userId, info }: Publisher): User | undefined {
  const { username, display_name = null } = (info ?? {}) as Partial<HereInfo>
  if (!Number.isSafeInteger(userId) || userId <= 0 || typeof username !== 'string') return undefined
  return { id: userId, username, display_name: typeof display_name === 'string' ? display_name : null }
}
