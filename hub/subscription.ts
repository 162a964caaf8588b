import { disconnects, unsubscribes } from './codes.ts'
import type { Client } from './client.ts'
import type { Delivery } from './fan-out.ts'
import type { ChannelOptions } from './options.ts'
import { type ClientInfo, type Content, type Encoded, type Publication, type StreamPosition } from './protocol.ts'
import { UnsuitableContent } from './protocol.ts'
import { type FilterNode, matches } from './tags-filter.ts'
import type { Timer } from './timers.ts'

type Given = {
  client: Client
  channel: string
  options: ChannelOptions
  info: ClientInfo
  /** Undefined when losses are not watched for. */
  position: StreamPosition | undefined
  /** Which publications are wanted, by their tags. */
  filter: FilterNode | undefined
  receivesJoinLeave: boolean
  receivesDeltas: boolean
  /** Not asked for by the client, but made by the server. */
  serverSide: 'token' | 'server' | undefined
  /** Deliveries up to this one came before the subscription. */
  sequence: number
}

/** One client in one channel. */
export class Subscription {
  readonly client: Client
  readonly channel: string
  readonly options: ChannelOptions
  readonly serverSide: 'token' | 'server' | undefined
  info: ClientInfo
  expiry: Timer | undefined
  /** A round of deliveries may go on after one of them ended the subscription. */
  hasEnded = false
  readonly #position: StreamPosition | undefined
  readonly #filter: FilterNode | undefined
  readonly #receivesJoinLeave: boolean
  readonly #receivesDeltas: boolean
  /** What a client with deltas received last, since it subscribed: the base that it has. [DEL5] */
  #received: Content | undefined
  readonly #sequence: number

  constructor(given: Given) {
    this.client = given.client
    this.channel = given.channel
    this.options = given.options
    this.info = given.info
    this.serverSide = given.serverSide
    this.#position = given.position
    this.#filter = given.filter
    this.#receivesJoinLeave = given.receivesJoinLeave
    this.#receivesDeltas = given.receivesDeltas
    this.#sequence = given.sequence
  }

  deliver(delivery: Delivery): void {
    if (this.hasEnded || delivery.sequence <= this.#sequence) return
    const { push } = delivery
    if ('pub' in push) this.#deliverPublication(delivery, push.pub)
    else if (this.#receivesJoinLeave) this.client.send(delivery.encodedWith(this.client.codec))
  }

  /** The next publication may be sent as the difference to this one. */
  hasReceived(content: Content | undefined): void {
    if (this.#receivesDeltas) this.#received = content
  }

  /** [REC7] Nothing twice, and no hole without a word. */
  #deliverPublication(delivery: Delivery, publication: Publication): void {
    const { offset } = publication
    const position = this.#position
    if (position && offset > 0) {
      const isSameStream = delivery.epoch === position.epoch
      if (isSameStream && offset <= position.offset) return
      if (!isSameStream || offset > position.offset + 1) return this.#missedSomething()
      position.offset = offset
    }
    if (this.#filter && !matches(this.#filter, publication.content.tags)) {
      this.client.node.metrics.tagsFilterDropped++
      return
    }
    this.#send(delivery, publication)
    this.hasReceived(publication.content)
  }

  /** Bytes that are no JSON end the connection of who speaks JSON alone. [PUB12] */
  #send(delivery: Delivery, publication: Publication): void {
    const { client } = this
    let encoded: Encoded
    try {
      encoded = this.#receivesDeltas
        ? delivery.encodedAsDelta(
            client.codec,
            publication,
            delivery.base !== undefined && delivery.base.content === this.#received,
          )
        : delivery.encodedWith(client.codec)
    } catch (error) {
      if (!(error instanceof UnsuitableContent)) throw error
      return client.disconnect(disconnects.inappropriateProtocol)
    }
    client.send(encoded)
  }

  /** A server-side subscription cannot be made anew by the client: its connection is. */
  #missedSomething(): void {
    if (this.serverSide) this.client.disconnect(disconnects.insufficientState)
    else this.client.unsubscribe(this.channel, unsubscribes.insufficientState)
  }
}
