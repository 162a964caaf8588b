import { useSyncExternalStore } from 'react'

/** The current minute, so that "14:05" becomes "Tue 14:05" while the page stays open. One timer serves everybody. */
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    for (const told of listeners) told()
  }, 30_000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** Renders again when the minute changes, for clocks. */
export function useMinute(): number {
  return useSyncExternalStore(subscribe, () => Math.floor(Date.now() / 60_000))
}

/** Renders again when the calendar day changes. */
export function useNow(): string {
  return useSyncExternalStore(subscribe, () => new Date().toDateString())
}
