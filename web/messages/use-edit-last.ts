import { useCallback } from 'react'
import type { RefObject } from 'react'
import type { VirtualizerHandle } from 'virtua'
import { startEdit } from './editing.ts'
import { isRemoved } from './items.ts'
import type { Item } from './items.ts'

/** Begins to change what the viewer said last, as far as it is loaded. */
export function useEditLast(
  items: readonly Item[],
  viewerId: number,
  list: RefObject<VirtualizerHandle | null>,
): () => void {
  return useCallback(() => {
    const isMine = ({ kind, message, user }: Item) =>
      kind === 'user' && user.id === viewerId && message?.forwarded === null && !isRemoved(message)
    const index = items.findLastIndex(isMine)
    const message = items[index]?.message
    if (!message) return
    list.current?.scrollToIndex(index, { align: 'nearest' })
    startEdit(message.id, message.content)
  }, [items, viewerId, list])
}
