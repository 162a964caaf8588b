import assert from 'node:assert/strict'
import { after, describe, test, type TestContext } from 'node:test'
import { WebSocket } from 'ws'
import { newUser } from './names.ts'
import { connectRaw, isPing, openRaw } from './raw.ts'
import { connectSdk, next } from './sdk.ts'
import { startServer } from './server.ts'
import { connectionToken } from './tokens.ts'

// Pings are told to clients in whole seconds.
const server = await startServer({ after }, { client: { ping_interval: '2s', pong_timeout: '1900ms' } })

describe('pings', { concurrency: true }, () => {
  test('[PNG1] pings come again and again, and who answers stays', async (t) => {
    const client = await openRaw(t, server)
    const result = await client.ask('connect', { token: await connectionToken(newUser()) })
    assert.equal((result as { ping: number }).ping, 2)
    for (let n = 0; n < 3; n++) {
      await client.next(isPing)
      client.send({})
    }
    assert.deepEqual(await client.ask('unsubscribe', { channel: 'x' }), {})
  })

  test('[PNG1] the SDK answers pings by itself', async (t) => {
    const [sdk, silent] = [await connectSdk(t, server, newUser()), await connectRaw(t, server, newUser())]
    // Who came later and says nothing is gone: the SDK has answered by then.
    await silent.closed
    assert.equal(sdk.state, 'connected')
  })

  test('[PNG2] who does not answer is sent away', async (t) => {
    const client = await connectRaw(t, server, newUser())
    assert.deepEqual(await client.closed, { code: 3012, reason: 'no pong' })
  })

  test('[PNG3] a pong that nobody asked for ends the connection', async (t) => {
    const early = await connectRaw(t, server, newUser())
    early.send({})
    assert.deepEqual(await early.closed, { code: 3501, reason: 'bad request' })
    const twice = await connectRaw(t, server, newUser())
    await twice.next(isPing)
    twice.send({}, {})
    assert.deepEqual(await twice.closed, { code: 3501, reason: 'bad request' })
  })

  test('[PNG2] the SDK notices a server that has gone silent', async (t) => {
    const sdk = await connectSdk(t, server, newUser(), { maxServerPingDelay: 500, websocket: deafWebSocket(t) })
    const connecting = next<{ code: number }>(sdk, 'connecting')
    assert.equal((await connecting).code, 2)
  })
})

/** A socket that hears the answer to connect and nothing more. */
function deafWebSocket(t: TestContext) {
  return class extends WebSocket {
    constructor(url: string) {
      super(url)
      this.once('message', () => this.pause())
      t.after(() => this.terminate())
    }
  }
}
