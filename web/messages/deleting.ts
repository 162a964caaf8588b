import type { Client, MessageView } from '@grandchat/client'
import { say } from '../locales/words.ts'
import { createCell, useCell, withEntry } from '../ui/cell.ts'
import { toast } from '../ui/toast.tsx'

/** What was deleted can be had back for as long as this: the server itself forgets at once. */
const undoMs = 5_000

/** Deletions that still wait, by the message's id, and how each is carried out. */
const held = createCell<ReadonlyMap<number, CarryOut>>(new Map())

type CarryOut = (how?: { isLeaving: boolean }) => void

function hold(messageId: number, carryOut: CarryOut | undefined): void {
  held.set(withEntry(held.get(), messageId, carryOut))
}

/** Takes a message off the screen; it is deleted when the offer to undo that has gone. */
export function deleteSoon({ messages }: Client, { room_id, id }: MessageView): void {
  const carryOut: CarryOut = (how) => {
    hold(id, undefined)
    messages.remove(room_id, id, how)
  }
  hold(id, carryOut)
  toast(
    say('messages.deleted'),
    { label: say('messages.deleted.undo'), run: () => hold(id, undefined) },
    { forMs: undoMs, onGone: () => held.get().get(id)?.() },
  )
}

/** Carries out what waits: nobody will be here to do it later. */
export function deleteNow(): void {
  for (const carryOut of held.get().values()) carryOut({ isLeaving: true })
}

/** Messages whose deletion waits: their author sees them no more. */
export function useHidden(): ReadonlyMap<number, unknown> {
  return useCell(held, (map) => map)
}

/** Drops what another person has begun. */
export function forgetDeletes(): void {
  held.set(new Map())
}
