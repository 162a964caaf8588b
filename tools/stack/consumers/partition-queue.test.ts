import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { PartitionQueue } from './partition-queue.ts'

test('items are worked on in order by one at a time, whenever they come', async () => {
  const done: number[] = []
  let atWork = 0
  const queue = new PartitionQueue<number>(async (items) => {
    assert.equal(++atWork, 1)
    for (const item of items) {
      // Now and then at once, now and then later: the end of a run must not miss who comes then.
      if (item % 3 > 0) await turn()
      done.push(item)
    }
    atWork--
    return true
  })
  for (let n = 0; n < 300; n++) {
    queue.push(n)
    if (n % 7 === 0) await Promise.resolve()
    if (n % 11 === 0) await turn()
    if (n % 50 === 0) await queue.settled()
  }
  await queue.settled()
  assert.deepEqual(
    done,
    Array.from({ length: 300 }, (_, n) => n),
  )
})

test('once told not to go on, it does not', async () => {
  const seen: number[] = []
  const queue = new PartitionQueue<number>(async (items) => {
    seen.push(...items)
    return false
  })
  queue.push(1)
  await queue.settled()
  queue.push(2)
  await queue.settled()
  assert.deepEqual(seen, [1])
})
