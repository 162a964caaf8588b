import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fold } from '@grandchat/contracts/search/fold'
import { findTerm } from '@grandchat/contracts/search/query'
import { makeLine } from './lines.ts'
import { placesOf, signatureOf, type Sought } from './signature.ts'

const contents = [
  'Das Café öffnet',
  '今天的会议很长 and (so on)',
  'see https://example.com',
  '👩‍👩‍👧 family of three',
  'नमस्ते दुनिया',
  'x今 the_of привет мир',
]
const lines = contents.map((content, i) => makeLine({ user_id: i + 1, content }))
const signature = signatureOf(lines)

function mayHold(signature: string, sought: Sought): boolean {
  const bits = Buffer.from(signature.slice(1), 'hex')
  return placesOf(sought).every((place) => (bits[place >> 3]! & (0x80 >> (place & 7))) !== 0)
}

/** Every part of a text, of which what looks for it must not be ruled out. */
function* partsOf(text: string): Generator<string> {
  for (let from = 0; from < text.length; from++) {
    for (let to = from + 1; to <= text.length; to++) yield text.slice(from, to)
  }
}

test('whatever stands in a line is in the signature of its pack, with its author: nothing is missed', () => {
  for (const [i, content] of contents.entries()) {
    for (const part of partsOf(fold(content))) {
      assert.ok(mayHold(signature, { texts: [part] }), part)
      assert.ok(mayHold(signature, { texts: [part], authorId: i + 1 }), part)
    }
  }
})

test('every phrase that a line has, as a search finds it, is in the signature', () => {
  let phrases = 0
  for (const text of contents.map(fold)) {
    for (const part of partsOf(text)) {
      if (part.trim() !== part || findTerm(text, { text: part, isExact: true }).length === 0) continue
      phrases += part.includes(' ') ? 1 : 0
      assert.ok(mayHold(signature, { texts: [part], phrases: [part] }), part)
    }
  }
  assert.ok(phrases > 20, `${phrases} phrases`)
})

test('most of what does not stand in it is not', () => {
  const absent: Sought[] = [
    ...['kubernetes', 'zanzibar', '北京', 'привет всем', 'quarterly'].map((text) => ({ texts: [text] })),
    // There, but not together.
    { texts: ['of mir'], phrases: ['of mir'] },
    { texts: ['family'], authorId: 1 },
    { texts: ['family'], authorId: 77 },
  ]
  assert.deepEqual(
    absent.filter((sought) => mayHold(signature, sought)),
    [],
  )
})

test('what is too short to say anything rules nothing out', () => {
  assert.ok(mayHold(signatureOf([]), { texts: ['ab', ''], phrases: ['ab'] }))
})

test('a long text without a space takes no longer for each of its letters', () => {
  const long = signatureOf([makeLine({ user_id: 1, content: 'a'.repeat(200_000) })])
  assert.ok(mayHold(long, { texts: ['aaaaa'], authorId: 1 }))
})
