import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import { Client } from './client.ts'
import { type Disconnect, disconnects } from './codes.ts'
import type { Node } from './node.ts'
import { isAllowedOrigin } from './origins.ts'
import type { Encoded } from './protocol.ts'
import { jsonCodec } from './protocol-json.ts'
import type { Transport } from './transport.ts'
import { TextFrames } from './websocket-frame.ts'

const strictUtf8 = new TextDecoder('utf-8', { fatal: true })

/** Accepts WebSocket connections, each of which becomes a client. */
export class WebSocketTransports {
  readonly #node: Node
  readonly #server: WebSocketServer
  readonly #open = new Set<WebSocketTransport>()
  readonly #frames = new TextFrames()
  #accepts = true
  #allClosed: (() => void) | undefined

  constructor(node: Node) {
    this.#node = node
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: node.options.client.messageSizeLimit,
      handleProtocols: (protocols) => (protocols.has('centrifuge-json') ? 'centrifuge-json' : false),
    })
  }

  get size(): number {
    return this.#open.size
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', ignore)
    const status = this.#refusal(request)
    if (status) return refuseUpgrade(socket, status)
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      socket.off('error', ignore)
      this.#open.add(
        new WebSocketTransport(this.#node, { webSocket, socket, frames: this.#frames }, (transport) =>
          this.#closed(transport),
        ),
      )
    })
  }

  /** From now on nobody is let in. Resolves when all sockets are gone. */
  async drained(): Promise<void> {
    this.#accepts = false
    if (this.#open.size > 0) await new Promise<void>((resolve) => (this.#allClosed = resolve))
  }

  /** Those that are connected and those that have not said who they are. */
  all(): WebSocketTransport[] {
    return [...this.#open]
  }

  #refusal(request: IncomingMessage): string | undefined {
    const { connectionLimit } = this.#node.options.client
    if (!this.#accepts || (connectionLimit > 0 && this.#open.size >= connectionLimit)) return '503 Service Unavailable'
    if (!isAllowedOrigin(request, this.#node.options)) return '403 Forbidden'
    return wantsProtobuf(request) ? '400 Bad Request' : undefined
  }

  #closed(transport: WebSocketTransport): void {
    this.#open.delete(transport)
    if (this.#open.size === 0) this.#allClosed?.()
  }
}

type Upgraded = { webSocket: WebSocket; socket: Duplex; frames: TextFrames }

class WebSocketTransport implements Transport {
  readonly client: Client
  readonly #node: Node
  readonly #webSocket: WebSocket
  /** The connection under the WebSocket. */
  readonly #socket: Duplex
  readonly #frames: TextFrames

  constructor(node: Node, { webSocket, socket, frames }: Upgraded, onClosed: (transport: WebSocketTransport) => void) {
    this.#node = node
    this.#webSocket = webSocket
    this.#socket = socket
    this.#frames = frames
    this.client = new Client(node, jsonCodec, this)
    webSocket.on('message', (data, isBinary) => this.#receive(data, isBinary))
    webSocket.on('close', () => {
      this.client.transportClosed()
      onClosed(this)
    })
    // The library then closes the socket with the code that says why; the peer's faults are not the hub's errors.
    webSocket.on('error', (error) => {
      node.options.logger.debug({ err: error, client: this.client.id }, 'A socket failed.')
      this.client.transportClosed()
      this.#dropLater()
    })
  }

  get bufferedBytes(): number {
    return this.#socket.writableLength
  }

  /**
   * The library would build a header and make two writes for each of a thousand sockets that are sent the same bytes.
   * Its own frames (pong, close) are also written at once, so that frames do not mix.
   */
  write(messages: Encoded[]): void {
    if (this.#webSocket.readyState === this.#webSocket.OPEN) this.#socket.write(this.#frames.of(messages))
  }

  close({ code, reason }: Disconnect): void {
    this.#webSocket.resume()
    this.#webSocket.close(code, reason)
    this.#dropLater()
  }

  pause(): void {
    this.#webSocket.pause()
  }

  resume(): void {
    this.#webSocket.resume()
  }

  /** A peer that does not answer a close frame, or does not read what is before it, is not waited for. */
  #dropLater(): void {
    const { closeTimeoutSeconds } = this.#node.options.client
    const timer = this.#node.timers.after(closeTimeoutSeconds, () => this.#webSocket.terminate())
    this.#webSocket.once('close', () => timer.cancel())
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.client.isClosed) return
    try {
      const bytes = data as Buffer
      this.client.receive(isBinary ? strictUtf8.decode(bytes) : bytes.toString())
    } catch {
      this.client.disconnect(disconnects.badRequest)
    }
  }
}

function ignore(): void {}

function wantsProtobuf({ url = '', headers }: IncomingMessage): boolean {
  const offered = headers['sec-websocket-protocol'] ?? ''
  return /[?&](format=protobuf|cf_protocol=protobuf)(&|$)/.test(url) || /^\s*centrifuge-protobuf\s*$/.test(offered)
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
