import { expect, test } from 'vitest'
import type { SystemLine } from '@grandchat/contracts/messages/schema'
import { person } from '../testing/people.ts'
import { isCut, isSameRun, sayRun } from './system-line.ts'

const did = (username: string, system: SystemLine | null, content = 'x') => ({
  user: person(username),
  system,
  content,
})
const words = (...lines: ReturnType<typeof did>[]) => sayRun(lines, 2).before

test.each<[SystemLine, string]>([
  [{ type: 'created' }, 'sam created the room.'],
  [{ type: 'joined' }, 'sam joined the room.'],
  [{ type: 'left' }, 'sam left the room.'],
  [{ type: 'added', user: person('maya') }, 'sam added Maya Okafor.'],
  [{ type: 'removed', user: person('maya') }, 'sam removed Maya Okafor.'],
  [{ type: 'renamed', name: 'plans' }, 'sam renamed the room to “plans”.'],
  [{ type: 'topic', topic: 'Ships on Friday' }, 'sam changed the topic to “Ships on Friday”.'],
  [{ type: 'topic', topic: '' }, 'sam removed the topic.'],
  [{ type: 'archived' }, 'sam archived the room. Nobody can write here now.'],
  [{ type: 'restored' }, 'sam restored the room.'],
])('%o is told in words', (system, sentence) => {
  expect(words(did('sam', system))).toBe(sentence)
})

test('the line of a pin leads to the message', () => {
  expect(sayRun([did('sam', { type: 'pinned', message_id: 7 })], 2)).toEqual({
    before: 'sam pinned ',
    link: { text: 'a message', messageId: 7 },
    after: '.',
  })
})

test('lines of an earlier version, and of a later one, keep the words they came with', () => {
  expect(words(did('sam', null, 'joined'))).toBe('sam joined the room.')
  expect(words(did('sam', null, 'did something new'))).toBe('sam did something new')
})

test('of many who came, two are named', () => {
  const all = ['sam', 'maya', 'jonas', 'priya', 'elena'].map((name) => did(name, { type: 'joined' }))
  expect(words(...all)).toBe('sam, Maya Okafor and 3 others joined the room.')
  expect(isCut(all, 2)).toBe(true)
  expect(sayRun(all, Infinity).before).toBe(
    'sam, Maya Okafor, Jonas Lindqvist, Priya Raman and Elena Petrova joined the room.',
  )
  expect(words(...all.slice(0, 3))).toBe('sam, Maya Okafor and Jonas Lindqvist joined the room.')
  expect(isCut(all.slice(0, 3), 2)).toBe(false)
})

test('who came and went, or went and came back, is told so once', () => {
  const joined = (name: string) => did(name, { type: 'joined' })
  const left = (name: string) => did(name, { type: 'left' })
  expect(words(joined('sam'), joined('maya'), left('sam'))).toBe(
    'sam joined and left the room. Maya Okafor joined the room.',
  )
  expect(words(left('sam'), joined('sam'))).toBe('sam left the room and came back.')
})

test('whom one person added is one line; what two people did is two', () => {
  const added = (by: string, name: string) => did(by, { type: 'added', user: person(name) })
  expect(words(added('sam', 'maya'), added('sam', 'jonas'))).toBe('sam added Maya Okafor and Jonas Lindqvist.')
  expect(isSameRun(added('sam', 'maya'), added('sam', 'jonas'))).toBe(true)
  expect(isSameRun(added('sam', 'maya'), added('elena', 'jonas'))).toBe(false)
  expect(isSameRun(did('sam', { type: 'joined' }), added('sam', 'jonas'))).toBe(false)
  expect(isSameRun(did('sam', { type: 'created' }), did('sam', { type: 'joined' }))).toBe(false)
})
