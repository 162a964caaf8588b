import { lazy } from 'react'

const parts: (() => Promise<unknown>)[] = []

/** As `lazy`, for what is not needed at first: `fetchParts` gets it in a quiet moment. */
export const lazyPart: typeof lazy = (load) => {
  parts.push(load)
  return lazy(load)
}

/**
 * Gets everything else of the app, so that menus and dialogs also open without a network, and after the server was
 * upgraded and has these files no more.
 */
export function fetchParts(): void {
  for (const load of parts) load().catch(() => undefined)
}
