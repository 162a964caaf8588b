import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import { Client } from './client.ts'
import { type Disconnect, disconnects } from './codes.ts'
import type { TransportMetrics } from './metrics.ts'
import type { Node } from './node.ts'
import type { Codec, Encoded } from './protocol.ts'
import { jsonCodec } from './protocol-json.ts'
import { protobufCodec } from './protocol-protobuf.ts'
import type { Transport } from './transport.ts'
import { WebSocketFrames } from './websocket-frame.ts'
import { WriteTimeout } from './write-timeout.ts'

/** Of one frame: each costs some hundred bytes, however small it is. Honest clients send a few dozen. */
const maxPieces = 1024

const statuses = { 403: '403 Forbidden', 503: '503 Service Unavailable' }

/** Accepts WebSocket connections, each of which becomes a client. */
export class WebSocketTransports {
  readonly #node: Node
  readonly #server: WebSocketServer
  readonly #json = new WebSocketFrames(jsonCodec)
  readonly #protobuf = new WebSocketFrames(protobufCodec)

  constructor(node: Node) {
    this.#node = node
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: node.options.client.messageSizeLimit,
      maxFragments: maxPieces,
      maxBufferedChunks: maxPieces,
      handleProtocols: (offered) => subprotocols.find((name) => offered.has(name)) ?? false,
    })
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', ignore)
    this.#node.metrics.transports.websocket.connects++
    const status = this.#node.connections.refusal(request)
    if (status) return refuseUpgrade(socket, statuses[status])
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      socket.off('error', ignore)
      const isProtobuf = webSocket.protocol === 'centrifuge-protobuf' || wantsProtobuf(request)
      const [codec, frames] = isProtobuf ? [protobufCodec, this.#protobuf] : [jsonCodec, this.#json]
      // It lives as long as the listeners that it sets.
      return new WebSocketTransport(this.#node, codec, { webSocket, socket, frames })
    })
  }
}

/** [CON9] */
const subprotocols = ['centrifuge-json', 'centrifuge-protobuf']

type Upgraded = { webSocket: WebSocket; socket: Duplex; frames: WebSocketFrames }

class WebSocketTransport implements Transport {
  readonly metrics: TransportMetrics
  readonly #client: Client
  readonly #node: Node
  readonly #webSocket: WebSocket
  /** The connection under the WebSocket. */
  readonly #socket: Duplex
  readonly #frames: WebSocketFrames
  readonly #writeTimeout: WriteTimeout

  constructor(node: Node, codec: Codec, { webSocket, socket, frames }: Upgraded) {
    this.#node = node
    this.metrics = node.metrics.transports.websocket
    this.#webSocket = webSocket
    this.#socket = socket
    this.#frames = frames
    this.#client = new Client(node, codec, this)
    this.#writeTimeout = new WriteTimeout(socket, node.timers, node.options.client.writeTimeoutSeconds, () =>
      this.#client.disconnect(disconnects.writeError),
    )
    node.connections.add(this.#client)
    webSocket.on('message', (data, isBinary) => this.#receive(data, isBinary))
    webSocket.on('close', () => {
      this.#client.transportClosed()
      this.#writeTimeout.stop()
      node.connections.remove(this.#client)
    })
    // The library then closes the socket with the code that says why; the peer's faults are not the hub's errors.
    webSocket.on('error', (error) => {
      node.options.logger.debug({ err: error, client: this.#client.id }, 'A socket failed.')
      this.#client.transportClosed()
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
    if (this.#webSocket.readyState !== this.#webSocket.OPEN) return
    const frame = this.#frames.of(messages)
    this.#socket.write(frame)
    this.#writeTimeout.wrote(frame.length)
  }

  close({ code, reason }: Disconnect): void {
    if (code === disconnects.connectionClosed.code) return this.#webSocket.terminate()
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

  /** The library has checked that text is UTF-8. */
  #receive(data: RawData, isBinary: boolean): void {
    const bytes = data as Buffer
    if (!this.#client.isClosed) this.#client.receive(isBinary ? bytes : bytes.toString())
  }
}

function ignore(): void {}

function wantsProtobuf({ url = '' }: IncomingMessage): boolean {
  return /[?&](format=protobuf|cf_protocol=protobuf)(&|$)/.test(url)
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
