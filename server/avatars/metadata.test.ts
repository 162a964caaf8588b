import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readPicture } from './image.ts'
import { withoutMetadata } from './metadata.ts'

const secret = Buffer.from('GPS 52.5200 N, 13.4050 E')
const u32 = (n: number, isLittle = false) => {
  const bytes = Buffer.alloc(4)
  if (isLittle) bytes.writeUInt32LE(n)
  else bytes.writeUInt32BE(n)
  return bytes
}

function png(...texts: string[]): Buffer {
  const chunk = (type: string, data: Buffer) => Buffer.concat([u32(data.length), Buffer.from(type), data, u32(0)])
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', Buffer.concat([u32(8), u32(8), Buffer.from([8, 6, 0, 0, 0])])),
    ...texts.map((type) => chunk(type, secret)),
    chunk('IDAT', Buffer.from('pixels')),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function jpeg(...texts: number[]): Buffer {
  const segment = (marker: number, data: Buffer) =>
    Buffer.concat([Buffer.from([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255]), data])
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, Buffer.from('JFIF')),
    ...texts.map((marker) => segment(marker, secret)),
    segment(0xc0, Buffer.from([8, 0, 8, 0, 8, 1, 1, 17, 0])),
    segment(0xda, Buffer.from('scan')),
    Buffer.from('pixels'),
    Buffer.from([0xff, 0xd9]),
  ])
}

function webp(flags: number, ...texts: string[]): Buffer {
  const chunk = (type: string, data: Buffer) =>
    Buffer.concat([Buffer.from(type), u32(data.length, true), data, Buffer.alloc(data.length % 2)])
  const body = Buffer.concat([
    Buffer.from('WEBP'),
    chunk('VP8X', Buffer.from([flags, 0, 0, 0, 7, 0, 0, 7, 0, 0])),
    chunk('VP8 ', Buffer.from('pixel')),
    ...texts.map((type) => chunk(type, secret)),
  ])
  return Buffer.concat([Buffer.from('RIFF'), u32(body.length, true), body])
}

const cases = {
  png: [png('eXIf', 'tEXt', 'zTXt', 'iTXt', 'tIME'), png()],
  jpeg: [jpeg(0xe1, 0xed, 0xfe), jpeg()],
  webp: [webp(0x0c, 'EXIF', 'XMP '), webp(0)],
} as const

for (const [what, [full, bare]] of Object.entries(cases)) {
  test(`a ${what} keeps its picture and nothing of what is said beside it`, () => {
    const picture = readPicture(full)
    assert.ok(picture)
    const cleaned = withoutMetadata(full, picture)
    assert.deepEqual(cleaned, bare)
    assert.deepEqual(withoutMetadata(bare, picture), bare)
    assert.deepEqual(readPicture(bare), picture)
  })

  test(`a ${what} that is cut short is none, wherever it ends`, () => {
    const picture = readPicture(full)!
    for (let end = 12; end < full.length; end++) {
      const cleaned = withoutMetadata(full.subarray(0, end), picture)
      assert.ok(cleaned === undefined || !cleaned.includes(secret))
    }
  })
}

test('what stands behind the end of a png goes', () => {
  const picture = readPicture(png())!
  assert.deepEqual(withoutMetadata(Buffer.concat([png(), secret]), picture), png())
})
