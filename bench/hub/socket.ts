import { connect, type Socket } from 'node:net'

/** Marks a publication in a frame, so that it can be counted without being parsed. */
export const marker = '~'
const markerByte = marker.charCodeAt(0)

const shared = Buffer.allocUnsafe(256 * 1024)

/**
 * A client that costs the generator next to nothing: it counts publications by their marker and answers pings. It
 * takes unmasked, unfragmented frames, which is what servers send.
 */
export class LoadSocket {
  publications = 0
  isClosed = false
  readonly #socket: Socket
  readonly #onPublications: (count: number, frame: Buffer) => void
  #onFrame: ((text: string) => void) | undefined
  #rest: Buffer = Buffer.alloc(0)
  #isOpen = false
  #opened: (() => void) | undefined

  constructor(port: number, onPublications: (count: number, frame: Buffer) => void) {
    this.#onPublications = onPublications
    this.#socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer: shared,
        callback: (size) => {
          this.#receive(shared.subarray(0, size))
          return true
        },
      },
    })
    this.#socket.on('error', () => this.#socket.destroy())
    this.#socket.on('close', () => {
      this.isClosed = true
      this.#onFrame?.('')
      this.#opened?.()
    })
  }

  /** Resolves with the text of the frame that answers. */
  async open(path: string, ...commands: string[]): Promise<string> {
    this.#socket.write(
      `GET ${path} HTTP/1.1\r\nHost: hub\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
    )
    await new Promise<void>((resolve) => (this.#opened = resolve))
    return this.ask(...commands)
  }

  /** Resolves when every command is answered. */
  async ask(...commands: string[]): Promise<string> {
    let answer = ''
    const answered = new Promise<void>((resolve) => {
      this.#onFrame = (text) => {
        answer += `${text}\n`
        if (this.isClosed || (answer.match(/"id":/g)?.length ?? 0) >= commands.length) resolve()
      }
    })
    this.#write(commands.join('\n'))
    await answered
    this.#onFrame = undefined
    if (this.isClosed) throw new Error('a connection was closed')
    return answer
  }

  close(): void {
    this.#socket.destroy()
  }

  /** With a mask of zeros, which leaves the payload as it is. */
  #write(text: string): void {
    const payload = Buffer.from(text)
    const size = payload.length < 126 ? [0x80 | payload.length] : [0xfe, payload.length >> 8, payload.length & 0xff]
    this.#socket.write(Buffer.concat([Buffer.from([0x81, ...size, 0, 0, 0, 0]), payload]))
  }

  #receive(chunk: Buffer): void {
    let data = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk
    if (!this.#isOpen) {
      const end = data.indexOf('\r\n\r\n')
      if (end === -1) return this.#keep(data)
      this.#isOpen = true
      this.#opened?.()
      data = data.subarray(end + 4)
    }
    let at = 0
    while (at + 2 <= data.length) {
      const short = data.readUInt8(at + 1)
      const headerSize = short < 126 ? 2 : short === 126 ? 4 : 10
      if (at + headerSize > data.length) break
      const size =
        short < 126 ? short : short === 126 ? data.readUInt16BE(at + 2) : Number(data.readBigUInt64BE(at + 2))
      const end = at + headerSize + size
      if (end > data.length) break
      this.#take(data.subarray(at + headerSize, end))
      at = end
    }
    this.#keep(data.subarray(at))
  }

  #keep(rest: Buffer): void {
    this.#rest = rest.length > 0 ? Buffer.from(rest) : rest
  }

  #take(payload: Buffer): void {
    if (payload.length === 2) return this.#write('{}')
    let count = 0
    for (let at = payload.indexOf(markerByte); at !== -1; at = payload.indexOf(markerByte, at + 1)) count++
    if (count > 0) {
      this.publications += count
      this.#onPublications(count, payload)
    }
    if (this.#onFrame) this.#onFrame(payload.toString())
  }
}
