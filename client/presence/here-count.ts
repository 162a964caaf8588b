import { jitter } from '../backoff.ts'
import type { Environment } from '../environment.ts'
import type { Observable } from '../observable.ts'
import type { MakeSource, Source } from '../source.ts'
import { createTimer, type Timer } from '../timer.ts'

/** After arriving, by when the subscription is up; and from then on. */
const firstMs = 1_000
const intervalMs = 30_000

export type HereCountSetup = {
  environment: Environment
  source: MakeSource
  /** Undefined where the viewer is not in the room's channel. */
  count: (roomId: number) => Promise<number | undefined>
}

type Counted = { source: Source<number | undefined>; count: number | undefined; timer: Timer; watchers: number }

export type HereCount = ReturnType<typeof createHereCount>

/**
 * How many people look at a room, asked over the socket that is open anyway: no request, no session to look up, no
 * database. Being told of every coming and going would cost the square of a room's members when all come back at once.
 */
export function createHereCount({ environment, source, count }: HereCountSetup) {
  const rooms = new Map<number, Counted>()

  function counted(roomId: number): Counted {
    const known = rooms.get(roomId)
    if (known) return known
    const made: Counted = {
      source: source(() => made.count),
      count: undefined,
      timer: createTimer(environment, () => void ask(roomId, made)),
      watchers: 0,
    }
    rooms.set(roomId, made)
    return made
  }

  async function ask(roomId: number, room: Counted) {
    if (room.watchers === 0) return
    const found = await count(roomId)
    if (room.count !== found) {
      room.count = found
      room.source.changed()
    }
    if (room.watchers > 0) room.timer.soon(jitter(environment, intervalMs))
  }

  return {
    in(roomId: number): Observable<number | undefined> {
      return {
        get: () => counted(roomId).source.get(),
        subscribe(listener) {
          const room = counted(roomId)
          const end = room.source.subscribe(listener)
          room.watchers++
          room.timer.soon(firstMs)
          return () => {
            end()
            room.watchers--
            if (room.watchers === 0) room.timer.cancel()
          }
        },
      }
    },

    /** The viewer has come into the room's channel, or left it. */
    check(roomId: number) {
      const room = rooms.get(roomId)
      if (room && room.watchers > 0) room.timer.soon(firstMs)
    },
  }
}
