/** The unit that is looked for: a shorter repetition is sent again. As in Fossil itself. */
const blockSize = 16

/** Places of the base that are compared with one place of the target: a hostile base repeats one block everywhere. */
const maxCandidates = 16

/** A match of this length is taken without looking for a longer one. */
const longEnough = 1024

/** Blocks of the base that are looked at. Beyond them (16 MiB) only what begins or ends both payloads is found. */
const maxBlocks = 2 ** 20

/**
 * The difference between two payloads in the delta format of Fossil,
 * which makes `target` out of `base`. It takes time in proportion to the payloads, whatever is in them, and may be
 * longer than the target. With `isText`, and two payloads of valid UTF-8, no character is cut, so that the delta is
 * valid UTF-8, too: the JSON protocol carries it in a string.
 */
export function fossilDelta(base: Buffer, target: Buffer, { isText = false } = {}): Buffer {
  const delta = new Delta(target, isText)
  const begin = commonStart(base, target)
  const end = target.length - commonEnd(base, target, begin)
  delta.copy({ start: 0, end: begin, offset: 0 })
  copyBlocks(delta, base, target, begin, end)
  delta.copy({ start: end, end: target.length, offset: end + base.length - target.length })
  return delta.finish()
}

/** What the target has from `start` to `end`, the base has from `offset` on. */
type Match = { start: number; end: number; offset: number }

function commonStart(base: Buffer, target: Buffer): number {
  return matchForward(base, target, 0, 0, target.length)
}

function commonEnd(base: Buffer, target: Buffer, begin: number): number {
  const limit = Math.min(base.length, target.length) - begin
  return matchBackward(base, target, base.length, target.length, limit)
}

/** Slides a window of one block over the part of the target that has changed, and looks for it in the base. */
function copyBlocks(delta: Delta, base: Buffer, target: Buffer, from: number, to: number): void {
  if (to - from < blockSize || base.length < blockSize) return
  const blocks = new Blocks(base)
  let at = from
  let hash = hashOf(target, at)
  while (at + blockSize <= to) {
    const match = blocks.find(hash, target, at, to, delta.covered)
    if (match && delta.copy(match)) {
      at = Math.max(delta.covered, at + 1)
      hash = at + blockSize <= to ? hashOf(target, at) : 0
    } else {
      hash = roll(hash, target, at)
      at++
    }
  }
}

/** Where the base has which block, of those that begin at multiples of the block's size. */
class Blocks {
  readonly #base: Buffer
  /** Of each bucket the first block, then of each block the next one of its bucket; numbers from 1 on. */
  readonly #first: Int32Array
  readonly #next: Int32Array
  readonly #shift: number

  constructor(base: Buffer) {
    const count = Math.min(Math.floor(base.length / blockSize), maxBlocks)
    const bits = Math.max(4, Math.ceil(Math.log2(count + 1)))
    this.#base = base
    this.#first = new Int32Array(2 ** bits)
    this.#next = new Int32Array(count + 1)
    this.#shift = 32 - bits
    // From the last to the first, so that the search begins with the first: what repeats itself goes on longest there.
    for (let block = count; block > 0; block--) {
      const bucket = this.#bucketOf(hashOf(base, (block - 1) * blockSize))
      this.#next[block] = this.#first[bucket] ?? 0
      this.#first[bucket] = block
    }
  }

  /** The longest match around the block at `at`, between `min` and `max`. */
  find(hash: number, target: Buffer, at: number, max: number, min: number): Match | undefined {
    let best: Match | undefined
    let block = this.#first[this.#bucketOf(hash)] ?? 0
    for (let tries = 0; block > 0 && tries < maxCandidates; tries++) {
      const offset = (block - 1) * blockSize
      const length = matchForward(this.#base, target, offset, at, max)
      if (length >= blockSize) {
        const before = matchBackward(this.#base, target, offset, at, Math.min(offset, at - min))
        if (!best || length + before > best.end - best.start) {
          best = { start: at - before, end: at + length, offset: offset - before }
        }
        if (length >= longEnough) break
      }
      block = this.#next[block] ?? 0
    }
    return best
  }

  #bucketOf(hash: number): number {
    return Math.imul(hash, 0x9e37_79b1) >>> this.#shift
  }
}

/** Polynomial, so that it can be rolled on: the first byte of the block has the highest power. */
const factor = 0x0100_0193
const highestPower = Array.from({ length: blockSize - 1 }).reduce<number>((power) => Math.imul(power, factor), 1)

function hashOf(bytes: Buffer, at: number): number {
  let hash = 0
  for (let index = at; index < at + blockSize; index++) hash = (Math.imul(hash, factor) + byteAt(bytes, index)) | 0
  return hash
}

function roll(hash: number, bytes: Buffer, at: number): number {
  const rest = (hash - Math.imul(byteAt(bytes, at), highestPower)) | 0
  return (Math.imul(rest, factor) + byteAt(bytes, at + blockSize)) | 0
}

function matchForward(base: Buffer, target: Buffer, offset: number, at: number, max: number): number {
  const limit = Math.min(base.length - offset, max - at)
  let length = 0
  while (length < limit && base[offset + length] === target[at + length]) length++
  return length
}

function matchBackward(base: Buffer, target: Buffer, offset: number, at: number, limit: number): number {
  let length = 0
  while (length < limit && base[offset - length - 1] === target[at - length - 1]) length++
  return length
}

const byteAt = (bytes: Buffer, at: number) => bytes[at] ?? 0

/** The delta as it is written. What no copy covers becomes a literal. */
class Delta {
  readonly #target: Buffer
  readonly #isText: boolean
  readonly #bytes: Buffer
  #length = 0
  /** The target is in the delta up to here. */
  covered = 0

  constructor(target: Buffer, isText: boolean) {
    this.#target = target
    this.#isText = isText
    // No copy is written that is longer than the bytes in place of which it stands.
    this.#bytes = Buffer.allocUnsafe(target.length + 32)
    this.#int(target.length)
    this.#byte('\n')
  }

  /** False when the match is not worth a command. */
  copy(match: Match): boolean {
    const start = this.#isText ? this.#characterFrom(match.start, 1) : match.start
    const end = this.#isText ? this.#characterFrom(match.end, -1) : match.end
    const offset = match.offset + start - match.start
    const literalHeader = 1 + digitsOf(start - this.covered)
    if (end - start <= digitsOf(end - start) + digitsOf(offset) + 2 + literalHeader) return false
    this.#literal(start)
    this.#int(end - start)
    this.#byte('@')
    this.#int(offset)
    this.#byte(',')
    this.covered = end
    return true
  }

  finish(): Buffer {
    this.#literal(this.#target.length)
    this.#int(checksum(this.#target))
    this.#byte(';')
    return Buffer.from(this.#bytes.subarray(0, this.#length))
  }

  #literal(end: number): void {
    if (end === this.covered) return
    this.#int(end - this.covered)
    this.#byte(':')
    this.#length += this.#target.copy(this.#bytes, this.#length, this.covered, end)
  }

  /** The nearest place where a character begins or the text ends; it is at most three bytes away in valid UTF-8. */
  #characterFrom(at: number, step: 1 | -1): number {
    let place = at
    for (let steps = 0; steps < 3 && isInsideCharacter(this.#target, place); steps++) place += step
    return place
  }

  #int(value: number): void {
    for (let shift = 6 * (digitsOf(value) - 1); shift >= 0; shift -= 6) {
      this.#byte(digits.charAt((value >>> shift) & 63))
    }
  }

  #byte(character: string): void {
    this.#bytes[this.#length++] = character.charCodeAt(0)
  }
}

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~'

const digitsOf = (value: number) => Math.max(1, Math.ceil((32 - Math.clz32(value)) / 6))

const isInsideCharacter = (text: Buffer, at: number) => at < text.length && (byteAt(text, at) & 0xc0) === 0x80

/** The sum of all big-endian words of 32 bits, the last one filled up with zeros. */
function checksum(bytes: Buffer): number {
  const whole = bytes.length - (bytes.length % 4)
  let sum = 0
  for (let at = 0; at < whole; at += 4) sum = (sum + bytes.readInt32BE(at)) | 0
  for (let at = whole; at < bytes.length; at++) sum = (sum + (byteAt(bytes, at) << (8 * (3 - (at % 4))))) | 0
  return sum >>> 0
}
