import { useEffect } from 'react'
import type { RefObject } from 'react'

/**
 * On a device with a mouse one arrives ready to write. On a phone the keyboard would cover what one came to read, so
 * there nothing happens. `pick` finds what to focus inside the element; by default the element itself.
 */
export function useArrivalFocus(element: RefObject<HTMLElement | null>, pick?: string): void {
  useEffect(() => {
    if (!matchMedia('(hover: hover) and (pointer: fine)').matches) return undefined
    const { activeElement: before } = document
    // To take the focus is to lay out the page: right before the next frame that is done anyway.
    const frame = requestAnimationFrame(() => {
      const { activeElement: now } = document
      if (now !== before && now !== null && now !== document.body) return
      const target = pick === undefined ? element.current : element.current?.querySelector<HTMLElement>(pick)
      target?.focus({ preventScroll: true })
    })
    return () => cancelAnimationFrame(frame)
  }, [element, pick])
}
