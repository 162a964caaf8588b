import type { Encoded } from './protocol.ts'

const finalText = 0x81

/** Builds text frames, one for all sockets that are sent the same. */
export class TextFrames {
  #lastMessages: Encoded[] = []
  #lastFrame: Buffer | undefined

  of(messages: Encoded[]): Buffer {
    const [only] = messages
    if (only && messages.length === 1) return (only.frame ??= textFrame(only.text, only.size))
    if (!this.#lastFrame || !isSame(messages, this.#lastMessages)) {
      this.#lastMessages = messages
      this.#lastFrame = textFrame(messages.map(({ text }) => text).join('\n'), sizeOf(messages))
    }
    return this.#lastFrame
  }
}

function isSame(some: Encoded[], others: Encoded[]): boolean {
  return some.length === others.length && some.every((message, index) => message === others[index])
}

const sizeOf = (messages: Encoded[]) => messages.reduce((sum, { size }) => sum + size + 1, -1)

/** RFC 6455, section 5.2: what a server sends is not masked. */
function textFrame(text: string, size: number): Buffer {
  const headerSize = size < 126 ? 2 : size < 65_536 ? 4 : 10
  const frame = Buffer.allocUnsafe(headerSize + size)
  frame[0] = finalText
  if (headerSize === 2) frame[1] = size
  else if (headerSize === 4) {
    frame[1] = 126
    frame.writeUInt16BE(size, 2)
  } else {
    frame[1] = 127
    frame.writeBigUInt64BE(BigInt(size), 2)
  }
  frame.write(text, headerSize)
  return frame
}
