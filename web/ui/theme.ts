import { useSyncExternalStore } from 'react'

/** What the person chose; `system` follows the device. `public/theme.js` applies it before the first paint. */
export type Theme = 'light' | 'dark' | 'system'

const key = 'theme'
const listeners = new Set<() => void>()
const systemIsDark = () => matchMedia('(prefers-color-scheme: dark)')

export function getTheme(): Theme {
  try {
    const stored = localStorage.getItem(key)
    return stored === 'light' || stored === 'dark' ? stored : 'system'
  } catch {
    return 'system'
  }
}

export function setTheme(theme: Theme): void {
  try {
    if (theme === 'system') localStorage.removeItem(key)
    else localStorage.setItem(key, theme)
  } catch {
    // Storage may be forbidden: the choice then lasts as long as the page.
  }
  apply(theme)
  for (const listener of listeners) listener()
}

function apply(theme: Theme): void {
  const dark = theme === 'dark' || (theme === 'system' && systemIsDark().matches)
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
  const colour = getComputedStyle(document.documentElement).getPropertyValue('--neutral-2')
  document.querySelector('meta[name="theme-color"]')?.setAttribute('content', colour)
}

/** Keeps the page in step with the device and with other tabs; returns how to stop. */
export function followTheme(): () => void {
  const again = () => {
    apply(getTheme())
    for (const listener of listeners) listener()
  }
  const system = systemIsDark()
  system.addEventListener('change', again)
  addEventListener('storage', again)
  return () => {
    system.removeEventListener('change', again)
    removeEventListener('storage', again)
  }
}

export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, getTheme)
}
