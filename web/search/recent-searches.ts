import { createSetting } from '../ui/setting.ts'

const most = 8

const kept = createSetting<string>({
  key: 'recent-searches',
  parse: (stored) => stored,
  initial: '',
  apply: () => undefined,
})

/** What was searched on this device and led somewhere, the last first. A search is one line. */
export const useRecentSearches = (): readonly string[] => list(kept.use())

export function rememberSearch(text: string): void {
  const line = text.trim().replaceAll(/\s+/g, ' ')
  if (line) kept.set([line, ...list(kept.get()).filter((other) => other !== line)].slice(0, most).join('\n'))
}

/** Also when somebody else signs in here. */
export function forgetSearches(): void {
  kept.set('')
}

const list = (stored: string) => stored.split('\n').filter(Boolean).slice(0, most)
