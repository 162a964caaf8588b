import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countMistakes, findNearest } from './nearest.ts'

test('mistakes are letters left out, added, wrong and swapped', () => {
  const counts: [string, string, number][] = [
    ['the', 'the', 0],
    ['teh', 'the', 1],
    ['th', 'the', 1],
    ['thee', 'the', 1],
    ['tha', 'the', 1],
    ['kuberentes', 'kubernetes', 1],
    ['kubrentes', 'kubernetes', 2],
  ]
  for (const [a, b, count] of counts) assert.equal(countMistakes(a, b, 3), count, `${a} ${b}`)
  assert.equal(countMistakes('abcdef', 'uvwxyz', 2), 3, 'stops counting')
})

test('the nearest word wins, then the one with the same beginning, then the one most used', () => {
  const words: [string, number][] = [
    ['meat', 9],
    ['beet', 50],
    ['meets', 1],
    ['elsewhere', 100],
  ]
  assert.equal(findNearest('meet', words), 'meat')
  assert.equal(findNearest('xyz', words), undefined)
  assert.equal(findNearest('elsehwree', words), 'elsewhere')
})
