import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testStack } from '../test-stack.ts'

const none = (reason: string) => () => Promise.reject(new Error(reason))

test('without Nginx the large shape fails with the reason, or it is said plainly that it was not run', async () => {
  const lines: string[] = []
  const stack = {
    centrifugo: none('Centrifugo cannot be had.'),
    redis: none('Nobody asks.'),
    files: [],
    largeShape: { files: ['no-such-file'], nginx: none('Nginx is needed.') },
    print: (line: string) => lines.push(line),
    isQuiet: true,
  }
  assert.deepEqual(await testStack({ ...stack, isWherePossible: true }), { passed: 0, failed: 0, skipped: 0 })
  assert.deepEqual(lines, [
    'Not run: the contract suite against real Centrifugo. Centrifugo cannot be had.',
    'Not run: the large shape. Nginx is needed.',
    '0 passed, 0 failed, 0 skipped',
  ])
  const withCentrifugo = { ...stack, files: ['no-such-file'], centrifugo: () => Promise.resolve('/no/such/program') }
  await assert.rejects(testStack({ ...withCentrifugo, isWherePossible: false }), /Nginx is needed|Nobody asks/)
})

test('with the hub in Centrifugo’s place that is said on a line of its own, and a failure counts', async () => {
  const lines: string[] = []
  const { failed } = await testStack({
    centrifugo: none('Centrifugo cannot be had.'),
    redis: none('Nobody asks.'),
    files: [],
    largeShape: { files: ['no-such-file'], nginx: () => Promise.resolve() },
    print: (line: string) => lines.push(line),
    isQuiet: true,
    isWherePossible: true,
  })
  assert.ok(failed > 0)
  assert.equal(lines[1], 'Centrifugo could not be had; the hub run alone stands in for it.')
  assert.match(lines[2] ?? '', /^stack, large shape with the hub in Centrifugo’s place on memory: 0 passed, 1 failed/)
})

test('without Java or Maven the part by CDC is said to be left out, and the rest counts', async () => {
  const lines: string[] = []
  const stack = {
    centrifugo: none('Centrifugo cannot be had.'),
    redis: none('Nobody asks.'),
    files: [],
    largeShape: {
      files: ['no-such-file'],
      nginx: () => Promise.resolve(),
      cdc: { files: ['no-such-file'], jars: none('Java is needed.') },
    },
    print: (line: string) => lines.push(line),
    isQuiet: true,
  }
  await testStack({ ...stack, isWherePossible: true })
  assert.ok(lines.includes('Not run: the large shape by CDC on memory. Java is needed.'))
  assert.equal(lines.filter((line) => line.startsWith('stack, large shape')).length, 1)
})
