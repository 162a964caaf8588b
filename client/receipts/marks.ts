import { limits } from '@grandchat/contracts/limits'
import type { Member } from '@grandchat/contracts/memberships/schema'
import type { SeenBy } from '@grandchat/contracts/receipts/schema'
import type { Client } from '../client.ts'
import type { Windows } from '../messages/windows.ts'
import type { Request } from '../rest/request.ts'
import type { Rooms } from '../rooms/rooms.ts'
import type { MakeSource, Source } from '../source.ts'
import type { Directory } from '../users/directory.ts'

export type MarksSetup = { source: MakeSource; rooms: Rooms; windows: () => Windows; directory: Directory }

export type Marks = ReturnType<typeof createMarks>

/** How far the members of small rooms have got, as their windows know it. */
export function createMarks({ source, rooms, windows, directory }: MarksSetup) {
  const sources = new Map<number, Source<readonly Member[] | undefined>>()

  function of(roomId: number): Source<readonly Member[] | undefined> {
    const known = sources.get(roomId)
    if (known) return known
    const made = source(() => present(roomId))
    sources.set(roomId, made)
    return made
  }

  function present(roomId: number): readonly Member[] | undefined {
    const window = windows().get(roomId)?.window
    const count = rooms.entry(roomId)?.room?.member_count ?? 0
    if (!window?.isLoaded || !window.members || count > limits.receiptMembers || !rooms.isMember(roomId))
      return undefined
    const members = [...window.members.values()].filter((row) => row.left_at === null)
    // A room that was large when its window began, or one of whose changes some are missing.
    return members.length === count ? members.map(directory.withNames) : undefined
  }

  return {
    of,
    changed: (roomId: number) => sources.get(roomId)?.changed(),
    changedAll() {
      for (const one of sources.values()) one.changed()
    },
  }
}

export function createReceiptMethods(marks: Marks, request: Request): Pick<Client, 'receipts'> {
  return {
    receipts: {
      members: marks.of,
      seenBy: (roomId, messageId, signal) =>
        request<SeenBy>('GET', `/api/rooms/${roomId}/messages/${messageId}/seen/`, { signal }),
    },
  }
}
