import { expect, test } from 'vitest'
import { dayOf, ownLocale, sayDay, sayTime, sayTimeShort } from './times.ts'

const now = new Date(2026, 10, 22, 18, 0)
const at = (...parts: [number, number, number, number, number]) => new Date(...parts).toISOString().replace('Z', '000Z')
const plain = (text: string) => text.replaceAll(/\s/g, ' ')

test('times say the clock today, the weekday this week and the date before', () => {
  expect(plain(sayTime(at(2026, 10, 22, 14, 5), now))).toMatch(/^(14:05|2:05 PM)$/)
  expect(plain(sayTime(at(2026, 10, 17, 14, 5), now))).toMatch(/^Tue (14:05|2:05 PM)$/)
  expect(plain(sayTime(at(2026, 10, 15, 14, 5), now))).toMatch(/^(15 Nov|Nov 15), /)
  expect(plain(sayTime(at(2025, 10, 15, 14, 5), now))).toContain('2025')
})

test('the list says less', () => {
  expect(sayTimeShort(at(2026, 10, 17, 14, 5), now)).toBe('Tue')
  expect(sayTimeShort(at(2026, 8, 1, 14, 5), now)).toMatch(/^(1 Sept?|Sep 1)$/)
})

test('day separators name today and yesterday', () => {
  expect(sayDay(at(2026, 10, 22, 0, 0), now)).toBe('Today')
  expect(sayDay(at(2026, 10, 21, 23, 59), now)).toBe('Yesterday')
  expect(sayDay(at(2026, 10, 3, 9, 0), now)).toContain('Tuesday')
})

test('days are calendar days of the viewer, also where clocks change', () => {
  expect(dayOf(new Date(2026, 2, 30, 0, 30)) - dayOf(new Date(2026, 2, 28, 23, 30))).toBe(2)
})

test('Arabic days are those of the calendar of all, in the digits of the keyboard', () => {
  expect(ownLocale(['ar-SA'], 'ar')).toBe('ar-SA-u-ca-gregory-nu-latn')
  const locale = ownLocale(['en-GB'], 'ar')
  const options = new Intl.DateTimeFormat(locale, { hour: 'numeric' }).resolvedOptions()
  expect([options.calendar, options.numberingSystem, options.hourCycle]).toEqual(['gregory', 'latn', 'h23'])
})

test('words stay English while the clock is the viewer’s', () => {
  expect(ownLocale(['de-DE', 'en-GB'])).toBe('en-GB')
  expect(ownLocale(['de-DE'])).toBe('en-u-hc-h23')
  expect(ownLocale([])).toBe('en')
  expect(ownLocale(['de-AT', 'en'], 'de')).toBe('de-AT')
  expect(ownLocale(['en-US'], 'de')).toBe('de-u-hc-h12')
})
