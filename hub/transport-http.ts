import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { Client } from './client.ts'
import { type Disconnect, disconnects } from './codes.ts'
import type { TransportMetrics } from './metrics.ts'
import type { Node } from './node.ts'
import type { Codec, Encoded } from './protocol.ts'
import type { Transport } from './transport.ts'
import { WriteTimeout } from './write-timeout.ts'

/** What stands around each message of a stream. */
export type Framing = { before: Buffer; after: Buffer }

/** Requests of one client that may wait for the commands of earlier ones. */
const waitingRequests = 64

/** A response that does not end carries what the client receives; what it sends comes by requests of its own. */
export class HttpTransport implements Transport {
  readonly session = randomUUID()
  readonly client: Client
  readonly metrics: TransportMetrics
  readonly #node: Node
  readonly #codec: Codec
  readonly #response: ServerResponse
  readonly #framing: Framing
  readonly #writeTimeout: WriteTimeout
  #isPaused = false
  #waiting: Array<() => void> = []

  /** The response's head is written. */
  constructor(node: Node, name: 'http_stream' | 'sse', codec: Codec, response: ServerResponse, framing: Framing) {
    this.metrics = node.metrics.transports[name]
    this.#node = node
    this.#codec = codec
    this.#response = response
    this.#framing = framing
    this.client = new Client(node, codec, this)
    this.#writeTimeout = new WriteTimeout(response, node.timers, node.options.client.writeTimeoutSeconds, () =>
      this.client.disconnect(disconnects.writeError),
    )
    node.connections.add(this.client)
    response.once('close', () => this.#closed())
    response.on('error', () => this.client.transportClosed())
  }

  get bufferedBytes(): number {
    return this.#response.writableLength
  }

  write(messages: Encoded[]): void {
    const { before, after } = this.#framing
    const chunk = Buffer.concat(messages.flatMap(({ bytes }) => [before, bytes, after]))
    this.#response.write(chunk)
    this.#writeTimeout.wrote(chunk.length)
  }

  close(disconnect: Disconnect): void {
    if (disconnect.code !== disconnects.connectionClosed.code) this.write([this.#codec.push('', { disconnect })])
    this.#response.end()
    this.#letGo()
    const { closeTimeoutSeconds } = this.#node.options.client
    const timer = this.#node.timers.after(closeTimeoutSeconds, () => this.#response.destroy())
    this.#response.once('close', () => timer.cancel())
  }

  pause(): void {
    this.#isPaused = true
  }

  resume(): void {
    this.#isPaused = false
    this.#letGo()
  }

  /** Takes what a request brought. Resolves when the client's earlier commands leave room for more. */
  async receive(frame: string | Buffer): Promise<void> {
    if (this.client.isClosed) return
    if (this.#waiting.length >= waitingRequests) return this.client.disconnect(disconnects.tooManyRequests)
    if (this.#isPaused) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    if (!this.client.isClosed) this.client.receive(frame)
  }

  #closed(): void {
    this.client.transportClosed()
    this.#writeTimeout.stop()
    this.#letGo()
    this.#node.connections.remove(this.client)
  }

  #letGo(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}

/** Proxies and browsers must neither keep nor hold back any of it. */
export const streamHeaders = {
  'X-Accel-Buffering': 'no',
  'Cache-Control': 'private, no-cache, no-store, must-revalidate, max-age=0',
  Pragma: 'no-cache',
  Expires: '0',
}
