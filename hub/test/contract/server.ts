import { randomUUID } from 'node:crypto'
import { apiKey, type CentrifugoConfig, wholeConfig } from './config.ts'
import { startInProcess } from './drivers/in-process.ts'
import { freePort } from './drivers/ports.ts'
import { startProcess } from './drivers/process.ts'

/** What the tests talk to. They know nothing else of it. */
export type ServerUnderTest = {
  name: 'hub' | 'centrifugo'
  engine: 'memory' | 'redis'
  port: number
  url: string
  wsUrl: string
  httpStreamUrl: string
  sseUrl: string
  emulationUrl: string
  apiUrl: string
  apiKey: string
  /** Ends it as a signal would and starts it again on the same port; what was in memory is gone. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** Starts a server that listens when it resolves. */
export type Driver = (config: object, port: number) => Promise<RunningServer>
export type RunningServer = { stop(): Promise<void> }

/**
 * Which server it is, and how it is run, by the environment:
 * nothing or `CONTRACT_SERVER=hub`: our hub within the test's process, which starts fastest;
 * `CONTRACT_SERVER=hub-process`: our hub as its users run it;
 * `CONTRACT_SERVER=centrifugo CENTRIFUGO_BIN=<path>`: that program, with `CONTRACT_ENGINE=redis REDIS_URL=<url>` on Redis
 * (so far run with a stand-in alone, our hub as that program; see tools/test-stack.ts).
 */
const { CONTRACT_SERVER: kind = 'hub', CONTRACT_ENGINE: engine = 'memory', CENTRIFUGO_BIN, REDIS_URL } = process.env

export const serverName = kind === 'centrifugo' ? 'centrifugo' : 'hub'
export const engineName = engine === 'redis' ? 'redis' : 'memory'

/** Our hub as a program. */
export const hubProgram = [process.execPath, `${import.meta.dirname}/../../standalone/main.ts`]

function chosenDriver(): Driver {
  if (kind === 'hub') return startInProcess
  if (kind === 'hub-process') return startProcess(hubProgram)
  if (kind === 'centrifugo' && CENTRIFUGO_BIN) return startProcess([CENTRIFUGO_BIN])
  throw new Error('CONTRACT_SERVER is hub, hub-process, or centrifugo with CENTRIFUGO_BIN.')
}

/** A server for the tests of a file, or for one test: it ends when they do. */
export async function startServer(
  owner: { after(run: () => Promise<void>): void },
  config: CentrifugoConfig,
  start: Driver = chosenDriver(),
): Promise<ServerUnderTest> {
  // Of its own, so that many servers can share one Redis.
  const place = engineName === 'redis' ? { engine: redisEngine() } : {}
  const startOn = (port: number) => start(wholeConfig(config, { port, ...place }), port)
  let { port, running } = await onFreePort(startOn)
  const url = `http://127.0.0.1:${port}`
  const server: ServerUnderTest = {
    name: serverName,
    engine: engineName,
    port,
    url,
    wsUrl: `ws://127.0.0.1:${port}/connection/websocket`,
    httpStreamUrl: `${url}/connection/http_stream`,
    sseUrl: `${url}/connection/sse`,
    emulationUrl: `${url}/emulation`,
    apiUrl: `${url}/api`,
    apiKey,
    async restart() {
      await running.stop()
      running = await startOn(port)
    },
    stop: () => running.stop(),
  }
  owner.after(() => server.stop())
  return server
}

function redisEngine(): object {
  if (!REDIS_URL) throw new Error('CONTRACT_ENGINE=redis needs REDIS_URL.')
  return { type: 'redis', redis: { address: [REDIS_URL], prefix: `contract-${randomUUID()}` } }
}

/** Between looking for a free port and listening on it, another process may have taken it. */
async function onFreePort(startOn: (port: number) => Promise<RunningServer>) {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    try {
      return { port, running: await startOn(port) }
    } catch (error) {
      if (attempt === 3 || !/address already in use|another program/.test(String(error))) throw error
    }
  }
}
