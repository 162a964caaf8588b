import { useCallback, useLayoutEffect, useRef } from 'react'
import type { RefObject } from 'react'
import type { VirtualizerHandle } from 'virtua'
import { useCell } from '../ui/cell.ts'
import type { Cell } from '../ui/cell.ts'
import { isFocusLost } from '../ui/use-kept-focus.ts'
import type { Item } from './items.ts'
import { startOf } from './list-head.tsx'
import type { Pointing } from './pointing.ts'

/** The day sticks to the top of the list; nothing is looked at beneath it. */
const stripPx = 48
const besidePx = 8

type Options = {
  pointing: Cell<Pointing>
  items: readonly Item[]
  scroller: RefObject<HTMLElement | null>
  list: RefObject<VirtualizerHandle | null>
}

/** Gives rows the focus, also those that are not in the page yet; the one that has it stays in the page. */
export function useRowFocus({ pointing, items, scroller, list }: Options) {
  const latest = useRef(items)
  const wanted = useRef<string>(undefined)
  const focusedIndex = useCell(pointing, ({ focused }) => items.findIndex((item) => item.key === focused))

  const focusIndex = useCallback(
    (index: number) => {
      const key = latest.current[index]?.key
      if (key === undefined) return focusElement(scroller)
      bringIntoView(index, list, scroller)
      wanted.current = key
      pointing.set({ ...pointing.get(), focused: key, hovered: undefined })
      focusWanted(wanted, scroller, list.current === null)
    },
    [pointing, scroller, list],
  )
  /** Nearest to where it was, if the row itself is gone. */
  const focusRow = useCallback(
    (key: string) => {
      const at = latest.current.findIndex((item) => item.key === key)
      const next = findStop(latest.current, at, 1)
      focusIndex(next === -1 ? findStop(latest.current, at, -1) : next)
    },
    [focusIndex],
  )
  useLayoutEffect(() => {
    latest.current = items
    focusWanted(wanted, scroller, list.current === null)
    const { focused, popup } = pointing.get()
    const isHere = items.some(({ key, kind }) => key === focused && kind !== 'gone')
    if (focused !== undefined && popup === undefined && !isHere && isFocusLost()) focusRow(focused)
  })
  return { focusIndex, focusRow, kept: focusedIndex === -1 ? [] : [focusedIndex] }
}

/** The first row from `index` on, in steps of `step`, that one can stop at; -1 if there is none. */
export function findStop(items: readonly Item[], index: number, step: 1 | -1): number {
  for (let at = index; at >= 0 && at < items.length; at += step) if (items[at]?.kind === 'user') return at
  return -1
}

function focusElement({ current }: RefObject<HTMLElement | null>): void {
  current?.focus({ preventScroll: true })
}

/** A plain list, without one that knows where its rows are, brings the row into view by itself. */
function focusWanted(
  wanted: RefObject<string | undefined>,
  scroller: RefObject<HTMLElement | null>,
  isPlain: boolean,
): void {
  if (wanted.current === undefined) return
  const row = scroller.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(wanted.current)}"]`)
  if (!row) return
  wanted.current = undefined
  row.focus({ preventScroll: true })
  if (isPlain) row.scrollIntoView?.({ block: 'nearest' })
}

function bringIntoView(
  index: number,
  { current: list }: RefObject<VirtualizerHandle | null>,
  { current: scroller }: RefObject<HTMLElement | null>,
): void {
  if (!list || !scroller) return
  const top = startOf(list, index)
  const bottom = top + list.getItemSize(index)
  if (top - stripPx < scroller.scrollTop) list.scrollToIndex(index, { align: 'start', offset: -stripPx })
  else if (bottom + besidePx > scroller.scrollTop + scroller.clientHeight) {
    list.scrollToIndex(index, { align: 'end', offset: besidePx })
  }
}
