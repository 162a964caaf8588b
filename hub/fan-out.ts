import type { Client } from './client.ts'
import type { Codec, Encoded, Push } from './protocol.ts'
import type { Registry } from './registry.ts'
import type { Subscription } from './subscription.ts'

/** Sends per turn of the event loop: about 5 ms, after which sockets, timers and requests get theirs. */
const sendsPerTurn = 500
/** Sends to one channel before the next one's turn, so that a huge channel does not hold up small ones. */
const sendsPerChannel = 100
/** Pushes that wait in one channel before its publishers wait, too. */
const highWater = 64

/** One push on its way to all subscribers of a channel, encoded once per protocol. */
export class Delivery {
  readonly channel: string
  readonly push: Push
  /** The epoch of a publication with an offset. */
  readonly epoch: string
  /** Rises with every delivery of the process: a subscription takes only what is younger than itself. */
  readonly sequence: number
  readonly #encoded = new Map<Codec, Encoded>()

  constructor(channel: string, push: Push, epoch: string, sequence: number) {
    this.channel = channel
    this.push = push
    this.epoch = epoch
    this.sequence = sequence
  }

  encodedWith(codec: Codec): Encoded {
    let encoded = this.#encoded.get(codec)
    if (!encoded) this.#encoded.set(codec, (encoded = codec.push(this.channel, this.push)))
    return encoded
  }
}

type ChannelQueue = { deliveries: Delivery[]; subscriptions: Iterator<Subscription>; waiting: Array<() => void> }

/**
 * Brings pushes to subscribers, in order per channel and in turns. What waits for a client is written once per turn,
 * as few frames.
 */
export class FanOut {
  readonly #registry: Registry
  readonly #queues = new Map<string, ChannelQueue>()
  #ready: ChannelQueue[] = []
  #unwritten = new Set<Client>()
  #sentInTurn = 0
  #isTurnDue = false
  #isSending = false
  #sequence = 0

  constructor(registry: Registry) {
    this.#registry = registry
  }

  /** What is added now is younger than this. */
  get sequence(): number {
    return this.#sequence
  }

  /** Resolves when the channel's backlog is short again, which is at once unless publishers outrun subscribers. */
  add(channel: string, push: Push, epoch = ''): Promise<void> | undefined {
    const subscriptions = this.#registry.subscriptionsTo(channel)
    this.#sequence++
    if (!subscriptions) return undefined
    let queue = this.#queues.get(channel)
    if (!queue) {
      queue = { deliveries: [], subscriptions: subscriptions.values(), waiting: [] }
      this.#queues.set(channel, queue)
      this.#ready.push(queue)
    }
    queue.deliveries.push(new Delivery(channel, push, epoch, this.#sequence))
    this.#send()
    if (queue.deliveries.length <= highWater) return undefined
    return new Promise((resolve) => queue.waiting.push(resolve))
  }

  /** Writes what waits for the client at the end of this turn. */
  writeSoon(client: Client): void {
    this.#unwritten.add(client)
    this.#scheduleTurn()
  }

  #scheduleTurn(): void {
    if (this.#isTurnDue) return
    this.#isTurnDue = true
    setImmediate(() => this.#turn())
  }

  #turn(): void {
    this.#isTurnDue = false
    this.#sentInTurn = 0
    this.#send()
    const clients = this.#unwritten
    this.#unwritten = new Set()
    for (const client of clients) client.writeQueued()
    if (this.#ready.length > 0) this.#scheduleTurn()
  }

  #send(): void {
    // A delivery can cause another one (a subscriber that is too slow leaves): it waits for the loop below.
    if (this.#isSending) return
    this.#isSending = true
    try {
      while (this.#ready.length > 0 && this.#sentInTurn < sendsPerTurn) {
        const queue = this.#ready.shift() as ChannelQueue
        this.#sendSome(queue)
        if (queue.deliveries.length > 0) this.#ready.push(queue)
      }
    } finally {
      this.#isSending = false
    }
    if (this.#sentInTurn > 0) this.#scheduleTurn()
  }

  #sendSome(queue: ChannelQueue): void {
    let left = Math.min(sendsPerChannel, sendsPerTurn - this.#sentInTurn)
    while (left > 0) {
      const [delivery] = queue.deliveries
      if (!delivery) return
      const next = queue.subscriptions.next()
      if (next.done) this.#finish(queue, delivery)
      else {
        next.value.deliver(delivery)
        left--
        this.#sentInTurn++
      }
    }
  }

  #finish(queue: ChannelQueue, { channel }: Delivery): void {
    queue.deliveries.shift()
    if (queue.deliveries.length === 0) this.#queues.delete(channel)
    else queue.subscriptions = (this.#registry.subscriptionsTo(channel) ?? new Set<Subscription>()).values()
    if (queue.deliveries.length < highWater) for (const resolve of queue.waiting.splice(0)) resolve()
  }
}
