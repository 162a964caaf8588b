import { join } from 'node:path'
import { root } from '../steps.ts'
import { findCentrifugoOnce } from './centrifugo.ts'
import type { Engine } from './centrifugo-program.ts'
import { startNode } from './program.ts'
import { startRedis } from './redis.ts'
import { Service } from './service.ts'

type Stop = () => Promise<void>

/** The program, or why the hub run alone has to stand in for it. */
export async function findCentrifugo(centrifugo = findCentrifugoOnce) {
  try {
    return { program: await centrifugo(), standIn: undefined }
  } catch (error) {
    return { program: undefined, standIn: error instanceof Error ? error.message : String(error) }
  }
}

export async function startEngine(type: Engine['type'], up: Stop[]): Promise<Engine> {
  if (type === 'memory') return { type }
  const redis = await startRedis()
  up.push(() => redis.stop())
  return { type, url: redis.url }
}

export const consumersSentence = 'Centrifugo’s consumers are stood in for as well, by tools/stack/consumers.'

export type Consumed = { apiUrl: string; apiKey: string; environment: Record<string, string> }

/** What the hub does not have: the consumers that Centrifugo would run, as a program beside it. */
export function makeConsumers({ apiUrl, apiKey, environment }: Consumed): Service {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('CENTRIFUGO_'))
  const api = { CONSUMERS_API_ENDPOINT: apiUrl, CONSUMERS_API_KEY: apiKey }
  const env = { ...Object.fromEntries(inherited), ...environment, ...api }
  const service: Service = new Service('The stand-in for Centrifugo’s consumers', {
    launch: () => startNode(service.name, [join(root, 'tools/stack/consumers/main.ts')], { env }),
    isReady: () => service.life.includes('Consumers:'),
  })
  return service
}
