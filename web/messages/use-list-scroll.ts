import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'
import type { VirtualizerHandle } from 'virtua'
import type { Timeline } from '@grandchat/client'
import { useClient } from '../client-context.tsx'
import type { Item } from './items.ts'
import { startOf } from './list-head.tsx'
import { getPlace, keepPlace } from './places.ts'

/** As near to the end as counts for being there. */
const nearEndPx = 48
/** As near to the start as makes us fetch what comes before. */
const nearStartPx = 1_200
/** What stays visible above the first new message, to find one's way. */
export const aboveFirstNewPx = 96

type Options = {
  roomId: number
  items: readonly Item[]
  timeline: Timeline
  scroller: RefObject<HTMLElement | null>
  list: RefObject<VirtualizerHandle | null>
}

/**
 * Where the list stands. It opens at the first new message, else where one was, else at the end; it stays at the end
 * for whoever is there and leaves everybody else where they are.
 */
export function useListScroll({ roomId, items, timeline, scroller, list }: Options) {
  const { messages } = useClient()
  const [start] = useState(() => openingPlace(roomId, items))
  const [atEnd, setAtEnd] = useState(start === undefined)
  const [seenKey, setSeenKey] = useState(start && items.at(-1)?.key)
  const sticks = useRef(start === undefined)
  const last = useRef({ top: 0, height: 0 })

  const toEnd = useCallback(() => {
    if (sticks.current) scrollToEnd(scroller)
  }, [scroller])

  const scrollDown = useCallback(() => {
    sticks.current = true
    toEnd()
  }, [toEnd])

  /** Looks where the list is now and draws the conclusions. */
  const look = () => {
    const element = scroller.current
    if (!element) return
    const { scrollTop: top, scrollHeight: height } = element
    const near = height - top - element.clientHeight < nearEndPx
    // Only moving up lets go of the end: rows that turn out taller or shorter than expected do not.
    if (near) sticks.current = true
    else if (top < last.current.top && height === last.current.height) sticks.current = false
    last.current = { top, height }
    toEnd()
    setAtEnd(sticks.current)
    setSeenKey((key) => (sticks.current ? undefined : (key ?? items.at(-1)?.key)))
    keepPlace(roomId, sticks.current ? undefined : placeOf(list.current, items))
    loadOlder()
  }

  const loadOlder = () => {
    const wanted = timeline.status === 'ready' && timeline.hasOlder && !timeline.loadingOlder && !timeline.olderFailed
    if (wanted && scroller.current && scroller.current.scrollTop < nearStartPx) void messages.loadOlder(roomId)
  }

  useLayoutEffect(() => {
    if (start) list.current?.scrollToIndex(start.index, { align: 'start', offset: start.offset })
  }, [start, list])

  // One's own message is what one wants to see, wherever one was.
  const lastOwn = items.findLast((item) => item.pending !== undefined)?.key
  useLayoutEffect(() => {
    if (lastOwn !== undefined) scrollDown()
  }, [lastOwn, scrollDown])

  useLayoutEffect(toEnd, [items, toEnd])
  useEffect(loadOlder)

  return { atEnd, seenKey, onScroll: look, onResize: look, scrollDown }
}

function scrollToEnd(scroller: RefObject<HTMLElement | null>): void {
  scroller.current?.scrollTo({ top: scroller.current.scrollHeight })
}

/** How many messages of others came after the one with `seenKey`. */
export function countNewAfter(items: readonly Item[], seenKey: string | undefined, viewerId: number): number {
  if (seenKey === undefined) return 0
  const seenAt = items.findLastIndex((item) => item.key === seenKey)
  if (seenAt === -1) return 0
  return items.slice(seenAt + 1).filter((item) => item.kind === 'user' && item.user.id !== viewerId).length
}

function placeOf(list: VirtualizerHandle | null, items: readonly Item[]) {
  if (!list) return undefined
  const index = list.findItemIndex(list.scrollOffset)
  const item = items[index]
  return item && { key: item.key, offset: list.scrollOffset - startOf(list, index) }
}

function openingPlace(roomId: number, items: readonly Item[]): { index: number; offset: number } | undefined {
  const firstNew = items.findIndex((item) => item.isFirstNew)
  if (firstNew !== -1) return { index: firstNew, offset: -aboveFirstNewPx }
  const place = getPlace(roomId)
  const index = place ? items.findIndex((item) => item.key === place.key) : -1
  return place && index !== -1 ? { index, offset: place.offset } : undefined
}
