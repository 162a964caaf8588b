import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Rounds } from './rounds.ts'

const never = 2 ** 30

/** Looks that last until they are let go, each answering when to look again. */
function stage(pauses: (number | Error)[]) {
  const begun: (() => void)[] = []
  const errors: unknown[] = []
  const rounds = new Rounds({
    look: () =>
      new Promise((resolve, reject) => {
        const pause = pauses.shift() ?? never
        begun.push(() => (typeof pause === 'number' ? resolve(pause) : reject(pause)))
      }),
    pauseMs: never,
    onError: (error) => errors.push(error),
  })
  return { rounds, begun, errors }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('whoever wakes while a look is under way gets one more, however often', async () => {
  const { rounds, begun } = stage([])
  rounds.wake()
  rounds.wake()
  rounds.wake()
  assert.equal(begun.length, 1)
  begun[0]!()
  await turn()
  assert.equal(begun.length, 2)
  begun[1]!()
  await rounds.stop()
  assert.equal(begun.length, 2)
})

test('a look that left work is followed by another at once', async () => {
  const { rounds, begun } = stage([0])
  rounds.wake()
  begun[0]!()
  await turn()
  assert.equal(begun.length, 2)
  begun[1]!()
  await rounds.stop()
})

test('a look that fails is told of, and the next one comes', async () => {
  const { rounds, begun, errors } = stage([new Error('away')])
  rounds.wake()
  begun[0]!()
  await turn()
  assert.match(String(errors[0]), /away/)
  rounds.wake()
  assert.equal(begun.length, 2)
  begun[1]!()
  await rounds.stop()
})

test('once stopped nothing is looked for, and stopping waits for the look under way', async () => {
  const { rounds, begun } = stage([0])
  rounds.wake()
  let isStopped = false
  const stopping = rounds.stop().then(() => (isStopped = true))
  await turn()
  assert.equal(isStopped, false)
  begun[0]!()
  await stopping
  rounds.wake()
  assert.equal(begun.length, 1)
})
