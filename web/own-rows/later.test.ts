import { expect, test } from 'vitest'
import { inOneHour, mondayMorning, toField, tomorrowMorning } from './later.ts'

test('an hour from now stands on a whole minute', () => {
  expect(toField(inOneHour(new Date(2026, 10, 22, 23, 30, 45)))).toBe('2026-11-23T00:30')
})

test('mornings are in the viewer’s own zone, over the ends of months and years', () => {
  expect(toField(tomorrowMorning(new Date(2026, 11, 31, 14)))).toBe('2027-01-01T09:00')
  expect(toField(mondayMorning(new Date(2026, 10, 22, 14)))).toBe('2026-11-23T09:00')
  expect(toField(mondayMorning(new Date(2026, 10, 23, 8)))).toBe('2026-11-30T09:00')
})
