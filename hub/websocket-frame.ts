import type { Codec, Encoded } from './protocol.ts'

const finalText = 0x81
const finalBinary = 0x82

/** Builds the frames of one codec, each once for all sockets that are sent the same. */
export class WebSocketFrames {
  readonly #opcode: number
  readonly #separator: Buffer
  #lastMessages: Encoded[] = []
  #lastFrame: Buffer | undefined

  constructor(codec: Codec) {
    this.#opcode = codec.name === 'json' ? finalText : finalBinary
    this.#separator = Buffer.from(codec.separator)
  }

  of(messages: Encoded[]): Buffer {
    const [only] = messages
    if (only && messages.length === 1) return (only.frame ??= this.#frame(messages))
    if (!this.#lastFrame || !isSame(messages, this.#lastMessages)) {
      this.#lastMessages = messages
      this.#lastFrame = this.#frame(messages)
    }
    return this.#lastFrame
  }

  /** RFC 6455, section 5.2: what a server sends is not masked. */
  #frame(messages: Encoded[]): Buffer {
    const size = messages.reduce((sum, { bytes }) => sum + bytes.length + this.#separator.length, 0)
    const payloadSize = size - this.#separator.length
    const headerSize = payloadSize < 126 ? 2 : payloadSize < 65_536 ? 4 : 10
    const frame = Buffer.allocUnsafe(headerSize + size)
    frame[0] = this.#opcode
    writeSize(frame, headerSize, payloadSize)
    let at = headerSize
    for (const { bytes } of messages) {
      at += bytes.copy(frame, at)
      at += this.#separator.copy(frame, at)
    }
    return frame.subarray(0, headerSize + payloadSize)
  }
}

function isSame(some: Encoded[], others: Encoded[]): boolean {
  return some.length === others.length && some.every((message, index) => message === others[index])
}

function writeSize(frame: Buffer, headerSize: number, size: number): void {
  if (headerSize === 2) frame[1] = size
  else if (headerSize === 4) {
    frame[1] = 126
    frame.writeUInt16BE(size, 2)
  } else {
    frame[1] = 127
    frame.writeBigUInt64BE(BigInt(size), 2)
  }
}
