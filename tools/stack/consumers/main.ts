import { makeDispatch } from './dispatch.ts'
import { KafkaConsumer } from './kafka-consumer.ts'
import { OutboxConsumer } from './outbox-consumer.ts'
import { readConsumers } from './settings.ts'

/**
 * The consumers of Centrifugo that its configuration and environment ask for, beside a hub that has none:
 * CONSUMERS_API_ENDPOINT and CONSUMERS_API_KEY say where that is. For tests and `npm run stack` only.
 */
const { CONSUMERS_API_ENDPOINT: endpoint = '', CONSUMERS_API_KEY: key = '' } = process.env
const log = (line: string) => void process.stdout.write(`${line}\n`)
const dispatch = makeDispatch({ endpoint, key }, log)

const consumers = (await readConsumers(process.env)).map((each) =>
  each.type === 'kafka'
    ? new KafkaConsumer({ settings: each.settings, dispatch, log })
    : new OutboxConsumer({ settings: each.settings, dispatch, log }),
)
log(`Consumers: ${consumers.length}`)

process.once('SIGTERM', () => {
  void Promise.all(consumers.map((consumer) => consumer.stop())).then(() => process.exit())
})
