import { limits } from '@grandchat/contracts/limits'
import { channels } from '@grandchat/contracts/realtime/channels'
import type { Environment } from '../environment.ts'
import { isMember } from '../rooms/entry.ts'
import type { Rooms } from '../rooms/rooms.ts'
import { createTimer } from '../timer.ts'
import type { Publisher, Visit, VisitListener } from './visits.ts'

/** Whoever pages through rooms is in none of them. */
const arriveMs = 300
/** Whoever looks at another tab for a moment has not left. */
const hiddenMs = 10_000

export type HereSetup = {
  environment: Environment
  rooms: Rooms
  visit: (channel: string, listener: VisitListener) => Visit | undefined
  onPublication: (roomId: number, from: Publisher, data: unknown) => void
  /** The viewer is in the room, or not any more. */
  onChange: (roomId: number) => void
}

export type Here = ReturnType<typeof createHere>

/** Is in the channels `here:` of the small rooms on screen, and in those of no other. */
export function createHere({ environment, rooms, visit, onPublication, onChange }: HereSetup) {
  /** How often each room is on screen. */
  const open = new Map<number, number>()
  const visits = new Map<number, Visit>()
  const timer = createTimer(environment, settle)

  function isWanted(roomId: number): boolean {
    const entry = rooms.entry(roomId)
    if (!open.has(roomId) || !environment.isVisible() || !isMember(entry)) return false
    return entry?.room?.delivery === 'personal' && entry.room.member_count <= limits.hereMembers
  }

  function settle() {
    for (const roomId of visits.keys()) if (!isWanted(roomId)) leave(roomId)
    for (const roomId of open.keys()) if (!visits.has(roomId) && isWanted(roomId)) arrive(roomId)
  }

  function arrive(roomId: number) {
    const visiting = visit(channels.here(roomId), (from, data) => onPublication(roomId, from, data))
    if (!visiting) return
    visits.set(roomId, visiting)
    onChange(roomId)
  }

  function leave(roomId: number) {
    visits.get(roomId)?.leave()
    visits.delete(roomId)
    onChange(roomId)
  }

  return {
    /** The room is on screen until the returned function is called. */
    open(roomId: number): () => void {
      open.set(roomId, (open.get(roomId) ?? 0) + 1)
      timer.soon(arriveMs)
      let isOpen = true
      return () => {
        if (!isOpen) return
        isOpen = false
        const rest = (open.get(roomId) ?? 1) - 1
        if (rest > 0) open.set(roomId, rest)
        else open.delete(roomId)
        timer.soon(arriveMs)
      }
    },

    /** Membership, size or delivery of a room may have changed. */
    check(roomId: number) {
      if (open.has(roomId) && visits.has(roomId) !== isWanted(roomId)) timer.soon(arriveMs)
    },

    /** The tab was shown or hidden. */
    looked() {
      if (environment.isVisible()) timer.reset(arriveMs)
      else timer.soon(hiddenMs)
    },

    publish: (roomId: number, data: object): boolean => visits.get(roomId)?.publish(data) ?? false,
    count: async (roomId: number): Promise<number | undefined> => visits.get(roomId)?.count(),

    /** The connection is given up; what is on screen stays so. */
    stop() {
      timer.cancel()
      for (const roomId of visits.keys()) leave(roomId)
    },
    /** There is a connection again. */
    start: () => timer.soon(arriveMs),
  }
}
