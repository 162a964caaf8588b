import type { Language } from './languages.ts'
import { say, spokenLanguage } from './words.ts'

/**
 * Times are written in the language of our words; the order of day and month and the clock (24 hours or am/pm) are the
 * viewer's own, as far as they prefer some kind of that language.
 */
export function timeLocale(): string {
  return ownLocale(typeof navigator === 'undefined' ? [] : navigator.languages, spokenLanguage())
}

export function ownLocale(preferred: readonly string[], language: Language = 'en'): string {
  const own = preferred.find((tag) => tag.split('-')[0]?.toLowerCase() === language)
  const first = preferred[0]
  const clock = own !== undefined || first === undefined ? '' : `-hc-${usesTwelveHours(first) ? 'h12' : 'h23'}`
  // Days are counted by one calendar for all, and written with the digits of the other numbers.
  const arabic = language === 'ar' ? '-ca-gregory-nu-latn' : ''
  const extension = arabic.slice(0, 11) + clock + arabic.slice(11)
  const base = own?.split('-u-')[0] ?? language
  return extension === '' ? (own ?? language) : `${base}-u${extension}`
}

/** "09:05" by the 24-hour clock, "9:05 AM" by the other. */
function hourStyle(): 'numeric' | '2-digit' {
  return usesTwelveHours(timeLocale()) ? 'numeric' : '2-digit'
}

function usesTwelveHours(language: string): boolean {
  return new Intl.DateTimeFormat(language, { hour: 'numeric' }).resolvedOptions().hour12 === true
}

const formats = {
  clock: { minute: '2-digit' },
  weekday: { weekday: 'short' },
  shortDate: { day: 'numeric', month: 'short' },
  shortDateYear: { day: 'numeric', month: 'short', year: 'numeric' },
  longDay: { weekday: 'long', day: 'numeric', month: 'long' },
  longDayYear: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
  date: { dateStyle: 'long' },
  exact: { dateStyle: 'full', timeStyle: 'medium' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>

const made = new Map<string, Intl.DateTimeFormat>()

function format(name: keyof typeof formats): Intl.DateTimeFormat {
  const key = `${spokenLanguage()} ${name}`
  const known = made.get(key)
  if (known) return known
  const options = name === 'clock' ? { ...formats.clock, hour: hourStyle() } : formats[name]
  const fresh = new Intl.DateTimeFormat(timeLocale(), options)
  made.set(key, fresh)
  return fresh
}

/** The calendar day in the viewer's zone, as a number that grows by one per day. */
export function dayOf(time: string | Date): number {
  const date = new Date(time)
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000)
}

/** "14:05" today, "Tue 14:05" within a week, "3 Mar, 14:05" before. */
export function sayTime(time: string, now = new Date()): string {
  const date = new Date(time)
  const age = dayOf(now) - dayOf(date)
  if (age === 0) return format('clock').format(date)
  if (age > 0 && age < 7) return `${format('weekday').format(date)} ${format('clock').format(date)}`
  return `${sayDate(date, now)}, ${format('clock').format(date)}`
}

/** As `sayTime` where room is scarce: "14:05", "Tue", "3 Mar". */
export function sayTimeShort(time: string, now = new Date()): string {
  const date = new Date(time)
  const age = dayOf(now) - dayOf(date)
  if (age === 0) return format('clock').format(date)
  if (age > 0 && age < 7) return format('weekday').format(date)
  return sayDate(date, now)
}

/** The clock alone, without am/pm: for the gutter, where the messages around it tell the half of the day. */
export function sayClockInGutter(time: string): string {
  const parts = format('clock').formatToParts(new Date(time))
  return parts
    .filter((part) => part.type !== 'dayPeriod')
    .map((part) => part.value)
    .join('')
    .trim()
}

/** As "Europe/Berlin". */
export function ownTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone
}

export function sayClock(time: string | Date): string {
  return format('clock').format(new Date(time))
}

export function sayExactTime(time: string): string {
  return format('exact').format(new Date(time))
}

export function sayLongDate(time: string): string {
  return format('date').format(new Date(time))
}

/** "Today", "Yesterday", "Tuesday, 3 March": the words of a day separator. */
export function sayDay(time: string, now = new Date()): string {
  const date = new Date(time)
  const age = dayOf(now) - dayOf(date)
  if (age === 0) return say('time.today')
  if (age === 1) return say('time.yesterday')
  return format(date.getFullYear() === now.getFullYear() ? 'longDay' : 'longDayYear').format(date)
}

function sayDate(date: Date, now: Date): string {
  return format(date.getFullYear() === now.getFullYear() ? 'shortDate' : 'shortDateYear').format(date)
}
