import { say } from '../locales/words.ts'
import type { Key } from '../locales/words.ts'

type EndWords = Extract<Key, `status.end.${string}`>

/** When a status ends by itself, and the words for it. */
const endWords = {
  never: 'status.end.never',
  half_hour: 'status.end.half_hour',
  hour: 'status.end.hour',
  four_hours: 'status.end.four_hours',
  today: 'status.end.today',
  week: 'status.end.week',
} as const satisfies Record<string, EndWords>

export type End = keyof typeof endWords

export function endChoices(): { value: End; label: string }[] {
  const ends = Object.keys(endWords) as End[]
  return ends.map((value) => ({ value, label: say(endWords[value]) }))
}

type Preset = { emoji: string; words: Extract<Key, `status.preset.${string}`>; end: End }

export const presets: readonly Preset[] = [
  { emoji: '🗓️', words: 'status.preset.meeting', end: 'hour' },
  { emoji: '🚌', words: 'status.preset.commuting', end: 'half_hour' },
  { emoji: '🤒', words: 'status.preset.sick', end: 'today' },
  { emoji: '🌴', words: 'status.preset.holiday', end: 'never' },
]

const minutes: Partial<Record<End, number>> = { half_hour: 30, hour: 60, four_hours: 240 }

/** The moment of an end by the clock and the calendar of this device; null: not by itself. A week ends with its Sunday. */
export function endOf(end: End, now = new Date()): string | null {
  if (end === 'never') return null
  const span = minutes[end]
  if (span !== undefined) return new Date(now.getTime() + span * 60_000).toISOString()
  const days = end === 'today' ? 1 : ((7 - now.getDay()) % 7) + 1
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days).toISOString()
}
