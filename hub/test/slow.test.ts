import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test, type TestContext } from 'node:test'
import { connectionToken, startHub, type TestHub } from './fixture.ts'

/** A socket that is opened, says what it must, and reads nothing from then on. */
async function stoppedReader(t: TestContext, { hub, url }: TestHub, channel: string): Promise<void> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  t.after(() => socket.destroy())
  socket.on('error', () => {})
  socket.write(
    'GET /connection/websocket HTTP/1.1\r\nHost: hub\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
  )
  const connectCommand = { id: 1, connect: { token: await connectionToken('slow') } }
  socket.write(maskedText(`${JSON.stringify(connectCommand)}\n{"id":2,"subscribe":{"channel":"${channel}"}}`))
  socket.pause()
  while (!hub.channels().channels[channel]) await new Promise((resolve) => setImmediate(resolve))
}

function maskedText(text: string): Buffer {
  const payload = Buffer.from(text)
  const header = Buffer.from([0x81, 0xfe, payload.length >> 8, payload.length & 0xff, 0, 0, 0, 0])
  return Buffer.concat([header, payload])
}

test('[LIM9] who takes nothing of what is written is let go', async (t) => {
  const ends: unknown[] = []
  const log = (fields: object) => ends.push(fields)
  const fixture = await startHub(t, {
    client: { writeTimeoutSeconds: 0.01, queueMaxSize: 1024 * 1024 * 1024 },
    logger: { debug: log, info: log, warn: log, error: log },
  })
  await stoppedReader(t, fixture, 'plain:1')
  const payload = 'x'.repeat(100_000)
  while (fixture.hub.channels().channels['plain:1']) {
    await fixture.hub.publish('plain:1', payload)
    await new Promise((resolve) => setImmediate(resolve))
  }
  assert.ok(ends.some((fields) => (fields as { code?: number }).code === 3009))
})
