import { createSetting } from '../ui/setting.ts'

const most = 27

/** Emoji picked on this device, the latest first. */
const recent = createSetting<string>({
  key: 'recent-emoji',
  parse: (stored) => stored,
  initial: '',
  apply: () => undefined,
})

export function recentEmoji(): string[] {
  return recent.get().split(' ').filter(Boolean).slice(0, most)
}

export function rememberEmoji(emoji: string): void {
  recent.set([emoji, ...recentEmoji().filter((other) => other !== emoji)].slice(0, most).join(' '))
}
