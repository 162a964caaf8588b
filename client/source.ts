import type { Observable } from './observable.ts'

/** An observable whose value is computed when it is next read after a change. */
export type Source<T> = Observable<T> & { changed: () => void }

export type MakeSource = <T>(compute: () => T) => Source<T>

/** Sources that tell their listeners of a tick's changes once, at its end; `report` is told of listeners that throw. */
export function createSources(report: (error: unknown) => void): MakeSource {
  const waiting = new Set<Set<() => void>>()

  function flush() {
    const audiences = [...waiting]
    waiting.clear()
    const listeners = new Set(audiences.flatMap((audience) => [...audience]))
    for (const listener of listeners) {
      try {
        listener()
      } catch (error) {
        report(error)
      }
    }
  }

  return function source<T>(compute: () => T): Source<T> {
    const listeners = new Set<() => void>()
    let value: { of: T } | undefined
    return {
      get: () => (value ??= { of: compute() }).of,
      subscribe(listener) {
        // A subscription of its own, so that one function may subscribe twice.
        const own = () => listener()
        listeners.add(own)
        return () => void listeners.delete(own)
      },
      changed() {
        value = undefined
        if (waiting.size === 0) queueMicrotask(flush)
        waiting.add(listeners)
      },
    }
  }
}
