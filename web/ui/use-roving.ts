import { useState } from 'react'
import type { KeyboardEvent, FocusEvent } from 'react'

/**
 * Makes a list one stop of the Tab key: arrows, Home and End move inside it. Items carry `data-roving` with their key
 * and take their `tabIndex` from here. `first` is the item that Tab reaches before anything was focused.
 */
export function useRoving(first: string | undefined) {
  const [focused, setFocused] = useState<string>()
  const current = focused ?? first

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-roving]')]
    const at = items.findIndex((item) => item.contains(document.activeElement))
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key]
    if (next === undefined || at === -1) return
    event.preventDefault()
    items[Math.max(0, Math.min(items.length - 1, next))]?.focus()
  }
  const onFocus = (event: FocusEvent<HTMLElement>) => {
    const item = event.target.closest<HTMLElement>('[data-roving]')
    if (item) setFocused(item.dataset.roving)
  }
  const onBlur = (event: FocusEvent<HTMLElement>) => {
    if (!event.currentTarget.contains(event.relatedTarget)) setFocused(undefined)
  }
  return {
    list: { onKeyDown, onFocus, onBlur },
    item: (key: string) => ({ 'data-roving': key, tabIndex: key === current ? 0 : -1 }),
  }
}
