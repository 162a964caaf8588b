import { expect, test } from 'vitest'
import { fit, fitting } from './fuzzy.ts'

test('what begins so comes before what holds it, and letters in order come last', () => {
  const names = ['Old design', 'Undesigned', 'Design', 'Dear essential signs', 'Movies']
  expect(fitting(names, 'design', (name) => name)).toEqual([
    'Design',
    'Old design',
    'Undesigned',
    'Dear essential signs',
  ])
})

test('accents and case do not matter, and the shorter name wins', () => {
  expect(fitting(['Café Central', 'CAFÉ'], 'cafe', (name) => name)).toEqual(['CAFÉ', 'Café Central'])
})

test('letters that are not there in this order do not fit', () => {
  expect(fit('General', 'lareneg')).toBeUndefined()
  expect(fit('General', 'nrl')).toBeUndefined()
  expect(fit('General', 'gnl')).toBeGreaterThan(0)
})

test('nothing typed fits everything', () => {
  expect(fitting(['b', 'a'], ' ', (name) => name)).toEqual(['b', 'a'])
})
