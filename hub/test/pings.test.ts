import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectSdk, startHub } from './fixture.ts'
import { connectRaw, type Message } from './raw.ts'

const quick = { client: { pingIntervalSeconds: 0.1, pongTimeoutSeconds: 0.04 } }
const isPing = (message: Message) => Object.keys(message).length === 0

test('[PNG1] pings come again and again, and who answers stays', async (t) => {
  const client = await connectRaw(t, await startHub(t, quick), 'ann')
  for (let n = 0; n < 4; n++) {
    await client.next(isPing)
    client.send({})
  }
  assert.deepEqual(await client.ask('unsubscribe', { channel: 'plain:x' }), {})
})

test('[PNG1] the SDK answers pings by itself', async (t) => {
  const fixture = await startHub(t, quick)
  const [sdk, observer] = [await connectSdk(t, fixture, 'ann'), await connectRaw(t, fixture, 'bob')]
  for (let n = 0; n < 4; n++) {
    await observer.next(isPing)
    observer.send({})
  }
  assert.equal(sdk.state, 'connected')
  assert.equal(fixture.hub.info().nodes[0]?.num_clients, 2)
})

test('[PNG2] who does not answer is sent away', async (t) => {
  const client = await connectRaw(t, await startHub(t, quick), 'ann')
  assert.deepEqual(await client.closed, { code: 3012, reason: 'no pong' })
})

test('[PNG3] a pong that nobody asked for ends the connection', async (t) => {
  const fixture = await startHub(t, { client: { pingIntervalSeconds: 0.1, pongTimeoutSeconds: 0.09 } })
  const early = await connectRaw(t, fixture, 'ann')
  early.send({})
  assert.deepEqual(await early.closed, { code: 3501, reason: 'bad request' })
  const twice = await connectRaw(t, fixture, 'ann')
  await twice.next(isPing)
  twice.send({}, {})
  assert.equal((await twice.closed).code, 3501)
})

test('[PNG3] a flood of pongs ends with the first', async (t) => {
  const fixture = await startHub(t)
  const [flood, other] = [await connectRaw(t, fixture, 'ann'), await connectRaw(t, fixture, 'bob')]
  for (let n = 0; n < 1000; n++) flood.send(...Array.from({ length: 100 }, () => ({})))
  assert.equal((await flood.closed).code, 3501)
  assert.deepEqual(await other.ask('unsubscribe', { channel: 'plain:x' }), {})
})
