import assert from 'node:assert/strict'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { test, type TestContext } from 'node:test'
import { Worker } from 'node:worker_threads'
import { connectionToken, connectSdk, startHub } from './fixture.ts'
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

/** A client on a thread of its own, which answers pings as soon as the hub's thread stands still. */
async function answeringClient(t: TestContext, url: string) {
  const counts = new Int32Array(new SharedArrayBuffer(12))
  const code = `
    const { workerData: { url, token, counts } } = require('node:worker_threads')
    const { WebSocket } = require('ws')
    const socket = new WebSocket(url)
    socket.on('open', () => socket.send(JSON.stringify({ id: 1, connect: { token } })))
    socket.on('message', (data) => {
      if (String(data) !== '{}') return
      Atomics.wait(counts, 2, 0)
      socket.send('{}', () => { Atomics.add(counts, 0, 1); Atomics.notify(counts, 0) })
    })
    socket.on('close', () => { Atomics.store(counts, 1, 1) })`
  const workerData = { url, token: await connectionToken('ann'), counts }
  const worker = new Worker(code, { eval: true, workerData })
  t.after(() => worker.terminate())
  return { answers: () => Atomics.load(counts, 0), isClosed: () => Atomics.load(counts, 1) === 1, counts }
}

test('[PNG4] a pause of the hub does not end connections that have answered', async (t) => {
  const { hub, url } = await startHub(t, { client: { pingIntervalSeconds: 0.3, pongTimeoutSeconds: 0.1 } })
  const { answers, isClosed, counts } = await answeringClient(t, url)
  const pings = () => hub.metrics.transports.websocket.sent.server_ping.messages
  while (pings() === 0) await nextTurn()
  await nextTurn()
  // The answer arrives while nobody reads it, until long after its time.
  Atomics.store(counts, 2, 1)
  Atomics.notify(counts, 2)
  while (answers() === 0) Atomics.wait(counts, 0, 0, 100)
  Atomics.wait(counts, 1, 0, 200)
  while (pings() === 1 && !isClosed()) await nextTurn()
  assert.equal(isClosed(), false)
})
