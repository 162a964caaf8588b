import { useSyncExternalStore } from 'react'

/** A value outside of the components, of which each follows the part that it shows. */
export type Cell<T> = { get: () => T; set: (value: T) => void; subscribe: (listener: () => void) => () => void }

export function createCell<T>(initial: T): Cell<T> {
  let value = initial
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return
      value = next
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** `select` returns the same for the same: a part of the value, or something simple made of it. */
export function useCell<T, S>(cell: Cell<T>, select: (value: T) => S): S {
  return useSyncExternalStore(cell.subscribe, () => select(cell.get()))
}

/** A map with one entry set, or taken away by undefined; the map itself where that changes nothing. */
export function withEntry<K, V>(map: ReadonlyMap<K, V>, key: K, value: V | undefined): ReadonlyMap<K, V> {
  if (map.get(key) === value) return map
  const next = new Map(map)
  if (value === undefined) next.delete(key)
  else next.set(key, value)
  return next
}
