import { useLayoutEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'
import type { VirtualizerHandle } from 'virtua'
import { sayDay } from '../locales/times.ts'
import { DayLine } from './day-separator.tsx'
import type { Item } from './items.ts'
import { startOf } from './list-head.tsx'

/** A separator's own label stands this much lower in its row than the label does in the strip. */
const joinsPx = 10
/** A separator that is nearer to the top than this pushes the strip away. */
const pushesPx = 14
/** The strip, and what it fades into. */
const stripPx = 40

type StickyDayProps = {
  items: readonly Item[]
  list: RefObject<VirtualizerHandle | null>
  scroller: RefObject<HTMLElement | null>
}

/**
 * The day that one is reading: its separator stays at the top of the list, on a strip of its own so that no words
 * show through, until the next day's pushes it away. Rows are placed by the list, so `position: sticky` cannot do this.
 */
export function StickyDay({ items, list, scroller }: StickyDayProps) {
  const strip = useRef<HTMLDivElement>(null)
  const words = useRef<HTMLDivElement>(null)
  const [time, setTime] = useState<string>()

  useLayoutEffect(() => {
    const element = scroller.current
    const follow = () => {
      if (!list.current || !strip.current || !element) return
      // Read before anything is written, or the page is laid out once more.
      const scrollbarPx = element.offsetWidth - element.clientWidth
      const found = findDay(list.current, items, element.scrollTop)
      setTime(found?.time)
      strip.current.style.visibility = found ? 'visible' : 'hidden'
      const pushed = Math.max(0, found?.pushed ?? 0)
      strip.current.style.transform = `translateY(${-pushed}px)`
      // Half a word at the edge is worse than none.
      if (words.current) words.current.style.opacity = String(Math.max(0, 1 - pushed / pushesPx))
      // The strip must not cover the scrollbar.
      strip.current.style.insetInlineEnd = `${scrollbarPx}px`
    }
    const frame = requestAnimationFrame(follow)
    element?.addEventListener('scroll', follow, { passive: true })
    return () => {
      cancelAnimationFrame(frame)
      element?.removeEventListener('scroll', follow)
    }
  }, [items, list, scroller])

  return (
    <div
      ref={strip}
      aria-hidden
      className="pointer-events-none invisible absolute inset-x-0 top-0 z-(--layer-sticky) bg-page after:absolute after:inset-x-0 after:top-full after:h-2.5 after:bg-linear-to-b after:from-page after:to-transparent"
    >
      <div className="mx-auto w-full max-w-(--column-width) px-3 max-wide:px-2">
        <div ref={words} className="flex items-center gap-3 px-2 py-1.5">
          <DayLine />
          <span className="text-meta font-medium text-soft">{time !== undefined && sayDay(time)}</span>
          <DayLine />
        </div>
      </div>
    </div>
  )
}

type Found = {
  /** When some message of that day was written. */
  time: string
  /** How far the next day has pushed the strip out. */
  pushed: number
}

/** The day at the top of the list; none while its own separator is in sight. */
function findDay(list: VirtualizerHandle, items: readonly Item[], offset: number): Found | undefined {
  const index = list.findItemIndex(offset)
  const item = items[index]
  const past = offset - startOf(list, index)
  if (!item || past < 0) return undefined
  if (item.opensDay && past < joinsPx) {
    // The day before is on its way out.
    const before = items[index - 1]
    return before && { time: before.created_at, pushed: pushesPx + past }
  }
  return { time: item.created_at, pushed: pushesPx - distanceToNextDay(list, items, index, offset) }
}

/** How far below the top the next day begins; only what is near matters. */
function distanceToNextDay(list: VirtualizerHandle, items: readonly Item[], index: number, offset: number): number {
  for (let i = index + 1; i < items.length; i++) {
    const distance = startOf(list, i) - offset
    if (distance >= stripPx || items[i]?.opensDay === true) return distance
  }
  return Infinity
}
