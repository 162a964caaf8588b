import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WriteTimeout } from '../write-timeout.ts'

/** A stream and a clock that are moved by hand. */
function slowStream() {
  const stream = { writableLength: 0, writableNeedDrain: false }
  const waits: number[] = []
  let due: (() => void) | undefined
  let ended = false
  const timers = {
    after(seconds: number, run: () => void) {
      waits.push(seconds)
      due = run
      return { cancel: () => (due = undefined) }
    },
  }
  const timeout = new WriteTimeout(stream, timers, 1, () => (ended = true))
  const write = (bytes: number) => {
    stream.writableLength += bytes
    stream.writableNeedDrain = true
    timeout.wrote(bytes)
  }
  const take = (bytes: number) => {
    stream.writableLength -= bytes
    stream.writableNeedDrain = stream.writableLength > 0
  }
  const ring = () => {
    const run = due
    due = undefined
    run?.()
  }
  return { write, take, ring, waits, isRunning: () => due !== undefined, hasEnded: () => ended }
}

test('[LIM9] the more waits, the more time there is', () => {
  const { write, ring, waits, hasEnded } = slowStream()
  write(1000)
  assert.deepEqual([waits, hasEnded()], [[1], false])
  ring()
  assert.equal(hasEnded(), true)
  const large = slowStream()
  large.write(600_000)
  assert.deepEqual(large.waits, [10])
})

test('[LIM9] who takes something gets time for the rest, and who takes all is not watched', () => {
  const { write, take, ring, waits, isRunning, hasEnded } = slowStream()
  write(200_000)
  take(150_000)
  ring()
  assert.deepEqual([waits, hasEnded()], [[4, 1], false])
  take(50_000)
  ring()
  assert.deepEqual([isRunning(), hasEnded()], [false, false])
})
