import { expect, test } from 'vitest'
import { errorCodes } from '@grandchat/contracts/errors'
import { enErrors } from './en.ts'
import { formatMessage } from './message.ts'
import { problemOf, say, sayProblem } from './words.ts'

test('plurals follow the language', () => {
  expect(say('rooms.members', { count: 1 })).toBe('1 member')
  expect(say('rooms.members', { count: 1_204 })).toBe('1,204 members')
  expect(say('discover.count', { count: 0 })).toBe('No rooms found')
})

test('values are filled in as they are, whatever they hold', () => {
  expect(say('rooms.preview', { name: '{text}', text: '$& {name} <b>' })).toBe('{text}: $& {name} <b>')
})

test('forms of a plural are chosen by exact count, then by rule, then by default', () => {
  const text = '{n, plural, =0 {none} one {# cat} other {# cats}}'
  expect([0, 1, 5].map((n) => formatMessage('en', text, { n }))).toEqual(['none', '1 cat', '5 cats'])
  expect(formatMessage('pl', '{n, plural, few {# koty} other {# kotów}}', { n: 3 })).toBe('3 koty')
})

test('every error code has words of its own', () => {
  for (const code of errorCodes) expect(enErrors[code]).toMatch(/\.$/)
  expect(new Set(Object.values(enErrors)).size).toBe(Object.keys(enErrors).length)
})

test('a refusal becomes a sentence for the form and one for each field', () => {
  const error = Object.assign(new Error('x'), { code: 'invalid_input', fields: { username: 'use at least 2 letters' } })
  expect(problemOf(error)).toEqual({
    text: 'The server does not accept this.',
    fields: { username: 'Use at least 2 letters.' },
  })
  expect(problemOf('nonsense').text).toBe(enErrors.unknown)
  expect(sayProblem('is empty')).toBe('This must not be empty.')
})
