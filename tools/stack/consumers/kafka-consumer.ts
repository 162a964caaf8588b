import { Consumer, type Message, type MessagesStream } from '@platformatic/kafka'
import { setTimeout as pause } from 'node:timers/promises'
import { backOff, type Command, type Dispatch, Unavailable } from './dispatch.ts'
import { PartitionQueue } from './partition-queue.ts'

export type KafkaSettings = {
  brokers: string[]
  topics: string[]
  consumer_group: string
  partition_queue_max_size: number
}

type Options = { settings: KafkaSettings; dispatch: Dispatch; log: (line: string) => void }

/**
 * A test's stand-in for Centrifugo's Kafka consumer: partitions side by side, each in order, a position noted only when
 * what is before it has been dispatched. It is no part of the product.
 */
export class KafkaConsumer {
  readonly #settings: KafkaSettings
  readonly #dispatch: Dispatch
  readonly #log: (line: string) => void
  readonly #over = new AbortController()
  readonly #work: Promise<void>

  constructor({ settings, dispatch, log }: Options) {
    this.#settings = settings
    this.#dispatch = dispatch
    this.#log = log
    this.#work = this.#keepConsuming()
  }

  async stop(): Promise<void> {
    this.#over.abort()
    await this.#work
  }

  /** Kafka may be away, and the topic not be made yet. */
  async #keepConsuming(): Promise<void> {
    while (!this.#over.signal.aborted) {
      try {
        await this.#consume()
      } catch (error) {
        this.#log(`starting anew: ${String(error)}`)
        await pause(500, undefined, { signal: this.#over.signal }).catch(() => {})
      }
    }
  }

  async #consume(): Promise<void> {
    const { brokers, topics, consumer_group: groupId } = this.#settings
    const consumer = new Consumer({
      clientId: 'stand-in',
      groupId,
      bootstrapBrokers: brokers,
      retries: 3,
      // One that was killed is given up soon.
      sessionTimeout: 3000,
      rebalanceTimeout: 3000,
      heartbeatInterval: 500,
    })
    const end = new AbortController()
    const isOver = AbortSignal.any([this.#over.signal, end.signal])
    try {
      const stream = await consumer.consume({
        topics,
        mode: 'committed',
        fallbackMode: 'earliest',
        autocommit: false,
        maxWaitTime: 100,
        maxBytes: 16 * 1024 * 1024,
      })
      const close = () => void stream.close().catch(() => {})
      this.#over.signal.addEventListener('abort', close, { once: true })
      if (isOver.aborted) close()
      await this.#read(stream, isOver)
      this.#over.signal.removeEventListener('abort', close)
    } finally {
      end.abort()
      await consumer.close(true).catch(() => {})
    }
  }

  async #read(stream: MessagesStream<Buffer, Buffer, Buffer, Buffer>, isOver: AbortSignal): Promise<void> {
    const queues = new Map<string, PartitionQueue<Message>>()
    for await (const message of stream) {
      const name = `${message.topic}/${message.partition}`
      const queue = queues.get(name) ?? new PartitionQueue<Message>((records) => this.#dispatchAll(records, isOver))
      queues.set(name, queue)
      queue.push(message)
      // What is read and not dispatched is held in memory: a full queue holds the others up as well.
      if (queue.size >= this.#settings.partition_queue_max_size) await queue.settled()
    }
  }

  /** One after the other; then the position is noted. */
  async #dispatchAll(records: readonly Message[], isOver: AbortSignal): Promise<boolean> {
    for (const record of records) if (!(await this.#dispatchRecord(record, isOver))) return false
    await Promise.resolve(records.at(-1)?.commit()).catch((error: unknown) => this.#log(`not noted: ${String(error)}`))
    return true
  }

  /** Whether it was done; it is not when all is over. */
  async #dispatchRecord(message: Message, isOver: AbortSignal): Promise<boolean> {
    const command = commandOf(message.value)
    if (command === undefined) {
      this.#log(`left out record ${message.offset} of partition ${message.partition}: it is no command`)
      return true
    }
    for (let failures = 1; !isOver.aborted; failures++) {
      try {
        await this.#dispatch(command)
        return true
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error
        this.#log(`partition ${message.partition}: ${error.message}`)
        await backOff(failures, isOver)
      }
    }
    return false
  }
}

/** `{method, payload}`; the payload is an object or, as Debezium writes it, a text of JSON. Other keys mean nothing. */
export function commandOf(value: Buffer | null | undefined): Command | undefined {
  if (!value?.length) return undefined
  try {
    const { method, payload } = (JSON.parse(value.toString()) ?? {}) as { method?: unknown; payload?: unknown }
    if (typeof method !== 'string' || payload === undefined || payload === null) return undefined
    return { method, payload: typeof payload === 'string' ? payload : JSON.stringify(payload) }
  } catch {
    return undefined
  }
}
