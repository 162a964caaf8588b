import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sliceMember } from '../json-text.ts'
import { random } from './random.ts'

test('a member is found as JSON.parse would find it', () => {
  for (const [document, expected] of [
    ['{"a":{"b":1}}', '1'],
    [' { "a" : { "x" : "}" , "b" : [1, {"b":2}] } } ', '[1, {"b":2}]'],
    ['{"a":{"b":1},"a":{"b":2,"b":3}}', '3'],
    ['{"a":{"b":1},"a":{}}', undefined],
    ['{"\\u0061":{"b":"\\\\\\""}}', '"\\\\\\""'],
    ['{"a":[{"b":1}]}', undefined],
    ['{"a":7}', undefined],
    ['{}', undefined],
    ['{"a":{"b":[1,\r2]}}', '[1, 2]'],
  ] as const) {
    assert.equal(sliceMember(document, ['a', 'b']), expected, document)
  }
})

test('random documents give back their members', () => {
  const { below, pick } = random(1)
  const text = () => pick(['', 'a', 'b', '"', '\\', '}{][,:', 'п🦊', '\u2028', '\n\t', '\ud800'])
  const value = (depth: number): unknown => {
    const kind = below(depth > 4 ? 5 : 7)
    if (kind < 5) return [null, true, -1.5e-9, text(), 12][kind]
    const size = below(4)
    if (kind === 5) return Array.from({ length: size }, () => value(depth + 1))
    return Object.fromEntries(Array.from({ length: size }, () => [text(), value(depth + 1)]))
  }
  for (let n = 0; n < 3000; n++) {
    const document = { [text()]: value(0), a: { [text()]: value(0), b: value(0), [text()]: value(0) }, [text()]: 1 }
    const json = JSON.stringify(document, undefined, below(3))
    const expected = typeof document.a === 'object' ? document.a.b : undefined
    const slice = sliceMember(json, ['a', 'b'])
    assert.deepEqual(
      slice === undefined ? undefined : JSON.parse(slice),
      JSON.parse(JSON.stringify({ expected })).expected,
      json,
    )
  }
})
