import { expect, test } from 'vitest'
import { localTime } from './local-time.ts'

const winter = new Date('2026-01-15T12:00:00Z')
const summer = new Date('2026-07-15T12:00:00Z')

test('the clock of another zone, and how far it is ahead or behind', () => {
  expect(localTime('Asia/Tokyo', winter, 'Europe/Berlin')).toMatchObject({ hoursAhead: 8 })
  expect(localTime('America/New_York', winter, 'Europe/Berlin')).toMatchObject({ hoursAhead: -6 })
  expect(localTime('Asia/Kolkata', winter, 'Europe/London')).toMatchObject({ hoursAhead: 5.5 })
  expect(localTime('Europe/Berlin', winter, 'Europe/Paris')).toMatchObject({ hoursAhead: 0 })
  expect(localTime('Asia/Tokyo', winter, 'Europe/Berlin')?.clock).toMatch(/^(21|0?9):00/)
})

test('summer counts where there is one', () => {
  expect(localTime('Asia/Tokyo', summer, 'Europe/Berlin')).toMatchObject({ hoursAhead: 7 })
})

test('a zone that this device does not know has no time', () => {
  expect(localTime('Europe/Atlantis', winter, 'Europe/Berlin')).toBeUndefined()
})
