import { createHash } from 'node:crypto'
import { createServer as createHttpServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, createServer, type Socket } from 'node:net'

/**
 * The least that a Node process can do for the same load: it knows nothing of users, channels and histories, and writes
 * ready frames to its sockets. What remains is the cost of sockets, which no hub in Node can be below.
 *
 * It speaks as much of the protocol as the load needs, prints its two ports, and answers `/api/publish` and
 * `/api/broadcast`.
 */
const writesPerTurn = 500
const sockets = new Map<Socket, string>()

const webSockets = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => socket.destroy())
  socket.on('close', () => sockets.delete(socket))
  socket.once('data', (head) => {
    const key = /sec-websocket-key: (\S+)/i.exec(head.toString())?.[1] ?? ''
    const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    )
    socket.once('data', (frame) => {
      const channel = /"channel":"([^"]+)"/.exec(frame.toString())?.[1] ?? ''
      sockets.set(socket, channel)
      socket.write(textFrame('{"id":1,"connect":{}}\n{"id":2,"subscribe":{}}'))
      socket.on('data', () => {})
    })
  })
})

const api = createHttpServer((request, response) => {
  void bodyOf(request).then(async (body) => {
    const { channel, data } = JSON.parse(body) as { channel?: string; data: unknown }
    const payload = JSON.stringify(data)
    const shared = channel === undefined ? undefined : frameFor(channel, payload)
    response.end('{}')
    let written = 0
    for (const [socket, own] of sockets) {
      socket.write(shared ?? frameFor(own, payload))
      if (++written % writesPerTurn === 0) await new Promise((resolve) => setImmediate(resolve))
    }
  })
})

const frameFor = (channel: string, payload: string) =>
  textFrame(`{"push":{"channel":"${channel}","pub":{"data":${payload},"offset":1}}}`)

function textFrame(text: string): Buffer {
  const payload = Buffer.from(text)
  const header =
    payload.length < 126
      ? Buffer.from([0x81, payload.length])
      : Buffer.from([0x81, 126, payload.length >> 8, payload.length & 0xff])
  return Buffer.concat([header, payload])
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

webSockets.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  api.listen(0, '127.0.0.1', () => {
    const [first, second] = [webSockets.address() as AddressInfo, api.address() as AddressInfo]
    process.stdout.write(`${first.port} ${second.port}\n`)
  })
})
