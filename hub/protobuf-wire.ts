import { isUtf8 } from 'node:buffer'

/**
 * The wire format of Protocol Buffers, as much of it as the client protocol has. It is written here and not taken from
 * the SDK's library because that one passes over strings that end too early, reads 64 bits as objects and cannot put
 * together what is encoded already.
 */

/** Levels of messages in messages. Filters by tags alone go deep, and theirs are bounded again. */
const maxDepth = 64

type Scalar = 'string' | 'bytes' | 'bool' | 'uint32' | 'int32' | 'uint64' | 'int64'

/** A function gives the type of a message: types name each other. */
export type Field = { number: number; kind: Scalar | (() => MessageType); form?: 'list' | 'map' }

const varint = 0
const fixed64 = 1
const delimited = 2
const fixed32 = 5

export class MalformedMessage extends Error {}

/** The fields of a message that are read; others are skipped. */
export class MessageType {
  readonly #fields = new Map<number, { name: string; field: Field }>()

  constructor(fields: Record<string, Field>) {
    for (const [name, field] of Object.entries(fields)) this.#fields.set(field.number, { name, field })
  }

  /** An object of what is there, maps as `Map`. Bytes are copies. Throws `MalformedMessage`. */
  read(bytes: Buffer, depth = maxDepth, message: Record<string, unknown> = {}): Record<string, unknown> {
    if (depth === 0) throw new MalformedMessage()
    const reader = new WireReader(bytes)
    while (!reader.isAtEnd) {
      const { number, wireType } = reader.tag()
      const known = this.#fields.get(number)
      if (known) set(message, known.name, known.field, reader, wireType, depth)
      else reader.skip(wireType)
    }
    return message
  }
}

function set(
  message: Record<string, unknown>,
  name: string,
  { kind, form }: Field,
  reader: WireReader,
  wireType: number,
  depth: number,
): void {
  const before = message[name]
  const isVarint = kind !== 'string' && kind !== 'bytes' && typeof kind === 'string'
  if (wireType !== (isVarint ? varint : delimited)) throw new MalformedMessage()
  if (typeof kind === 'string') {
    const value = scalars[kind](reader)
    message[name] = form === 'list' ? append(before, value) : value
  } else if (form === 'map') {
    const { key = '', value = {} } = kind().read(reader.slice(), depth - 1)
    message[name] = (before instanceof Map ? before : new Map()).set(key, value)
  } else if (form === 'list') {
    message[name] = append(before, kind().read(reader.slice(), depth - 1))
  } else {
    // What comes again is merged.
    message[name] = kind().read(reader.slice(), depth - 1, before as Record<string, unknown> | undefined)
  }
}

function append(list: unknown, value: unknown): unknown[] {
  const values: unknown[] = Array.isArray(list) ? list : []
  values.push(value)
  return values
}

const scalars: { [S in Scalar]: (reader: WireReader) => unknown } = {
  string: (reader) => reader.string(),
  bytes: (reader) => Buffer.from(reader.slice()),
  bool: (reader) => reader.varint() !== 0,
  uint32: (reader) => reader.varint() % 2 ** 32,
  int32: (reader) => reader.varint() && reader.low,
  uint64: (reader) => reader.varint(),
  int64: (reader) => reader.varint() && reader.high * 2 ** 32 + (reader.low >>> 0),
}

export class WireReader {
  readonly #bytes: Buffer
  #at = 0
  /** The two halves of the last number, with the sign that it would have. */
  low = 0
  high = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  tag(): { number: number; wireType: number } {
    const tag = this.varint()
    const number = tag >>> 3
    if (number === 0 || tag > 0xffff_ffff) throw new MalformedMessage()
    return { number, wireType: tag & 7 }
  }

  /** Up to 64 bits without a sign: from 2^53 on about the number that it is. */
  varint(): number {
    this.low = this.high = 0
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#bytes[this.#at++]
      if (byte === undefined) break
      const bits = byte & 0x7f
      if (shift < 32) this.low |= bits << shift
      if (shift === 28) this.high = bits >>> 4
      if (shift > 28) this.high |= bits << (shift - 32)
      if (byte < 0x80) return (this.high >>> 0) * 2 ** 32 + (this.low >>> 0)
    }
    throw new MalformedMessage()
  }

  /** What stands after its length. */
  slice(): Buffer {
    const end = this.varint() + this.#at
    if (end > this.#bytes.length) throw new MalformedMessage()
    const slice = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return slice
  }

  string(): string {
    const bytes = this.slice()
    if (!isUtf8(bytes)) throw new MalformedMessage()
    return bytes.toString()
  }

  /** Groups are no part of the protocol's syntax any more. */
  skip(wireType: number): void {
    if (wireType === varint) this.varint()
    else if (wireType === delimited) this.slice()
    else if (wireType === fixed32) this.#at += 4
    else if (wireType === fixed64) this.#at += 8
    else throw new MalformedMessage()
    if (this.#at > this.#bytes.length) throw new MalformedMessage()
  }
}

/** Fields are left out when they are zero, false, empty or absent. */
export class WireWriter {
  #bytes = Buffer.allocUnsafe(256)
  #length = 0

  /** Not negative. */
  number(field: number, value: number | undefined): void {
    if (!value) return
    this.#tag(field, varint)
    this.#varint(value)
  }

  flag(field: number, value: boolean | undefined): void {
    this.number(field, value ? 1 : 0)
  }

  /** Text as well for fields of bytes. */
  string(field: number, value: string | undefined): void {
    if (!value) return
    const size = Buffer.byteLength(value)
    this.#tag(field, delimited)
    this.#varint(size)
    this.#reserve(size)
    this.#length += this.#bytes.write(value, this.#length)
  }

  bytes(field: number, value: Uint8Array): void {
    if (value.length === 0) return
    this.#tag(field, delimited)
    this.#varint(value.length)
    this.raw(value)
  }

  /** A message is there even when it is empty. */
  message(field: number, write: (writer: WireWriter) => void): void {
    this.#tag(field, delimited)
    this.delimited(write)
  }

  delimited(write: (writer: WireWriter) => void): void {
    const start = this.#length
    write(this)
    // The length is known now, and moves what is behind it.
    const end = this.#length
    this.#varint(end - start)
    const sizeOfLength = this.#length - end
    this.#bytes.copyWithin(start + sizeOfLength, start, end)
    this.#length = start
    this.#varint(end - start)
    this.#length = end + sizeOfLength
  }

  /** Fields that are encoded already. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  finish(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#length))
  }

  #tag(field: number, wireType: number): void {
    this.#varint(field * 8 + wireType)
  }

  #varint(value: number): void {
    this.#reserve(10)
    let rest = value
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.#bytes[this.#length++] = (rest % 0x80) | 0x80
    this.#bytes[this.#length++] = rest
  }

  #reserve(size: number): void {
    const needed = this.#length + size
    if (needed <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length))
    this.#bytes.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
  }
}
