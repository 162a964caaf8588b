import { channels } from '@grandchat/contracts/realtime/channels'
import { isMember } from '../rooms/entry.ts'
import type { Rooms } from '../rooms/rooms.ts'

/** Rooms beyond these are followed by the head check alone: a connection has a limit of channels. */
const maxChannels = 100

export type LargeRoomsSetup = {
  rooms: Rooms
  /** The room is on screen. */
  isOpen: (roomId: number) => boolean
  listenTo: (roomChannels: readonly string[]) => void
}

/** Which rooms' own channels this client listens to: those of large rooms that the viewer is in. */
export function createLargeRooms({ rooms, isOpen, listenTo }: LargeRoomsSetup) {
  /** All large rooms, those that are listened to first. */
  let large: number[] = []

  const isLarge = (roomId: number) => {
    const entry = rooms.entry(roomId)
    return isMember(entry) && entry?.room?.delivery === 'room'
  }

  const list = () => large.slice(0, maxChannels).map(channels.room)

  return {
    /** Anything may have changed about this room. */
    check(roomId: number) {
      const place = large.indexOf(roomId)
      if (!isLarge(roomId)) {
        if (place < 0) return
        large = large.filter((id) => id !== roomId)
      } else if (place < 0) large = isOpen(roomId) ? [roomId, ...large] : [...large, roomId]
      else if (place < maxChannels || !isOpen(roomId)) return
      // On screen, and not listened to: it takes the place of another.
      else large = [roomId, ...large.filter((id) => id !== roomId)]
      listenTo(list())
    },
    /** Those that a new connection begins with. */
    channels: list,
    stop() {
      large = []
    },
  }
}
