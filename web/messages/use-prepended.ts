import { useState } from 'react'
import type { Item } from './items.ts'

/**
 * Whether this render puts items before those of the last one: then the list keeps its place from the end. Stays true
 * until the items change again.
 */
export function usePrepended(items: readonly Item[]): boolean {
  const [last, setLast] = useState({ items, prepended: false })
  if (last.items === items) return last.prepended
  const prepended = isPrepended(last.items, items)
  setLast({ items, prepended })
  return prepended
}

export function isPrepended(before: readonly Item[], after: readonly Item[]): boolean {
  const first = before[0]
  const added = after.length - before.length
  return first !== undefined && added > 0 && after[0]?.key !== first.key && after[added]?.key === first.key
}
