import { unsubscribes } from './codes.ts'
import type { Client } from './client.ts'
import type { Delivery } from './fan-out.ts'
import type { ChannelOptions } from './options.ts'
import type { ClientInfo, Publication, StreamPosition } from './protocol.ts'
import type { Timer } from './timers.ts'

type Given = {
  client: Client
  channel: string
  options: ChannelOptions
  info: ClientInfo
  /** Undefined when losses are not watched for. */
  position: StreamPosition | undefined
  receivesJoinLeave: boolean
  /** Deliveries up to this one came before the subscription. */
  sequence: number
}

/** One client in one channel. */
export class Subscription {
  readonly client: Client
  readonly channel: string
  readonly options: ChannelOptions
  info: ClientInfo
  expiry: Timer | undefined
  /** A round of deliveries may go on after one of them ended the subscription. */
  hasEnded = false
  readonly #position: StreamPosition | undefined
  readonly #receivesJoinLeave: boolean
  readonly #sequence: number

  constructor(given: Given) {
    this.client = given.client
    this.channel = given.channel
    this.options = given.options
    this.info = given.info
    this.#position = given.position
    this.#receivesJoinLeave = given.receivesJoinLeave
    this.#sequence = given.sequence
  }

  deliver(delivery: Delivery): void {
    if (this.hasEnded || delivery.sequence <= this.#sequence) return
    const { push } = delivery
    if ('pub' in push) this.#deliverPublication(delivery, push.pub)
    else if (this.#receivesJoinLeave) this.client.send(delivery.encodedWith(this.client.codec))
  }

  /** [REC7] Nothing twice, and no hole without a word. */
  #deliverPublication(delivery: Delivery, { offset }: Publication): void {
    const position = this.#position
    if (position && offset > 0) {
      const isSameStream = delivery.epoch === position.epoch
      if (isSameStream && offset <= position.offset) return
      if (!isSameStream || offset > position.offset + 1)
        return this.client.unsubscribe(this.channel, unsubscribes.insufficientState)
      position.offset = offset
    }
    this.client.send(delivery.encodedWith(this.client.codec))
  }
}
