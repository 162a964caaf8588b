import assert from 'node:assert/strict'
import { isUtf8 } from 'node:buffer'
import { test } from 'node:test'
import { Centrifuge } from 'centrifuge/build/protobuf'
import { fossilDelta } from '../fossil.ts'
import { random } from './random.ts'

type DeltaCodec = {
  applyDeltaIfNeeded(pub: { data: Uint8Array; delta: boolean }, base: Uint8Array): { newData: Uint8Array }
}

/** The SDK's own decoder: it throws when sizes or the checksum are wrong. */
const { _codec: sdk } = new Centrifuge('ws://localhost') as unknown as { _codec: DeltaCodec }
const apply = (base: Buffer, delta: Buffer) =>
  Buffer.from(sdk.applyDeltaIfNeeded({ data: delta, delta: true }, base).newData)

function check(base: Buffer, target: Buffer, isText: boolean): Buffer {
  const delta = fossilDelta(base, target, { isText })
  const label = `${base.toString('base64')} to ${target.toString('base64')}`.slice(0, 1000)
  assert.ok(apply(base, delta).equals(target), label)
  assert.ok(delta.length <= target.length + 32, label)
  if (isText) {
    assert.ok(isUtf8(delta), label)
    const asJson = JSON.parse(JSON.stringify(delta.toString())) as string
    assert.ok(apply(base, Buffer.from(asJson)).equals(target), label)
  }
  return delta
}

const texts: Record<string, string> = {
  'ASCII text': 'the quick brown fox jumps over the lazy dog 0123456789 {"a":[1,2,3],"b":"c"}',
  'Cyrillic text': 'съешь ещё этих мягких французских булок, да выпей же чаю',
  'Chinese text': '天地玄黃宇宙洪荒日月盈昃辰宿列張寒來暑往秋收冬藏',
  emoji: '😀👩‍👩‍👧‍👦🇩🇪🏳️‍🌈👍🏽❤️🔥💯🎉',
  'text of all kinds': 'aбв天😀é {"ключ":"値😀"}',
}

/** Text in which two payloads of one channel resemble each other: runs repeat, move, change and vanish. */
function edited(text: string, alphabet: string[], { below, pick }: ReturnType<typeof random>): string {
  let characters = Array.from(text)
  for (let edits = below(6); edits >= 0; edits--) {
    const at = below(characters.length + 1)
    const length = below(30)
    const fresh = Array.from({ length: below(20) }, () => pick(alphabet))
    const moved = characters.slice(at, at + length)
    const edit = below(4)
    if (edit === 0) characters.splice(at, length)
    else if (edit === 1) characters.splice(at, length, ...fresh)
    else if (edit === 2) characters.splice(at, 0, ...fresh)
    else characters = [...characters.slice(0, at), ...characters.slice(at + length), ...moved, ...moved]
  }
  return characters.join('')
}

for (const [name, sample] of Object.entries(texts)) {
  test(`a delta of ${name} makes the later payload and cuts no character`, () => {
    const seeded = random(sample.length)
    const alphabet = Array.from(sample)
    for (let round = 0; round < 400; round++) {
      const text = Array.from({ length: seeded.below(300) }, () => seeded.pick(alphabet)).join('')
      const base = Buffer.from(round % 3 === 0 ? sample.repeat(1 + seeded.below(4)) : text)
      const target = Buffer.from(edited(base.toString(), alphabet, seeded))
      check(base, target, true)
      check(base, target, false)
    }
  })
}

test('a delta of any bytes makes the later payload', () => {
  const { below } = random(1)
  for (let round = 0; round < 1000; round++) {
    const range = below(2) === 0 ? 256 : 3
    const base = Buffer.from(Array.from({ length: below(400) }, () => below(range)))
    const pieces = Array.from({ length: below(6) }, () => {
      const at = below(base.length + 1)
      const fresh = Buffer.from(Array.from({ length: below(20) }, () => below(range)))
      return below(3) === 0 ? fresh : base.subarray(at, at + below(100))
    })
    check(base, Buffer.concat(pieces), false)
  }
})

test('bytes that are no text make a good delta even if they are called text', () => {
  const { below } = random(2)
  for (let round = 0; round < 300; round++) {
    const base = Buffer.from(Array.from({ length: below(200) }, () => 0x80 + below(3)))
    const target = Buffer.concat([base.subarray(below(50)), base.subarray(0, below(100))])
    assert.ok(apply(base, fossilDelta(base, target, { isText: true })).equals(target))
  }
})

test('empty payloads have deltas', () => {
  const some = Buffer.from('{"text":"hello"}')
  const none = Buffer.alloc(0)
  assert.equal(check(none, none, true).toString(), '0\n0;')
  assert.equal(check(some, none, true).toString(), '0\n0;')
  assert.match(check(none, some, true).toString(), /^G\nG:\{"text":"hello"\}[^;]+;$/)
})

test('the delta of a large payload that did not change, or in one character alone, is tiny', () => {
  const words = 'щука и щи, 天地 and so on. '
  const base = Buffer.from(words.repeat(40_000))
  assert.ok(base.length > 1_000_000)
  assert.ok(check(base, base, true).length < 24)
  const text = base.toString()
  const changed = Buffer.from(`${text.slice(0, 500_000)}я${text.slice(500_001)}`)
  assert.ok(check(base, changed, true).length < 64)
})

test('a moved part is found', () => {
  const { below } = random(3)
  const noise = (length: number) => Buffer.from(Array.from({ length }, () => below(256)))
  const [head, first, second, tail] = [noise(500), noise(500), noise(500), noise(500)]
  const delta = check(Buffer.concat([head, first, second, tail]), Buffer.concat([head, second, first, tail]), false)
  assert.ok(delta.length < 100, String(delta.length))
})

test('a single change costs a few bytes, wherever it is', () => {
  const base = Buffer.from(JSON.stringify({ room: 'Общая', members: Array.from({ length: 30 }, (_, id) => ({ id })) }))
  const characters = Array.from(base.toString())
  for (let at = 0; at < characters.length; at++) {
    const target = Buffer.from(characters.with(at, 'ж').join(''))
    assert.ok(check(base, target, true).length < 30)
  }
})

test('payloads made to be slow are compared in a bounded number of steps', () => {
  // Every block of the base is the same but for its last byte, and so is every window of the target.
  const almost = (last: string) => Buffer.from(`${'a'.repeat(15)}${last}`.repeat(4096))
  check(almost('b'), almost('c'), true)
  check(Buffer.alloc(65_536, 'a'), Buffer.from(`b${'a'.repeat(40_000)}c${'a'.repeat(20_000)}b`), true)
  check(Buffer.from('я'.repeat(30_000)), Buffer.from(`b${'я'.repeat(15)}`.repeat(2000)), true)
})
