import { useSyncExternalStore } from 'react'
import type * as Module from './markdown.ts'

type Markdown = typeof Module

let loaded: Markdown | undefined
let loading: Promise<unknown> | undefined
const listeners = new Set<() => void>()

/** Fetches what reads markup; most messages have none and do not wait for it. A failed attempt can be repeated. */
export function loadMarkdown(): Promise<unknown> {
  loading ??= import('./markdown.ts').then(
    (module) => {
      loaded = module
      for (const listener of listeners) listener()
    },
    () => {
      loading = undefined
    },
  )
  return loading
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  void loadMarkdown()
  return () => listeners.delete(listener)
}

const never = () => () => undefined

/** Undefined until it is here. Pages that hold no markup do not ask for it. */
export function useMarkdown(isWanted: boolean): Markdown | undefined {
  return useSyncExternalStore(isWanted ? subscribe : never, () => (isWanted ? loaded : undefined))
}
