import type { Observable } from '@grandchat/client'

/** An observable that can be set; the fake client is made of these. */
export type Store<T> = Observable<T> & { set(value: T): void; update(change: (value: T) => T): void }

export function createStore<T>(initial: T): Store<T> {
  let value = initial
  const listeners = new Set<() => void>()
  const set = (next: T) => {
    if (Object.is(next, value)) return
    value = next
    for (const listener of listeners) listener()
  }
  return {
    get: () => value,
    set,
    update: (change) => set(change(value)),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
