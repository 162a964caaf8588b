import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createStream } from './stream.ts'

test('a stream follows versions in any order and knows when some are missing', () => {
  const stream = createStream()
  stream.reach(3)
  assert.deepEqual([stream.arrive(3), stream.arrive(6), stream.hasGap, stream.version], [false, true, true, 3])
  assert.deepEqual([stream.arrive(4), stream.version, stream.hasGap], [true, 4, true])
  assert.deepEqual([stream.arrive(5), stream.version, stream.hasGap], [true, 6, false])
})

test('an answer closes the gaps below it', () => {
  const stream = createStream()
  for (const version of [3, 6, 8]) stream.arrive(version)
  stream.reach(5)
  assert.deepEqual([stream.version, stream.hasGap], [6, true])
  stream.reach(9)
  assert.deepEqual([stream.version, stream.hasGap], [9, false])
  stream.reach(2)
  assert.equal(stream.version, 9)
})
