import { Admin } from '@platformatic/kafka'
import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Jars, runJava, startJava } from './java.ts'
import { freePort, isListening } from './ports.ts'
import { Service } from './service.ts'

/** A broadcast names all its channels; what is a day old is in the database alone. The same as in compose. */
export const topicSettings = { 'max.message.bytes': '8388608', 'retention.ms': '86400000' }

/** One node of Kafka in KRaft mode on loopback, with everything in this folder. */
export async function makeKafka(jars: Jars, folder: string): Promise<{ service: Service; bootstrap: string }> {
  const [port, controllerPort] = [await freePort(), await freePort()]
  await mkdir(folder, { recursive: true })
  const settings = join(folder, 'server.properties')
  await writeFile(settings, propertiesText(properties(folder, port, controllerPort)))
  const format = ['format', '-t', randomBytes(16).toString('base64url'), '-c', settings]
  await runJava('Making the storage of Kafka', jars, ['kafka.tools.StorageTool', ...format])
  const service = new Service('Kafka', {
    launch: () => startJava('Kafka', jars, ['kafka.Kafka', settings], { heapMb: 256 }),
    isReady: () => isListening(port),
  })
  return { service, bootstrap: `127.0.0.1:${port}` }
}

export const propertiesText = (properties: Record<string, string>) =>
  Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')

function properties(folder: string, port: number, controllerPort: number): Record<string, string> {
  const alone = { 'replication.factor': '1', 'min.isr': '1' }
  return {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': join(folder, 'data'),
    'default.replication.factor': '1',
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '1',
    ...Object.fromEntries(
      ['transaction.state.log', 'share.coordinator.state.topic'].flatMap((log) =>
        Object.entries(alone).map(([name, value]) => [`${log}.${name}`, value]),
      ),
    ),
    // Topics are made by whoever knows how many partitions they need.
    'auto.create.topics.enable': 'false',
    'group.initial.rebalance.delay.ms': '0',
    // Who follows a topic and was killed is given up at its own word.
    'group.min.session.timeout.ms': '1000',
    'log.cleaner.dedupe.buffer.size': '2097152',
    'num.io.threads': '2',
    'num.network.threads': '2',
  }
}

/** Makes the topic before anybody reads it or writes to it. */
export async function makeTopic(bootstrap: string, name: string, partitions: number): Promise<void> {
  const configs = Object.entries(topicSettings).map(([setting, value]) => ({ name: setting, value }))
  const admin = new Admin({ clientId: 'stack', bootstrapBrokers: [bootstrap] })
  try {
    await admin.createTopics({ topics: [name], partitions, replicas: 1, configs })
  } finally {
    await admin.close()
  }
}
