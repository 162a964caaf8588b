import { useLayoutEffect, useRef } from 'react'
import type { RefObject } from 'react'
import type { VirtualizerHandle } from 'virtua'
import { sayDay } from '../locales/times.ts'
import type { Item } from './items.ts'

const height = 40

type StickyDayProps = {
  items: readonly Item[]
  /** The first item on screen. */
  top: number
  list: RefObject<VirtualizerHandle | null>
  scroller: RefObject<HTMLElement | null>
}

/**
 * The day that one is reading, at the top of the list; the next day's separator pushes it away. Rows are placed by
 * the list, so `position: sticky` cannot do this.
 */
export function StickyDay({ items, top, list, scroller }: StickyDayProps) {
  const label = useRef<HTMLDivElement>(null)
  const item = items[top]

  useLayoutEffect(() => {
    const element = scroller.current
    const place = () => placeLabel(label.current, list.current, items)
    place()
    element?.addEventListener('scroll', place, { passive: true })
    return () => element?.removeEventListener('scroll', place)
  }, [items, list, scroller])

  if (!item) return null
  return (
    <div
      ref={label}
      aria-hidden
      className="pointer-events-none invisible absolute inset-x-0 top-2 z-(--layer-sticky) flex justify-center"
    >
      <span className="rounded-full bg-raised px-3 py-1 text-meta font-medium text-soft shadow-float">
        {sayDay(item.created_at)}
      </span>
    </div>
  )
}

/** Hidden where the day's own separator is on screen; pushed up by the separator of the next. */
function placeLabel(label: HTMLElement | null, list: VirtualizerHandle | null, items: readonly Item[]): void {
  if (!label || !list) return
  const offset = list.scrollOffset
  const index = list.findItemIndex(offset)
  const past = offset - list.getItemOffset(index)
  const opensDay = items[index]?.opensDay === true
  const hidden = offset < height || (opensDay && past < height) || list.scrollSize <= list.viewportSize
  label.style.visibility = hidden ? 'hidden' : 'visible'
  const next = nextDay(list, items, index, offset)
  label.style.transform = next < height ? `translateY(${next - height}px)` : ''
}

/** How far below the top the next day begins; only what is near matters. */
function nextDay(list: VirtualizerHandle, items: readonly Item[], index: number, offset: number): number {
  for (let i = index + 1; i < items.length; i++) {
    const distance = list.getItemOffset(i) - offset
    if (distance >= height || items[i]?.opensDay === true) return distance
  }
  return Infinity
}
