import type { Picture } from './image.ts'

/**
 * The picture without what it says beside itself: where and when it was taken, by whom and with what; also without
 * anything behind its end. Undefined if it is cut short. Nothing is decoded; a JPEG that was to be turned by its EXIF no
 * longer is.
 */
export function withoutMetadata(bytes: Buffer, { mediaType }: Pick<Picture, 'mediaType'>): Buffer | undefined {
  try {
    return Buffer.concat([...parts[mediaType](bytes)])
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

const parts: Record<Picture['mediaType'], (bytes: Buffer) => Iterable<Buffer>> = {
  'image/png': partsOfPng,
  'image/jpeg': partsOfJpeg,
  'image/webp': partsOfWebp,
}

const pngTexts = new Set(['tEXt', 'zTXt', 'iTXt', 'eXIf', 'tIME'])

function* partsOfPng(bytes: Buffer): Generator<Buffer> {
  yield bytes.subarray(0, 8)
  for (let at = 8, type = ''; type !== 'IEND';) {
    type = bytes.toString('latin1', at + 4, at + 8)
    const end = at + 12 + bytes.readUInt32BE(at)
    if (!pngTexts.has(type)) yield cut(bytes, at, end)
    at = end
  }
}

/** APP1 holds EXIF and XMP, APP13 what agencies write, COM comments. Behind the start of scan (SOS) all is picture. */
const jpegTexts = new Set([0xffe1, 0xffed, 0xfffe])

function* partsOfJpeg(bytes: Buffer): Generator<Buffer> {
  yield bytes.subarray(0, 2)
  for (let at = 2; ;) {
    const marker = bytes.readUInt16BE(at)
    if (marker === 0xffda) return yield bytes.subarray(at)
    const end = at + 2 + bytes.readUInt16BE(at + 2)
    if (!jpegTexts.has(marker)) yield cut(bytes, at, end)
    at = end
  }
}

const webpTexts = new Set(['EXIF', 'XMP '])
/** In the flags of VP8X: that there is EXIF, and XMP. */
const webpTextFlags = 0x08 | 0x04

function* partsOfWebp(bytes: Buffer): Generator<Buffer> {
  const chunks = Buffer.concat([...chunksOfWebp(bytes)])
  const head = Buffer.from(bytes.subarray(0, 12))
  head.writeUInt32LE(4 + chunks.length, 4)
  yield head
  yield chunks
}

/** Chunks of odd length are padded; the last one may do without. */
function* chunksOfWebp(bytes: Buffer): Generator<Buffer> {
  const size = Math.min(bytes.readUInt32LE(4) + 8, bytes.length)
  for (let at = 12; at < size;) {
    const type = bytes.toString('latin1', at, at + 4)
    const length = bytes.readUInt32LE(at + 4)
    const end = Math.min(at + 8 + length + (length % 2), size)
    if (!webpTexts.has(type)) {
      const chunk = Buffer.from(cut(bytes, at, end))
      if (type === 'VP8X') chunk.writeUInt8(chunk.readUInt8(8) & ~webpTextFlags, 8)
      yield chunk
    }
    at = end
  }
}

function cut(bytes: Buffer, from: number, to: number): Buffer {
  if (to > bytes.length) throw new RangeError('cut short')
  return bytes.subarray(from, to)
}
