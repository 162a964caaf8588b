import { apiMethods } from '../api/methods.ts'
import { methods } from '../protocol.ts'
import { anyValue, memberNames, mutated, plausible, type Random, randomBytes } from './values.ts'

/** Those that there are, and some that there are not. */
const clientMethods = [...methods, 'ping', 'nonsense']
export const calledMethods = [...apiMethods.keys(), 'batch', '', 'nonsense']

function request(random: Random): Record<string, unknown> {
  const names = Array.from({ length: random.below(6) }, () => random.pick(memberNames))
  return Object.fromEntries(names.map((name) => [name, plausible(random, name)]))
}

function command(random: Random): Record<string, unknown> {
  const id = random.below(8) === 0 ? anyValue(random) : random.below(100) + 2
  return { id, [random.pick(clientMethods)]: { channel: plausible(random, 'channel'), ...request(random) } }
}

/** A frame of JSON commands: mostly well-formed, sometimes broken, rarely nothing of the kind. */
export function jsonFrame(random: Random): Buffer {
  const kind = random.below(10)
  if (kind === 0) return Buffer.from(JSON.stringify(anyValue(random)))
  if (kind === 1) return Buffer.from('[{"'.repeat(random.below(5_000)))
  const frame = Array.from({ length: random.below(5) + 1 }, () => JSON.stringify(command(random))).join('\n')
  return kind < 5 ? mutated(random, Buffer.from(frame)) : Buffer.from(frame)
}

const fieldNumbers = [1, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15, 3, 99]

/** A frame of Protobuf: fields of random numbers and types, nested, with lengths that are sometimes wrong. */
export function protobufFrame(random: Random): Buffer {
  const kind = random.below(8)
  if (kind === 0) return randomBytes(random, random.below(200))
  const messages = Array.from({ length: random.below(4) + 1 }, () => {
    const id = Buffer.concat([varint(8), varint(random.below(1000))])
    const message = Buffer.concat([random.below(8) === 0 ? Buffer.alloc(0) : id, fields(random, 3)])
    const size = random.below(10) === 0 ? random.below(2 ** 31) : message.length
    return Buffer.concat([varint(size), message])
  })
  const frame = Buffer.concat(messages)
  return kind < 4 ? mutated(random, frame) : frame
}

function fields(random: Random, depth: number): Buffer {
  return Buffer.concat(
    Array.from({ length: random.below(4) + 1 }, () => {
      const field = random.pick(fieldNumbers)
      const type = random.pick([0, 0, 1, 2, 2, 2, 5, 3])
      const tag = varint(field * 8 + type)
      if (type === 0) return Buffer.concat([tag, varint(random.pick([0, 1, 2, 127, 300, 2 ** 31, 2 ** 53]))])
      if (type === 1) return Buffer.concat([tag, randomBytes(random, 8)])
      if (type === 5) return Buffer.concat([tag, randomBytes(random, 4)])
      if (type === 3) return tag
      const text = Buffer.from(String(plausible(random, 'channel')))
      const value = depth > 0 && random.below(2) === 0 ? fields(random, depth - 1) : text
      return Buffer.concat([tag, varint(value.length), value])
    }),
  )
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  while (rest > 127) {
    bytes.push((rest % 128) | 128)
    rest = Math.floor(rest / 128)
  }
  return Buffer.from([...bytes, rest])
}

/** A frame below the protocol: opcodes, lengths, masks and fragments as a hostile client would send them. */
export function webSocketFrame(random: Random, payload: Buffer): Buffer {
  const kind = random.below(8)
  const opcode = kind < 3 ? random.below(16) : random.pick([1, 2])
  const flags = kind < 5 ? random.below(16) << 4 : 0x80
  const isMasked = random.below(10) > 0
  const claimed = kind === 6 ? random.pick([0, 125, 126, 127, 65_537, 2 ** 31]) : payload.length
  const mask = randomBytes(random, 4)
  const size =
    claimed < 126
      ? Buffer.from([claimed])
      : claimed < 65_536
        ? Buffer.from([126, claimed >> 8, claimed & 255])
        : Buffer.concat([Buffer.from([127]), bigEndian(claimed)])
  size[0] = (size[0] ?? 0) | (isMasked ? 128 : 0)
  const body = isMasked ? Buffer.from(payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0))) : payload
  const frame = Buffer.concat([Buffer.from([flags | opcode]), size, ...(isMasked ? [mask] : []), body])
  return kind === 7 ? mutated(random, frame) : frame
}

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}

export function apiBody(random: Random): Buffer {
  const kind = random.below(8)
  if (kind === 0) return Buffer.from(JSON.stringify(anyValue(random)))
  const body = random.below(4) === 0 ? { commands: [{ publish: request(random) }, request(random)] } : request(random)
  const bytes = Buffer.from(JSON.stringify(body))
  return kind < 3 ? mutated(random, bytes) : bytes
}
