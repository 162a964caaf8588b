import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fifo } from '../fifo.ts'
import { random } from './random.ts'

test('what is taken is the oldest, however pushes and takes follow each other', () => {
  const { below } = random(1)
  const fifo = new Fifo<number>()
  let expected: number[] = []
  for (let n = 0; n < 5000; n++) {
    const kind = below(100)
    if (kind === 0) {
      fifo.clear()
      expected = []
    } else if (kind < 60) {
      fifo.push(n)
      expected.push(n)
    } else {
      const count = below(4)
      assert.deepEqual(fifo.take(count), expected.splice(0, count))
    }
    assert.equal(fifo.length, expected.length)
  }
})
