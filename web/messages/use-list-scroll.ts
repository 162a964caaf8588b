import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'
import type { VirtualizerHandle } from 'virtua'
import type { RoomView, Timeline } from '@grandchat/client'
import type { Cell } from '../ui/cell.ts'
import { useClient } from '../client-context.tsx'
import type { Item } from './items.ts'
import { startOf } from './list-head.tsx'
import { getPlace, keepPlace } from './places.ts'
import type { Place } from './places.ts'
import { indexOf } from './use-jump.ts'
import { useKeptPlace } from './use-kept-place.ts'

/** As near to the end as counts for being there. */
const nearEndPx = 48
/** As near to an end of what is loaded as makes us fetch what comes beyond. */
const nearEdgePx = 1_200
/** What stays visible above the first new message, to find one's way. */
export const aboveFirstNewPx = 96

type Options = {
  room: RoomView
  items: readonly Item[]
  timeline: Timeline
  scroller: RefObject<HTMLElement | null>
  list: RefObject<VirtualizerHandle | null>
  /** A message that is about to be jumped to. */
  wanted: Cell<number | undefined>
  isFirstRun: boolean
}

/**
 * Where the list stands. It opens at the message asked for, else at the first new one, else where one was, else at the
 * end; it stays at the end for whoever is there and leaves everybody else where they are.
 */
export function useListScroll({ room, items, timeline, scroller, list, wanted, isFirstRun }: Options) {
  const { id: roomId } = room
  const { messages } = useClient()
  const { hasNewer } = timeline
  const [start] = useState(() => (isFirstRun ? openingPlace(roomId, items) : undefined))
  const [isElsewhere] = useState(() => start !== undefined || hasNewer || indexOf(items, wanted.get()) !== -1)
  const [atEnd, setAtEnd] = useState(!isElsewhere)
  const [seenKey, setSeenKey] = useState(isElsewhere ? items.at(-1)?.key : undefined)
  const sticks = useRef(!isElsewhere)
  const last = useRef({ top: 0, height: 0 })
  const noteTop = useKeptPlace({ items, list, sticks })

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
    const below = height - top - element.clientHeight
    const near = below < nearEndPx
    // Only moving up lets go of the end: rows that turn out taller or shorter than expected do not. Below an earlier run
    // more is to come.
    if (hasNewer) sticks.current = false
    else if (near) sticks.current = true
    else if (top < last.current.top && height === last.current.height) sticks.current = false
    last.current = { top, height }
    if (below >= 1) toEnd()
    setAtEnd(sticks.current)
    setSeenKey((key) => (sticks.current ? undefined : (key ?? items.at(-1)?.key)))
    const place = placeOf(list.current, items)
    noteTop(place)
    keepPlace(roomId, sticks.current ? undefined : place)
    loadMore()
  }

  const loadMore = () => {
    const element = scroller.current
    if (!element || timeline.status !== 'ready') return
    const { hasOlder, loadingOlder, olderFailed, loadingNewer, newerFailed } = timeline
    const below = element.scrollHeight - element.scrollTop - element.clientHeight
    if (hasOlder && !loadingOlder && !olderFailed && element.scrollTop < nearEdgePx) void messages.loadOlder(roomId)
    if (hasNewer && !loadingNewer && !newerFailed && below < nearEdgePx) void messages.loadNewer(roomId)
  }

  useLayoutEffect(() => {
    if (start && wanted.get() === undefined) {
      list.current?.scrollToIndex(start.index, { align: 'start', offset: start.offset })
    }
  }, [start, list, wanted])

  // One's own message is what one wants to see, wherever one was.
  const lastOwn = items.findLast((item) => item.pending !== undefined)?.key
  useLayoutEffect(() => {
    if (lastOwn !== undefined) scrollDown()
  }, [lastOwn, scrollDown])

  useLayoutEffect(toEnd, [items, toEnd])
  // The list tells of new sizes before the page has them.
  useLayoutEffect(() => {
    const content = scroller.current?.querySelector('ol')
    if (!content) return undefined
    const observer = new ResizeObserver(toEnd)
    observer.observe(content)
    return () => observer.disconnect()
  }, [scroller, toEnd])
  useEffect(loadMore)

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

function placeOf(list: VirtualizerHandle | null, items: readonly Item[]): Place | undefined {
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
