import { randomUUID } from 'node:crypto'
import { type Disconnect, disconnects, type Unsubscribe } from './codes.ts'
import { Heartbeat } from './client-heartbeat.ts'
import { Inbox } from './client-inbox.ts'
import { endSubscription } from './subscribing.ts'
import type { Node } from './node.ts'
import type { ClientInfo, Codec, Encoded, Json } from './protocol.ts'
import type { Subscription } from './subscription.ts'
import type { Timer } from './timers.ts'
import type { Transport } from './transport.ts'

/** Messages that are joined to one frame. */
const messagesPerFrame = 16

/** `refused`: connect was answered with an error, nothing more is heard and the socket will go. */
export type ClientState = 'opened' | 'connected' | 'refused' | 'closed'

/** One connection: commands in, replies and pushes out, in order. */
export class Client {
  readonly id = randomUUID()
  readonly node: Node
  readonly codec: Codec
  readonly transport: Transport
  readonly subscriptions = new Map<string, Subscription>()
  readonly heartbeat = new Heartbeat(this)
  /** The channel of a subscribe whose token is being verified. */
  subscribing: { channel: string; isForbidden: boolean } | undefined
  state: ClientState = 'opened'
  user = ''
  connInfo: Json | undefined
  /** Until the connection must have authenticated, then until it expires. */
  deadline: Timer | undefined
  readonly #inbox = new Inbox(this)
  #queue: Encoded[] = []
  #queuedBytes = 0

  constructor(node: Node, codec: Codec, transport: Transport) {
    this.node = node
    this.codec = codec
    this.transport = transport
    this.setDeadline(node.options.client.staleCloseDelaySeconds, disconnects.stale)
  }

  /** What others send to reach this client through the emulation endpoint. */
  get session(): string | undefined {
    return this.transport.session
  }

  get isClosed(): boolean {
    return this.state === 'closed'
  }

  /** The frame may be empty or malformed; it is from outside. */
  receive(frame: string | Buffer): void {
    this.#inbox.add(frame)
  }

  clientInfo(chanInfo?: Json): ClientInfo {
    const { user, id: client } = this
    return {
      user,
      client,
      ...(this.connInfo && { conn_info: this.connInfo }),
      ...(chanInfo && { chan_info: chanInfo }),
    }
  }

  send(message: Encoded): void {
    if (this.isClosed) return
    this.#queue.push(message)
    this.transport.metrics.countSent(message.type, message.bytes.length)
    this.#queuedBytes += message.bytes.length
    // [LIM1]
    if (this.#queuedBytes + this.transport.bufferedBytes > this.node.options.client.queueMaxSize) {
      this.#clearQueue()
      this.disconnect(disconnects.slow)
    } else this.node.fanOut.writeSoon(this)
  }

  writeQueued(): void {
    const queue = this.#queue
    this.#clearQueue()
    try {
      if (queue.length > 0 && queue.length <= messagesPerFrame) return this.transport.write(queue)
      for (let from = 0; from < queue.length; from += messagesPerFrame) {
        this.transport.write(queue.slice(from, from + messagesPerFrame))
      }
    } catch (error) {
      this.node.logFailure(error, 'Writing to a client failed.')
      this.disconnect(disconnects.writeError)
    }
  }

  disconnect(disconnect: Disconnect): void {
    if (this.isClosed) return
    const { code, reason } = disconnect
    this.node.metrics.countServerDisconnect(code)
    this.node.options.logger.debug({ client: this.id, user: this.user, code, reason }, 'Disconnected a client.')
    this.writeQueued()
    this.#close(disconnect)
    this.transportClosed()
  }

  /** What was thrown on the way to this client is its end, and nobody else's. [LIM10] */
  failed(error: unknown): void {
    this.node.logFailure(error, 'Sending to a client failed.')
    this.disconnect(disconnects.serverError)
  }

  /** The other side is gone, or will be: everything here that belongs to it goes. */
  transportClosed(): void {
    if (this.isClosed) return
    this.state = 'closed'
    this.deadline?.cancel()
    this.heartbeat.stop()
    this.#clearQueue()
    if (this.node.registry.removeClient(this)) this.transport.metrics.connected--
    for (const subscription of this.subscriptions.values()) void endSubscription(subscription)
  }

  /**
   * Takes the subscription away and tells the client, also one that has none. A subscribe that is under way is refused
   * when its turn comes: SDKs ignore what ends a subscription that they do not have yet. [UNS4]
   */
  unsubscribe(channel: string, reason: Unsubscribe): void {
    if (this.subscribing?.channel === channel) this.subscribing.isForbidden = true
    const subscription = this.subscriptions.get(channel)
    if (subscription) void endSubscription(subscription)
    this.node.metrics.countServerUnsubscribe(reason.code)
    this.send(this.codec.push(channel, { unsubscribe: reason }))
  }

  /** Replaces the deadline that was set before; 0 seconds: there is none. */
  setDeadline(seconds: number, disconnect: Disconnect): void {
    this.deadline?.cancel()
    this.deadline = seconds > 0 ? this.node.timers.after(seconds, () => this.disconnect(disconnect)) : undefined
  }

  #close(disconnect: Disconnect): void {
    try {
      this.transport.close(disconnect)
    } catch (error) {
      this.node.logFailure(error, 'Closing a connection failed.')
    }
  }

  #clearQueue(): void {
    this.#queue = []
    this.#queuedBytes = 0
  }
}
