import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** Why nothing was started, as one sentence for people. */
export class StartError extends Error {}

export type HttpLimits = {
  /** For the head of a request to arrive, from the first byte of the connection or of the request on. Default 10 s. */
  headersTimeoutMilliseconds?: number
  /** For the whole of it; answers may take for ever. Default 30 s. */
  requestTimeoutMilliseconds?: number
}

/** Server-sent events carry the connect command, with its token, in the URL; Node's own limit is 16 kB. */
const maxHeaderSize = 64 * 1024
/** Longer than proxies keep their connections: whoever closes first must be the one that would send the next request. */
const keepAliveTimeout = 75_000

export type Listening = { server: Server; port: number; stop: (timeoutSeconds: number) => Promise<'done' | 'cut'> }

export async function listen(
  { address, port }: { address: string | undefined; port: number },
  handle: RequestListener,
  {
    headersTimeoutMilliseconds: headersTimeout = 10_000,
    requestTimeoutMilliseconds: requestTimeout = 30_000,
  }: HttpLimits,
): Promise<Listening> {
  const connectionsCheckingInterval = Math.min(headersTimeout, 5000)
  const server = createServer({
    headersTimeout,
    requestTimeout,
    keepAliveTimeout,
    maxHeaderSize,
    connectionsCheckingInterval,
  })
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('request', handle)
  server.listen(port, address || undefined)
  try {
    await once(server, 'listening')
  } catch (error) {
    throw new StartError(whyNot(error, address, port))
  }
  const stop = (timeoutSeconds: number) => stopServer(server, sockets, timeoutSeconds)
  return { server, port: (server.address() as AddressInfo).port, stop }
}

function whyNot(error: unknown, address: string | undefined, port: number): string {
  const { code, message } = error as NodeJS.ErrnoException
  const where = address ? `port ${port} of ${address}` : `port ${port}`
  if (code === 'EADDRINUSE') return `The hub cannot listen on ${where}: another program does.`
  if (code === 'EACCES') return `The hub cannot listen on ${where}: this user may not.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `The hub cannot listen on ${where}: no such address here.`
  return `The hub cannot listen on ${where}: ${message}.`
}

/** Takes no new connections, waits for the ones that there are, and cuts those that take too long. */
async function stopServer(server: Server, sockets: Set<Socket>, timeoutSeconds: number): Promise<'done' | 'cut'> {
  const closed = once(server, 'close')
  server.close()
  // What was busy then would idle on for as long as it is kept alive.
  server.prependListener('request', (_request, response) => response.setHeader('Connection', 'close'))
  const closeIdle = setInterval(() => server.closeIdleConnections(), 100)
  let result: 'done' | 'cut' = 'done'
  const cut = setTimeout(() => {
    result = 'cut'
    for (const socket of sockets) socket.destroy()
  }, timeoutSeconds * 1000)
  await closed
  clearInterval(closeIdle)
  clearTimeout(cut)
  return result
}
