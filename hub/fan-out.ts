import type { Client } from './client.ts'
import { patchFor } from './delta.ts'
import { Fifo } from './fifo.ts'
import type { Codec, DeltaForm, Encoded, Publication, Push } from './protocol.ts'
import type { Registry } from './registry.ts'
import type { Subscription } from './subscription.ts'

/** Sends, of a frame each, per turn of the event loop: about 5 ms, then sockets, timers and requests get theirs. */
const sendsPerTurn = 500
/** Sends to one channel before the next one's turn, so that a huge channel does not hold up small ones. */
const sendsPerChannel = 100
/** Pushes that one round brings along: they share a frame, which costs little more than a single one. */
const pushesPerRound = 16
/** Pushes that wait in one channel before its publishers wait, too. */
const highWater = 64

/** One push on its way to all subscribers of a channel, encoded once per protocol. */
export class Delivery {
  readonly channel: string
  readonly push: Push
  /** The epoch of a publication with an offset. */
  readonly epoch: string
  /** What a delta is the difference to. */
  readonly base: Publication | undefined
  /** Rises with every delivery of the process: a subscription takes only what is younger than itself. */
  readonly sequence: number
  readonly #encoded = new Map<Codec, Encoded>()
  #deltas: DeltaEncodings | undefined

  constructor(channel: string, push: Push, { epoch = '', base }: StreamPlace, sequence: number) {
    this.channel = channel
    this.push = push
    this.epoch = epoch
    this.base = base
    this.sequence = sequence
  }

  encodedWith(codec: Codec): Encoded {
    let encoded = this.#encoded.get(codec)
    if (!encoded) this.#encoded.set(codec, (encoded = codec.push(this.channel, this.push)))
    return encoded
  }

  /** For a subscriber with delta, who has the base or has it not. */
  encodedAsDelta(codec: Codec, publication: Publication, hasBase: boolean): Encoded {
    this.#deltas ??= { whole: new Map(), patch: new Map() }
    const known = hasBase && this.base ? this.#deltas.patch : this.#deltas.whole
    let encoded = known.get(codec)
    if (!encoded) {
      const delta: DeltaForm =
        hasBase && this.base ? { patch: patchFor(this.base.content, publication.content, codec) } : {}
      known.set(codec, (encoded = codec.push(this.channel, { pub: { ...publication, delta } })))
    }
    return encoded
  }
}

type DeltaEncodings = { whole: Map<Codec, Encoded>; patch: Map<Codec, Encoded> }

/** Where in a stream a publication stands. */
type StreamPlace = { epoch?: string | undefined; base?: Publication | undefined }

type ChannelQueue = {
  channel: string
  waiting: Fifo<Delivery>
  /** What the current round brings to every subscriber. */
  round: Delivery[]
  subscriptions: Iterator<Subscription>
  publishers: Array<() => void>
}

/**
 * Brings pushes to subscribers, in order per channel and in turns. What waits for a client is written once per turn,
 * as few frames.
 */
export class FanOut {
  readonly #registry: Registry
  readonly #queues = new Map<string, ChannelQueue>()
  readonly #ready = new Fifo<ChannelQueue>()
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
  add(channel: string, push: Push, place: StreamPlace = {}): Promise<void> | undefined {
    const subscriptions = this.#registry.subscriptionsTo(channel)
    this.#sequence++
    if (!subscriptions) return undefined
    let queue = this.#queues.get(channel)
    if (!queue) {
      queue = { channel, waiting: new Fifo(), round: [], subscriptions: subscriptions.values(), publishers: [] }
      this.#queues.set(channel, queue)
      this.#ready.push(queue)
    }
    const { publishers } = queue
    queue.waiting.push(new Delivery(channel, push, place, this.#sequence))
    this.#send()
    return queue.waiting.length > highWater ? new Promise((resolve) => publishers.push(resolve)) : undefined
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
        for (const queue of this.#ready.take(1)) {
          this.#sendSome(queue)
          if (this.#queues.has(queue.channel)) this.#ready.push(queue)
        }
      }
    } finally {
      this.#isSending = false
    }
    if (this.#sentInTurn > 0) this.#scheduleTurn()
  }

  #sendSome(queue: ChannelQueue): void {
    let left = Math.min(sendsPerChannel, sendsPerTurn - this.#sentInTurn)
    while (left > 0) {
      if (queue.round.length === 0 && !this.#startRound(queue)) return
      const next = queue.subscriptions.next()
      if (next.done) queue.round = []
      else {
        deliver(queue.round, next.value)
        left--
        this.#sentInTurn++
      }
    }
  }

  /** False when nothing is left to be sent. */
  #startRound(queue: ChannelQueue): boolean {
    const subscriptions = this.#registry.subscriptionsTo(queue.channel)
    // Without subscribers nothing waits: who subscribes now is younger than all of it.
    if (!subscriptions) queue.waiting.clear()
    queue.round = queue.waiting.take(pushesPerRound)
    if (queue.waiting.length < highWater) for (const resolve of queue.publishers.splice(0)) resolve()
    if (subscriptions && queue.round.length > 0) queue.subscriptions = subscriptions.values()
    else this.#queues.delete(queue.channel)
    return queue.round.length > 0
  }
}

function deliver(round: Delivery[], subscription: Subscription): void {
  try {
    for (const delivery of round) subscription.deliver(delivery)
  } catch (error) {
    subscription.client.failed(error)
  }
}
