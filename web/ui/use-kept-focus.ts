import { useEffect, useRef } from 'react'
import type { RefObject } from 'react'

/**
 * When a change of `place` takes away what had the focus, the focus goes to `element`: from there Tab goes on, and
 * screen readers say where one is.
 */
export function useKeptFocus(element: RefObject<HTMLElement | null>, place: string): void {
  const last = useRef(place)
  useEffect(() => {
    if (last.current === place) return undefined
    last.current = place
    // Whoever has a better idea (a field to write in, a dialog that closes) comes first.
    const frame = requestAnimationFrame(() => {
      if (!isFocusLost()) return
      element.current?.focus({ preventScroll: true })
    })
    return () => cancelAnimationFrame(frame)
  }, [element, place])
}

/** Nothing has the focus, or something that is no longer there to be seen. */
export function isFocusLost(): boolean {
  const active = document.activeElement
  if (active === null || active === document.body || !active.isConnected) return true
  // What gives way to a page whose code is on its way is hidden first, and keeps the focus until it is gone.
  return 'checkVisibility' in active && !active.checkVisibility()
}
