import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../steps.ts'
import { connectorPath, connectorState } from './debezium.ts'
import { type Jars, startJava } from './java.ts'
import { propertiesText } from './kafka.ts'
import { freePort } from './ports.ts'
import { Service } from './service.ts'

export type ConnectSettings = {
  bootstrap: string
  /** What the connector's file asks for by name. */
  env: Record<string, string>
}

/** Kafka Connect with Debezium at work, by the files that are shipped. */
export async function makeConnect(
  jars: Jars,
  folder: string,
  { bootstrap, env }: ConnectSettings,
): Promise<{ service: Service; url: string }> {
  const url = `http://127.0.0.1:${await freePort()}`
  const shipped = await readFile(join(root, 'deploy/debezium/connect.properties'), 'utf8')
  // What comes later counts.
  const own = propertiesText({
    'bootstrap.servers': bootstrap,
    listeners: url,
    'plugin.path': '',
    'offset.storage.file.filename': join(folder, 'offsets'),
  })
  const settings = join(folder, 'connect.properties')
  await mkdir(folder, { recursive: true })
  await writeFile(settings, shipped + own)
  const main = ['org.apache.kafka.connect.cli.ConnectStandalone', settings, connectorPath]
  const service = new Service('Kafka Connect', {
    launch: () => startJava('Kafka Connect', jars, main, { heapMb: 256, env }),
    isReady: async () => (await connectorState(url)) === 'RUNNING',
  })
  return { service, url }
}
