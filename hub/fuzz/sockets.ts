import type { Random } from './values.ts'

export const jsonConnect = Buffer.from('{"id":1,"connect":{}}')
/** A command with the id 1 and an empty connect, behind its length. */
export const protobufConnect = Buffer.from([4, 8, 1, 34, 0])

/** The handshake of a WebSocket, of which parts are wrong when there is a generator. */
export function upgradeRequest(query: string, generator?: Random): string {
  const headers: Array<[name: string, value: string, others?: string[]]> = [
    ['Upgrade', 'websocket', ['h2c', '', 'WEBSOCKET, x']],
    ['Connection', 'Upgrade', ['close', 'keep-alive, upgrade']],
    ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ==', ['short', '', 'x'.repeat(5000)]],
    ['Sec-WebSocket-Version', '13', ['8', '', '13, 8', '-1']],
    ['Sec-WebSocket-Protocol', '', ['centrifuge-protobuf', 'a, a', ',,', 'centrifuge-json;', 'x'.repeat(5000)]],
    ['Sec-WebSocket-Extensions', '', ['permessage-deflate; server_max_window_bits=1', 'permessage-deflate', ';', '=']],
    ['Origin', '', ['null', 'https://evil', '\u00ff', '*']],
    ['Content-Length', '', ['5', '999999999', '-1']],
  ]
  const lines = headers.flatMap(([name, value, others = []]) => {
    const chosen = generator && generator.below(4) === 0 ? generator.pick(others) : value
    return chosen ? [`${name}: ${chosen}\r\n`] : []
  })
  return `GET /connection/websocket${query} HTTP/1.1\r\nHost: hub\r\n${lines.join('')}\r\n`
}

/** A payload as one masked frame. */
export function whole(payload: Buffer, isBinary = false): Buffer {
  const size =
    payload.length < 126
      ? Buffer.from([payload.length | 128])
      : payload.length < 65_536
        ? Buffer.from([254, payload.length >> 8, payload.length & 255])
        : Buffer.concat([Buffer.from([255]), Buffer.from(BigInt(payload.length).toString(16).padStart(16, '0'), 'hex')])
  return Buffer.concat([Buffer.from([isBinary ? 0x82 : 0x81]), size, Buffer.alloc(4), payload])
}
