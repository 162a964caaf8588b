import type { MessageRow } from '@grandchat/contracts/messages/schema'
import type { RoomChanges } from '@grandchat/contracts/sync/schema'
import { isAsSent, readPosition } from '../rooms/entry.ts'
import type { Rooms } from '../rooms/rooms.ts'

export type OwnMessages = {
  /** An answer's row: if it is the viewer's, it has arrived, and it has moved where they are. */
  note: (row: MessageRow) => void
  /** All rows of a repair of messages from `lowSeq` on. */
  noteRepair: (changes: RoomChanges, lowSeq: number) => void
}

export type OwnMessagesSetup = {
  rooms: Rooms
  viewerId: () => number | undefined
  onSeen: (row: MessageRow) => void
  /** The own row of a room has to be asked for. */
  onUnsure: () => void
}

/** What the viewer's own messages tell beyond themselves, when they come by an answer instead of their event. */
export function createOwnMessages({ rooms, viewerId, onSeen, onUnsure }: OwnMessagesSetup): OwnMessages {
  function note(row: MessageRow) {
    if (row.user.id !== viewerId()) return
    rooms.noteOwnMessage(row)
    onSeen(row)
  }

  /** Edited before it was seen, a message does not tell when it was sent, so neither whether it moved the marker. */
  function isUnclear(row: MessageRow): boolean {
    const entry = rooms.entry(row.room_id)
    if (row.user.id !== viewerId() || row.seq === null || isAsSent(row) || !entry?.own) return false
    return row.seq !== readPosition(entry, entry.own)
  }

  return {
    note,
    noteRepair({ room, since, to, messages }, lowSeq) {
      messages.forEach(note)
      rooms.noteOwnKnown(room.id, { from: since, to, lowSeq, messages })
      if (!messages.some(isUnclear)) return
      rooms.noteOwnUnsure(room.id)
      onUnsure()
    },
  }
}
