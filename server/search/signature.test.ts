import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeLine } from './lines.ts'
import { signatureOf } from './signature.ts'

const texts = ['Das Café öffnet', '今天的会议很长', 'see https://example.com', '👩‍👩‍👧 family', 'नमस्ते दुनिया']
const lines = texts.map((content, i) => makeLine({ user_id: i + 1, content }))
const holds = (signature: string, part: string) =>
  Array.from(signatureOf([part])).every((bit, i) => bit === '0' || signature[i] === '1')

test('whatever stands in a line is in the signature of its pack: nothing is missed', () => {
  const signature = signatureOf(lines)
  for (const line of lines) {
    for (let from = 0; from < line.length; from++) {
      for (let to = from + 1; to <= line.length; to++) assert.ok(holds(signature, line.slice(from, to)))
    }
  }
})

test('most of what does not stand in it is not', () => {
  const signature = signatureOf(lines)
  const absent = ['kubernetes', 'zanzibar', '北京', 'привет', 'quarterly']
  assert.deepEqual(
    absent.filter((word) => holds(signature, word)),
    [],
  )
})

test('what is too short to say anything rules nothing out', () => {
  assert.ok(holds(signatureOf([]), 'ab'))
  assert.ok(holds(signatureOf([]), ''))
})
