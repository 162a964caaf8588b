import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { type Endpoint, pathOf, refuse } from '../api/endpoint.ts'
import type { Hub } from '../hub.ts'
import type { Logger } from '../options.ts'
import type { ResolvedServerOptions } from './server-options.ts'

/** What clients connect to. */
export function clientEndpoints(hub: Hub, options: ResolvedServerOptions): Endpoint[] {
  const { hasHttpStream, hasSse } = options
  return [
    // Who asks for it without an upgrade is no WebSocket client.
    ...(options.isWebSocketDisabled ? [] : [at(options.webSocketPath, (_request, response) => refuse(response, 400))]),
    ...(hasHttpStream ? [at(options.httpStreamPath, (...exchange) => hub.handleHttpStream(...exchange))] : []),
    ...(hasSse ? [at(options.ssePath, (...exchange) => hub.handleSse(...exchange))] : []),
    ...(hasHttpStream || hasSse ? [at(options.emulationPath, (...exchange) => hub.handleEmulation(...exchange))] : []),
  ]
}

function at(path: string, answer: (request: IncomingMessage, response: ServerResponse) => unknown): Endpoint {
  return (request, response) => {
    if (pathOf(request) !== path) return false
    answer(request, response)
    return true
  }
}

/** The first endpoint that takes a request answers it. */
export function routed(endpoints: readonly Endpoint[], logger: Logger): RequestListener {
  return (request, response) => {
    // Without the query, where tokens and keys may be.
    logger.debug({ method: request.method, path: pathOf(request) }, 'A request came in.')
    try {
      if (!endpoints.some((endpoint) => endpoint(request, response))) refuse(response, 404, '404 page not found\n')
    } catch (error) {
      logger.error({ err: error, path: pathOf(request) }, 'A request failed.')
      if (response.headersSent) response.destroy()
      else refuse(response, 500)
    }
  }
}

/** For a server's `upgrade` event. */
export function routedUpgrade(hub: Hub, { isWebSocketDisabled, webSocketPath }: ResolvedServerOptions) {
  return (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (!isWebSocketDisabled && pathOf(request) === webSocketPath) return hub.handleUpgrade(request, socket, head)
    socket.on('error', () => socket.destroy())
    socket.once('finish', () => socket.destroy())
    socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
  }
}
