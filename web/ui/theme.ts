import { createSetting } from './setting.ts'

/** What the person chose; `system` follows the device. */
export type Theme = 'light' | 'dark' | 'system'

const systemIsDark = () => matchMedia('(prefers-color-scheme: dark)')

export const theme = createSetting<Theme>({
  key: 'theme',
  parse: (stored) => (stored === 'light' || stored === 'dark' ? stored : undefined),
  initial: 'system',
  apply,
})

function apply(chosen: Theme): void {
  const dark = chosen === 'dark' || (chosen === 'system' && systemIsDark().matches)
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
  const colour = getComputedStyle(document.documentElement).getPropertyValue('--neutral-2')
  document.querySelector('meta[name="theme-color"]')?.setAttribute('content', colour)
}

/** Keeps the page in step with the device; returns how to stop. */
export function followTheme(): () => void {
  const again = () => apply(theme.get())
  const system = systemIsDark()
  system.addEventListener('change', again)
  return () => system.removeEventListener('change', again)
}
