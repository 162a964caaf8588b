/** A value that changes over time, in the shape that React's `useSyncExternalStore` takes. `get` is stable between changes. */
export type Observable<T> = {
  get: () => T
  /** Calls back after every change; returns its unsubscribe. */
  subscribe: (listener: () => void) => () => void
}
