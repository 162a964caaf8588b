import { useSyncExternalStore } from 'react'

/** A choice that this browser remembers and that all its tabs share. */
export type Setting<T> = {
  get: () => T
  set: (value: T) => void
  use: () => T
  /** Shows a value without remembering it, while one is still choosing. */
  show: (value: T) => void
}

type Options<T> = {
  key: string
  /** Undefined for what was never chosen or makes no sense. */
  parse: (stored: string) => T | undefined
  /** What holds where nothing was chosen; it is not stored. */
  initial: T
  /** Brings the page in line. `public/theme.js` does the same before the first paint. */
  apply: (value: T) => void
}

/** Stands in where storage is forbidden: a choice then lasts as long as the page. */
const memory = new Map<string, string>()
const all = new Set<() => void>()

export function createSetting<T extends string | number>({ key, parse, initial, apply }: Options<T>): Setting<T> {
  const listeners = new Set<() => void>()
  const get = (): T => {
    const stored = read(key)
    return (stored === null ? undefined : parse(stored)) ?? initial
  }
  const again = () => {
    apply(get())
    for (const listener of listeners) listener()
  }
  const subscribe = (listener: () => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  all.add(again)
  return {
    get,
    set(value) {
      write(key, value === initial ? null : String(value))
      again()
    },
    use: () => useSyncExternalStore(subscribe, get),
    show: apply,
  }
}

/** Keeps the page in step with what other tabs choose; returns how to stop. */
export function followSettings(): () => void {
  addEventListener('storage', applySettings)
  return () => removeEventListener('storage', applySettings)
}

export function applySettings(): void {
  for (const again of all) again()
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return memory.get(key) ?? null
  }
}

function write(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key)
    else localStorage.setItem(key, value)
  } catch {
    if (value === null) memory.delete(key)
    else memory.set(key, value)
  }
}
