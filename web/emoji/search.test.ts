import { beforeAll, expect, test } from 'vitest'
import { loadEmoji, withTone } from './emoji.ts'
import type { EmojiSet } from './emoji.ts'
import { recentEmoji, rememberEmoji } from './recent.ts'
import { searchEmoji } from './search.ts'
import { skinTone } from './skin-tone.ts'

let set: EmojiSet
beforeAll(async () => {
  set = await loadEmoji()
})

test.each([
  ['tada', '🎉'],
  ['+1', '👍️'],
  ['thumbsup', '👍️'],
  ['heart', '❤️'],
  ['sm', '😄'],
  ['white check mark', '✅️'],
  ['coffee', '☕️'],
])('%s finds %s first', (query, emoji) => {
  expect(searchEmoji(set.all, query, 5).map((found) => found.emoji.replace('\uFE0F', ''))[0]).toBe(
    emoji.replace('\uFE0F', ''),
  )
})

test('finds by other words for it, and nothing for nonsense and for nothing', () => {
  expect(searchEmoji(set.all, 'celebrat').some(({ emoji }) => emoji === '🎉')).toBe(true)
  expect(searchEmoji(set.all, 'qwxz')).toEqual([])
  expect(searchEmoji(set.all, '  ')).toEqual([])
  expect(searchEmoji(set.all, 'a', 3)).toHaveLength(3)
})

test('every shortcode is a word of its own kind and means one emoji', () => {
  expect(set.all.length).toBeGreaterThan(1_800)
  for (const { codes } of set.all) for (const code of codes) expect(code).toMatch(/^[a-z0-9_+-]+$/)
  expect(set.byCode.get('wave')?.emoji).toBe('👋')
})

test('a chosen skin tone holds for those that have one', () => {
  const wave = set.byCode.get('wave')
  const cat = set.byCode.get('cat')
  if (!wave || !cat) throw new Error('There is no wave or no cat')
  expect(withTone(wave)).toBe('👋')
  skinTone.set(5)
  expect([withTone(wave), withTone(cat)]).toEqual(['👋🏿', cat.emoji])
  skinTone.set(0)
})

test('remembers what was picked, the latest first and each once', () => {
  for (const emoji of ['🎉', '👍', '🎉', '😄']) rememberEmoji(emoji)
  expect(recentEmoji()).toEqual(['😄', '🎉', '👍'])
})
