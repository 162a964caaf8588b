import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'
import type { VirtualizerHandle } from 'virtua'
import type { Timeline } from '@grandchat/client'
import { useClient } from '../client-context.tsx'
import type { Item } from './items.ts'
import { getPlace, keepPlace } from './places.ts'

/** As near to the end as counts for being there. */
const nearBottomPx = 48
/** As near to the start as makes us fetch what comes before. */
const nearTopPx = 1_200

type ListScroll = {
  atBottom: boolean
  /** Messages of others that arrived below while one reads further up. */
  newBelow: number
  onScroll: () => void
  onResize: () => void
  scrollDown: () => void
}

type Options = {
  roomId: number
  items: readonly Item[]
  scroller: RefObject<HTMLElement | null>
  list: RefObject<VirtualizerHandle | null>
  timeline: Timeline
  viewerId: number
}

/** Where the list stands: opens it at the right place, stays at the end when there, and leaves the reader alone else. */
export function useListScroll({ roomId, items, scroller, list, timeline, viewerId }: Options): ListScroll {
  const { messages } = useClient()
  const stuck = useRef(true)
  const [atBottom, setAtBottom] = useState(true)
  const [seenKey, setSeenKey] = useState<string>()
  const latest = useRef(items)
  latest.current = items

  const toEnd = useCallback(() => {
    const element = scroller.current
    if (element) element.scrollTop = element.scrollHeight
  }, [scroller])

  const scrollDown = useCallback(() => {
    stuck.current = true
    setAtBottom(true)
    list.current?.scrollToIndex(latest.current.length - 1, { align: 'end', offset: nearBottomPx })
    toEnd()
  }, [list, toEnd])

  const loadOlder = () => {
    const element = scroller.current
    const wanted = timeline.status === 'ready' && timeline.hasOlder && !timeline.loadingOlder && !timeline.olderFailed
    if (element && wanted && element.scrollTop < nearTopPx) void messages.loadOlder(roomId)
  }

  const onScroll = () => {
    const element = scroller.current
    if (!element) return
    const near = element.scrollHeight - element.scrollTop - element.clientHeight < nearBottomPx
    stuck.current = near
    setAtBottom(near)
    if (near) setSeenKey(undefined)
    else setSeenKey((key) => key ?? latest.current.at(-1)?.key)
    keepPlace(roomId, near ? undefined : placeOf(list.current, latest.current))
    loadOlder()
  }

  const onResize = useCallback(() => {
    if (stuck.current) toEnd()
  }, [toEnd])

  useOpening({ roomId, items, list, stuck, setAtBottom, setSeenKey, toEnd })

  // One's own message is what one wants to see, wherever one was.
  const lastOwn = items.findLast((item) => item.pending !== undefined)?.key
  useLayoutEffect(() => {
    if (lastOwn !== undefined) scrollDown()
  }, [lastOwn, scrollDown])

  const lastKey = items.at(-1)?.key
  useLayoutEffect(() => {
    if (stuck.current) toEnd()
  }, [lastKey, items.length, toEnd])
  useEffect(loadOlder)

  const seenAt = seenKey === undefined ? -1 : items.findLastIndex((item) => item.key === seenKey)
  const below = seenAt === -1 ? [] : items.slice(seenAt + 1)
  const newBelow = below.filter((item) => item.kind === 'user' && item.user.id !== viewerId).length
  return { atBottom, newBelow, onScroll, onResize, scrollDown }
}

function placeOf(list: VirtualizerHandle | null, items: readonly Item[]) {
  if (!list) return undefined
  const index = list.findItemIndex(list.scrollOffset)
  const item = items[index]
  return item && { key: item.key, offset: list.scrollOffset - list.getItemOffset(index) }
}

type OpeningOptions = Pick<Options, 'roomId' | 'items' | 'list'> & {
  stuck: { current: boolean }
  setAtBottom: (atBottom: boolean) => void
  setSeenKey: (key: string | undefined) => void
  toEnd: () => void
}

/** The first time that there is something to show: at the first new message, else where one was, else at the end. */
function useOpening({ roomId, items, list, stuck, setAtBottom, setSeenKey, toEnd }: OpeningOptions): void {
  const opened = useRef(false)
  useLayoutEffect(() => {
    if (opened.current || items.length === 0) return
    opened.current = true
    const start = startOf(roomId, items)
    if (!start) return toEnd()
    stuck.current = false
    setAtBottom(false)
    setSeenKey(items.at(-1)?.key)
    list.current?.scrollToIndex(start.index, { align: 'start', offset: start.offset })
  }, [roomId, items, list, stuck, setAtBottom, setSeenKey, toEnd])
}

function startOf(roomId: number, items: readonly Item[]): { index: number; offset: number } | undefined {
  const firstNew = items.findIndex((item) => item.isFirstNew)
  // Above the divider, enough of what was read before to find one's way.
  if (firstNew !== -1) return { index: firstNew, offset: -96 }
  const place = getPlace(roomId)
  const index = place ? items.findIndex((item) => item.key === place.key) : -1
  return place && index !== -1 ? { index, offset: place.offset } : undefined
}
