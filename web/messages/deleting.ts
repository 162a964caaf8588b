import type { Client, MessageView } from '@grandchat/client'
import { say } from '../locales/words.ts'
import { createCell, useCell, withEntry } from '../ui/cell.ts'
import { toast } from '../ui/toast.tsx'

/** What was deleted can be had back for as long as this: the server itself forgets at once. */
const undoMs = 5_000
/** The notice goes first, so that whoever presses its button in the last moment is not too late. */
const graceMs = 1_000
/** While the offer to undo has the pointer or the focus. Should the page end then, the next one carries it out. */
const heldMs = 60_000

/** Deletions that can be undone by a notice on screen, by the message's id, and how each is carried out. */
const offered = createCell<ReadonlyMap<number, CarryOut>>(new Map())

type CarryOut = (how?: { isLeaving: boolean }) => void

function offer(messageId: number, carryOut: CarryOut | undefined): void {
  offered.set(withEntry(offered.get(), messageId, carryOut))
}

/** Takes a message off the screen; it is deleted when the offer to undo that has gone, by the next page if this one ends. */
export function deleteSoon({ messages }: Client, { room_id, id }: MessageView): void {
  const hold = (ms: number) => messages.remove(room_id, id, { undoMs: ms })
  const carryOut: CarryOut = (how) => {
    offer(id, undefined)
    messages.remove(room_id, id, how)
  }
  const undo = () => {
    offer(id, undefined)
    messages.keep(room_id, id)
  }
  offer(id, carryOut)
  hold(undoMs + graceMs)
  toast(
    say('messages.deleted'),
    { label: say('messages.deleted.undo'), run: undo },
    {
      forMs: undoMs,
      onHold: (isHeld) => offered.get().has(id) && hold(isHeld ? heldMs : undoMs + graceMs),
      onGone: () => offered.get().get(id)?.(),
    },
  )
}

/** Carries out what waits: nobody may be here to do it later. */
export function deleteNow(): void {
  for (const carryOut of offered.get().values()) carryOut({ isLeaving: true })
}

/** Messages whose deletion is offered to be undone elsewhere: nothing is shown in their place. */
export function useHidden(): ReadonlyMap<number, unknown> {
  return useCell(offered, (map) => map)
}

/** Drops what another person has begun. */
export function forgetDeletes(): void {
  offered.set(new Map())
}
