import { useCallback, useLayoutEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'

/** As near to the end as counts for being there. */
const nearEndPx = 48

/** Keeps a plain list at its end for whoever is there, whatever comes and however its rows grow. */
export function useStickToEnd(scroller: RefObject<HTMLElement | null>, content: RefObject<HTMLElement | null>) {
  const sticks = useRef(true)
  const lastTop = useRef(0)
  const [atEnd, setAtEnd] = useState(true)

  const toEnd = useCallback(() => {
    if (sticks.current) scrollToEnd(scroller)
  }, [scroller])

  const onScroll = () => {
    const element = scroller.current
    if (!element) return
    const { scrollTop: top } = element
    // Only moving up lets go of the end: rows that grow do not.
    if (element.scrollHeight - top - element.clientHeight < nearEndPx) sticks.current = true
    else if (top < lastTop.current) sticks.current = false
    lastTop.current = top
    setAtEnd(sticks.current)
  }
  const scrollDown = useCallback(() => {
    sticks.current = true
    toEnd()
  }, [toEnd])

  useLayoutEffect(toEnd)
  useLayoutEffect(() => {
    if (!content.current) return undefined
    const observer = new ResizeObserver(toEnd)
    observer.observe(content.current)
    return () => observer.disconnect()
  }, [content, toEnd])

  return { atEnd, onScroll, scrollDown }
}

function scrollToEnd({ current }: RefObject<HTMLElement | null>): void {
  current?.scrollTo({ top: current.scrollHeight })
}
