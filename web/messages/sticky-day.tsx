import { useLayoutEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'
import type { VirtualizerHandle } from 'virtua'
import { sayDay } from '../locales/times.ts'
import type { Item } from './items.ts'
import { startOf } from './list-head.tsx'

const heightPx = 40

type StickyDayProps = {
  items: readonly Item[]
  list: RefObject<VirtualizerHandle | null>
  scroller: RefObject<HTMLElement | null>
}

/**
 * The day that one is reading, at the top of the list; the next day's separator pushes it away. Rows are placed by
 * the list, so `position: sticky` cannot do this.
 */
export function StickyDay({ items, list, scroller }: StickyDayProps) {
  const label = useRef<HTMLDivElement>(null)
  const [time, setTime] = useState<string>()

  useLayoutEffect(() => {
    const element = scroller.current
    const follow = () => {
      if (!list.current || !label.current || !element) return
      setTime(placeLabel(label.current, list.current, items, element.scrollTop))
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
      ref={label}
      aria-hidden
      className="pointer-events-none invisible absolute inset-x-0 top-2 z-(--layer-sticky) flex justify-center"
    >
      <span className="rounded-full bg-raised px-3 py-1 text-meta font-medium text-soft shadow-float">
        {time !== undefined && sayDay(time)}
      </span>
    </div>
  )
}

/**
 * Hidden where the day's own separator is on screen; pushed up by the separator of the next. Returns when the first
 * message on screen was written.
 */
function placeLabel(
  label: HTMLElement,
  list: VirtualizerHandle,
  items: readonly Item[],
  offset: number,
): string | undefined {
  const index = list.findItemIndex(offset)
  const item = items[index]
  const past = offset - startOf(list, index)
  const next = distanceToNextDay(list, items, index, offset)
  const hidden = past < 0 || (item?.opensDay === true && past < heightPx) || next < heightPx / 4
  label.style.visibility = hidden ? 'hidden' : 'visible'
  label.style.transform = next < heightPx ? `translateY(${next - heightPx}px)` : ''
  return item?.created_at
}

/** How far below the top the next day begins; only what is near matters. */
function distanceToNextDay(list: VirtualizerHandle, items: readonly Item[], index: number, offset: number): number {
  for (let i = index + 1; i < items.length; i++) {
    const distance = startOf(list, i) - offset
    if (distance >= heightPx || items[i]?.opensDay === true) return distance
  }
  return Infinity
}
