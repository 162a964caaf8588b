import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { cdcTopic } from './centrifugo-consumers.ts'
import { makeConnect } from './connect.ts'
import { connectorEnvironment, makeRole } from './debezium.ts'
import { ensureJars, type Jars } from './java.ts'
import { makeKafka, makeTopic } from './kafka.ts'
import type { Service } from './service.ts'

/** As many as Centrifugo's nodes could share. */
const topicPartitions = 8

export type CdcOptions = {
  folder: string
  databaseUrl: string
  jars?: () => Promise<Jars>
}

/** The way from the write-ahead log to a topic: Kafka, Kafka Connect and Debezium. */
export class Cdc {
  readonly kafka: Service
  readonly connect: Service
  readonly bootstrap: string
  readonly connectUrl: string
  readonly #databaseUrl: string
  readonly #password: string

  private constructor(parts: Pick<Cdc, 'kafka' | 'connect' | 'bootstrap' | 'connectUrl'>, database: [string, string]) {
    this.kafka = parts.kafka
    this.connect = parts.connect
    this.bootstrap = parts.bootstrap
    this.connectUrl = parts.connectUrl
    ;[this.#databaseUrl, this.#password] = database
  }

  /** Everything is laid out, and nothing runs. */
  static async prepare({ folder, databaseUrl, jars = ensureJars }: CdcOptions): Promise<Cdc> {
    const fetched = await jars()
    const password = randomBytes(32).toString('hex')
    const env = connectorEnvironment(databaseUrl, password)
    const { service: kafka, bootstrap } = await makeKafka(fetched, join(folder, 'kafka'))
    const connect = await makeConnect(fetched, join(folder, 'connect'), { bootstrap, env })
    const parts = { kafka, bootstrap, connect: connect.service, connectUrl: connect.url }
    return new Cdc(parts, [databaseUrl, password])
  }

  async startKafka(): Promise<void> {
    await this.kafka.start()
    await makeTopic(this.bootstrap, cdcTopic, topicPartitions)
  }

  /** The tables must be there. */
  async startConnect(): Promise<void> {
    await makeRole(this.#databaseUrl, this.#password)
    await this.connect.start()
  }

  async stop(): Promise<void> {
    await this.connect.stop()
    await this.kafka.stop()
  }
}
