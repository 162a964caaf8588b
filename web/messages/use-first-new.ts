import { useEffect, useLayoutEffect, useRef } from 'react'
import type { RefObject } from 'react'
import type { VirtualizerHandle } from 'virtua'
import type { RoomView, Timeline } from '@grandchat/client'
import { useClient } from '../client-context.tsx'
import type { Item } from './items.ts'
import { aboveFirstNewPx } from './use-list-scroll.ts'

type FirstNew = {
  /** New messages above what is loaded; 0 if the first new one is at hand. */
  newAbove: number
  /** Loads older pages until the first new message is there, and goes to it. */
  goToFirstNew: () => void
}

export function useFirstNew(
  room: RoomView,
  timeline: Timeline,
  items: readonly Item[],
  list: RefObject<VirtualizerHandle | null>,
): FirstNew {
  const { messages } = useClient()
  const seeking = useRef(false)
  const index = items.findIndex((item) => item.isFirstNew)
  const { dividerAfterSeq, hasOlder, loadingOlder, olderFailed } = timeline

  const seek = () => {
    if (olderFailed) seeking.current = false
    if (seeking.current && index === -1 && hasOlder && !loadingOlder) void messages.loadOlder(room.id)
  }
  useLayoutEffect(() => {
    if (!seeking.current || index === -1) return
    seeking.current = false
    list.current?.scrollToIndex(index, { align: 'start', offset: -aboveFirstNewPx })
  }, [index, list])
  useEffect(seek)

  const goToFirstNew = () => {
    if (index !== -1) return list.current?.scrollToIndex(index, { align: 'start', offset: -aboveFirstNewPx })
    seeking.current = true
    seek()
  }
  const firstSeq = items.find(({ message }) => message?.seq != null)?.message?.seq ?? 0
  const isAbove = dividerAfterSeq !== null && index === -1 && hasOlder && firstSeq > dividerAfterSeq
  return { newAbove: isAbove ? Math.max(0, room.last_seq - dividerAfterSeq) : 0, goToFirstNew }
}
