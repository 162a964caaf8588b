import { connect, type Socket } from 'node:net'

export type RawAnswer = { status: number; head: string; body: string }

/** One request as bytes on a socket of its own, for what no HTTP client would send. */
export function askRaw(url: string, request: string | Buffer): Promise<RawAnswer> {
  const socket = openRaw(url)
  socket.write(request)
  return readAnswer(socket)
}

export function openRaw(url: string): Socket {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  // The server may hang up while we still write.
  socket.on('error', () => undefined)
  return socket
}

/** What the server says until it hangs up. */
export function readAnswer(socket: Socket): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('close', () => resolve(parseAnswer(Buffer.concat(chunks).toString())))
  })
}

function parseAnswer(text: string): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n')
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 0), head, body: rest.join('\r\n\r\n') }
}
