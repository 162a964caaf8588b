import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Hub } from '../../hub/index.ts'
import type { Server } from '../app.ts'
import { refuseUpgrade } from '../http/unreadable.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/**
 * The hub's own paths on the public port: its sockets, and the streams for networks that let no socket through. They
 * are answered before anything else looks at the request: a stream that stays open is no request under way. Where sockets belong to Centrifugo, a proxy sends these paths there.
 */
export function serveTransports(app: Server, hub: Hub | undefined): void {
  if (!hub) return void app.server.on('upgrade', (_request, socket) => refuseUpgrade(socket))
  const handlers = new Map<string, Handler>([
    ['/connection/http_stream', (request, response) => hub.handleHttpStream(request, response)],
    ['/connection/sse', (request, response) => hub.handleSse(request, response)],
    ['/emulation', (request, response) => hub.handleEmulation(request, response)],
  ])
  app.addHook('onRequest', async (request, reply) => {
    const handle = handlers.get(pathOf(request.raw))
    if (!handle) return
    reply.hijack()
    await handle(request.raw, reply.raw)
  })
  app.server.on('upgrade', (request, socket, head) => {
    if (pathOf(request) === '/connection/websocket') hub.handleUpgrade(request, socket, head)
    else refuseUpgrade(socket)
  })
}

const pathOf = ({ url = '' }: IncomingMessage) => url.split('?', 1)[0] ?? ''
