import { expect, test } from 'vitest'
import { endOf } from './status-choices.ts'

const wednesday = new Date(2026, 10, 18, 14, 30)
const local = (time: string | null) => (time === null ? null : new Date(time).toString().slice(0, 21))

test('a status ends after a while, at midnight, after Sunday, or not by itself', () => {
  expect(endOf('never', wednesday)).toBeNull()
  expect(local(endOf('half_hour', wednesday))).toBe('Wed Nov 18 2026 15:00')
  expect(local(endOf('hour', wednesday))).toBe('Wed Nov 18 2026 15:30')
  expect(local(endOf('today', wednesday))).toBe('Thu Nov 19 2026 00:00')
  expect(local(endOf('week', wednesday))).toBe('Mon Nov 23 2026 00:00')
  expect(local(endOf('week', new Date(2026, 10, 22, 23, 59)))).toBe('Mon Nov 23 2026 00:00')
})
