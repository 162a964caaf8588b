/** A value that changes over time, in the shape that React's `useSyncExternalStore` takes. `get` is stable between changes. */
export type Observable<T> = {
  get: () => T
  /** Calls back after every change; returns its unsubscribe. */
  subscribe: (listener: () => void) => () => void
}

/** What follows from another value: computed again when that is another. */
export function derive<T, U>({ get, subscribe }: Observable<T>, compute: (value: T) => U): Observable<U> {
  let last: { from: T; to: U } | undefined
  return {
    get() {
      const from = get()
      if (!last || !Object.is(last.from, from)) last = { from, to: compute(from) }
      return last.to
    },
    subscribe,
  }
}
