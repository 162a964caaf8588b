import { useCallback, useLayoutEffect, useRef } from 'react'
import type { RefObject } from 'react'
import type { VirtualizerHandle } from 'virtua'
import type { Item } from './items.ts'
import type { Place } from './places.ts'
import { isPrepended } from './use-prepended.ts'

type Options = {
  items: readonly Item[]
  list: RefObject<VirtualizerHandle | null>
  /** Whoever is at the end stays there. */
  sticks: RefObject<boolean>
}

/**
 * When rows come or go in the middle of the list, what is being read stays where it is: the list itself keeps the place
 * only when rows join at its ends. Returns how to tell where one reads.
 */
export function useKeptPlace({ items, list, sticks }: Options): (place: Place | undefined) => void {
  const place = useRef<Place>(undefined)
  const last = useRef(items)

  useLayoutEffect(() => {
    const before = last.current
    last.current = items
    const { current } = place
    if (before === items || sticks.current || !current || isPrepended(before, items)) return
    const isHere = ({ key }: Item) => key === current.key
    const index = items.findIndex(isHere)
    if (index === -1 || index === before.findIndex(isHere)) return
    list.current?.scrollToIndex(index, { align: 'start', offset: current.offset })
  }, [items, list, sticks])

  return useCallback((now) => {
    place.current = now
  }, [])
}
