import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import { createApi, type Hub } from '../../hub/index.ts'
import type { Config } from '../config.ts'
import { StartError } from '../start-error.ts'

export type Internal = { port: number; stop(): Promise<void> }

/**
 * What is for those who run the installation and never on the public port: the hub's server API, `/metrics` and
 * `/health`. It listens on loopback alone, and without a key the API refuses every call.
 */
export async function listenInternally(
  hub: Hub | undefined,
  config: Config,
  logger: Logger,
): Promise<Internal | undefined> {
  const { INTERNAL_PORT: port, CENTRIFUGO_HTTP_API_KEY: key } = config
  if (port === undefined || !hub) return undefined
  const answer = createApi(hub, { healthPath: '/health', metricsPath: '/metrics', logger, ...(key && { key }) })
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 30_000 }, (request, response) => {
    if (!answer(request, response)) response.writeHead(404).end()
  })
  server.listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EADDRINUSE') throw new StartError(`INTERNAL_PORT ${port} is taken by another program.`)
    if (code === 'EACCES') throw new StartError(`INTERNAL_PORT ${port} may not be opened by this user.`)
    throw error
  }
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
