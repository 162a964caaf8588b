import { useState } from 'react'
import type { MessageView, Timeline } from '@grandchat/client'

/**
 * Counts the runs of messages that a room has shown: going far away and coming back replaces all of them, and a list of
 * others begins anew.
 */
export function useRun({ messages }: Pick<Timeline, 'messages'>): number {
  const [last, setLast] = useState({ messages, run: 0 })
  if (last.messages === messages) return last.run
  const run = isReplaced(last.messages, messages) ? last.run + 1 : last.run
  setLast({ messages, run })
  return run
}

/** Nothing of it is left, or the newer end was let go. */
export function isReplaced(before: readonly MessageView[], after: readonly MessageView[]): boolean {
  const [first, last] = [before[0]?.id, before.at(-1)?.id]
  const [newFirst, newLast] = [after[0]?.id, after.at(-1)?.id]
  if (first === undefined || last === undefined || newFirst === undefined || newLast === undefined) return false
  return newFirst > last || newLast < last
}
