import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import { createApi, type Endpoint, type Hub } from '../../hub/index.ts'
import type { Config } from '../config.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { StartError } from '../start-error.ts'
import { wholeMetricsPage } from './metrics-page.ts'

export type Internal = { port: number; stop(): Promise<void> }

/**
 * What is for those who run the installation and never on the public port: `/metrics`, `/health` and, where the sockets
 * are ours, the hub's server API. It listens on loopback alone, and without a key the API refuses every call.
 */
export async function listenInternally(
  hub: Hub | undefined,
  metrics: Metrics,
  config: Config,
  logger: Logger,
): Promise<Internal | undefined> {
  const { INTERNAL_PORT: port, CENTRIFUGO_HTTP_API_KEY: key } = config
  if (port === undefined) return undefined
  metrics.collectProcess()
  const endpoints = [pages(hub, metrics), ...(hub ? [createApi(hub, { logger, ...(key && { key }) })] : [])]
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 30_000 }, (request, response) => {
    if (!endpoints.some((answer) => answer(request, response))) response.writeHead(404).end()
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

function pages(hub: Hub | undefined, metrics: Metrics): Endpoint {
  return (request, response) => {
    const path = request.url?.split('?', 1)[0]
    if (path !== '/metrics' && path !== '/health') return false
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD' }).end()
    } else if (path === '/health') {
      response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}')
    } else {
      void wholeMetricsPage(metrics, hub).then(
        (page) => response.writeHead(200, { 'Content-Type': metrics.registry.contentType }).end(page),
        () => response.writeHead(500).end(),
      )
    }
    return true
  }
}
