import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { mutants } from './mutants/index.ts'

/** Most of the time is spent waiting for something not to come. */
const concurrency = 6

describe('planted bugs', { concurrency }, () => {
  for (const { id, title, expected, run } of mutants) {
    test(`${id} without the bug the same course of events is valid: ${title}`, async () => {
      const { offences } = await run(false)
      assert.deepEqual(offences, [])
    })

    test(`${id} is found: ${title}`, async () => {
      const { isValid, counts, offences } = await run(true)
      assert.equal(isValid, false)
      assert.ok(counts[expected] > 0, JSON.stringify(offences, null, 1))
    })
  }
})
