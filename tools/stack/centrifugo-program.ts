import { join } from 'node:path'
import { root } from '../steps.ts'
import { configPath } from './centrifugo-config.ts'
import { answers } from './ports.ts'
import { startNode, startProgram } from './program.ts'
import { Service } from './service.ts'

export type Engine = { type: 'memory' } | { type: 'redis'; url: string }

export type CentrifugoSettings = {
  /** The program, or undefined for the hub run alone in its place. */
  program: string | undefined
  port: number
  internalPort: number
  tokenSecret: string
  apiKey: string
  allowedOrigins: string
  engine: Engine
  /** The variables of its consumers; the hub has none. */
  consumers: Record<string, string>
}

export const standInSentence = 'Centrifugo could not be had; the hub run alone stands in for it.'

/** Centrifugo with the configuration that is shipped, and what comes by environment. */
export function makeCentrifugo(settings: CentrifugoSettings): Service {
  const { program, internalPort, engine } = settings
  if (program === undefined && engine.type === 'redis') {
    throw new Error('The hub keeps everything in memory: only Centrifugo can use Redis.')
  }
  const env = environmentOf(settings)
  const name = program === undefined ? 'The hub' : 'Centrifugo'
  return new Service(name, {
    launch: () =>
      program === undefined
        ? startNode(name, [join(root, 'hub/standalone/main.ts'), '-c', configPath], { env })
        : startProgram(name, [program, '-c', configPath], { env }),
    isReady: () => answers(`http://127.0.0.1:${internalPort}/health`),
  })
}

function environmentOf(settings: CentrifugoSettings): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('CENTRIFUGO_'))
  const { engine } = settings
  return {
    ...Object.fromEntries(inherited),
    CENTRIFUGO_HTTP_SERVER_ADDRESS: '127.0.0.1',
    CENTRIFUGO_HTTP_SERVER_PORT: String(settings.port),
    CENTRIFUGO_HTTP_SERVER_INTERNAL_PORT: String(settings.internalPort),
    CENTRIFUGO_CLIENT_TOKEN_HMAC_SECRET_KEY: settings.tokenSecret,
    CENTRIFUGO_HTTP_API_KEY: settings.apiKey,
    CENTRIFUGO_CLIENT_ALLOWED_ORIGINS: settings.allowedOrigins,
    ...(settings.program !== undefined && settings.consumers),
    ...(engine.type === 'redis' && {
      CENTRIFUGO_ENGINE_TYPE: 'redis',
      CENTRIFUGO_ENGINE_REDIS_ADDRESS: engine.url,
    }),
  }
}
