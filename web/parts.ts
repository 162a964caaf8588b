import { lazy } from 'react'

const firstWaitMs = 1_000
const longestWaitMs = 30_000

const parts: (() => Promise<unknown>)[] = []

/**
 * As `lazy`, for what is not needed at first: `fetchParts` gets it in a quiet moment. Whoever asks for it without a
 * network sees the fallback until it comes: a menu that is missing must not take the page with it.
 */
export const lazyPart: typeof lazy = (load) => {
  parts.push(load)
  return lazy(() => loadAtLast(load))
}

/**
 * Gets everything else of the app, so that menus and dialogs also open without a network, and after the server was
 * upgraded and has these files no more.
 */
export function fetchParts(): void {
  for (const load of parts) load().catch(() => undefined)
}

async function loadAtLast<T>(load: () => Promise<T>): Promise<T> {
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
    try {
      return await load()
    } catch {
      await onlineOrAfter(waitMs)
    }
  }
}

function onlineOrAfter(waitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      removeEventListener('online', done)
      resolve()
    }
    const timer = setTimeout(done, waitMs)
    addEventListener('online', done)
  })
}
