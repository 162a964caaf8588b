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

export type Typing = ReturnType<typeof createTyping>

/** Who is writing in which room: said and heard while the room is on screen, and forgotten by itself. */
export function createTyping({ environment, source, directory, viewerId, publish }: TypingSetup) {
  const heard = new Map<number, Map<number, Typist>>()
  const sources = new Map<number, Source<readonly User[]>>()
  /** When the viewer last said so, and whether they have taken it back. */
  const said = new Map<number, { at: number; stopped: boolean }>()
  const expiry = createTimer(environment, expire)

  function expire() {
    let next = Number.POSITIVE_INFINITY
    for (const [roomId, typists] of heard) {
      for (const [userId, { until }] of typists) {
        if (until <= environment.now()) forget(roomId, userId)
        else next = Math.min(next, until)
      }
    }
    if (Number.isFinite(next)) expiry.reset(next - environment.now())
  }

  function forget(roomId: number, userId: number) {
    if (heard.get(roomId)?.delete(userId)) sources.get(roomId)?.changed()
  }

  function hear(roomId: number, user: User) {
    const typists = heard.get(roomId) ?? new Map<number, Typist>()
    heard.set(roomId, typists)
    const isNew = !typists.has(user.id)
    typists.set(user.id, { user, until: environment.now() + expiryMs })
    expiry.soon(expiryMs)
    if (isNew) sources.get(roomId)?.changed()
  }

  function listTypists(roomId: number): readonly User[] {
    return [...(heard.get(roomId)?.values() ?? [])].map((typist) => directory.withNames(typist).user)
  }

  return {
    /** Those who are writing in this room, without the viewer, the first who began first. */
    in(roomId: number): Observable<readonly User[]> {
      const known = sources.get(roomId) ?? source(() => listTypists(roomId))
      sources.set(roomId, known)
      return known
    },

    /** The viewer is writing in this room, or has sent or emptied what they wrote. */
    write(roomId: number, isWriting: boolean) {
      const last = said.get(roomId)
      if (!isWriting) {
        if (last && !last.stopped && environment.now() - last.at < expiryMs)
          publish(roomId, { type: 'typing', stopped: true })
        if (last) last.stopped = true
        return
      }
      if (last && environment.now() - last.at < sayMs) return
      if (publish(roomId, { type: 'typing' })) said.set(roomId, { at: environment.now(), stopped: false })
    },

    receive(roomId: number, from: Publisher, data: unknown) {
      const user = userOf(from)
      if (!isTyping(data) || !user || user.id === viewerId()) return
      if (data.stopped) forget(roomId, user.id)
      else hear(roomId, user)
    },

    /** The viewer is not in the room any more. */
    leave(roomId: number) {
      said.delete(roomId)
      if (heard.delete(roomId)) sources.get(roomId)?.changed()
    },

    namesChanged() {
      for (const known of sources.values()) known.changed()
    },
  }
}

/** Undefined where the server vouches for nobody. */
function userOf({ userId, info }: Publisher): User | undefined {
  const { username, display_name = null } = (info ?? {}) as Partial<HereInfo>
  if (!Number.isSafeInteger(userId) || userId <= 0 || typeof username !== 'string') return undefined
  return { id: userId, username, display_name: typeof display_name === 'string' ? display_name : null }
}
