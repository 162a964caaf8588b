import assert from 'node:assert/strict'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { test, type TestContext } from 'node:test'
import { Centrifuge, type Options } from 'centrifuge'
import { EventSource } from 'eventsource'
import { connectionToken, next, startHub, type TestHub } from './fixture.ts'

const transports = ['http_stream', 'sse'] as const

async function connectOver(t: TestContext, { http }: TestHub, transport: (typeof transports)[number], user: string) {
  const options: Partial<Options> = {
    token: await connectionToken(user),
    emulationEndpoint: `${http}/emulation`,
    eventsource: EventSource,
    fetch: globalThis.fetch,
    readableStream: globalThis.ReadableStream,
    minReconnectDelay: 10,
    maxReconnectDelay: 50,
  }
  const sdk = new Centrifuge([{ transport, endpoint: `${http}/connection/${transport}` }], options)
  t.after(() => sdk.disconnect())
  sdk.connect()
  await sdk.ready(5000)
  return sdk
}

for (const transport of transports) {
  test(`[HTP1] [HTP2] [HTP3] ${transport}: the SDK subscribes, publishes and recovers`, async (t) => {
    const fixture = await startHub(t)
    const sdk = await connectOver(t, fixture, transport, 'ann')
    const subscription = sdk.newSubscription('open:1', { recoverable: true })
    const heard: unknown[] = []
    subscription.on('publication', ({ data }) => heard.push(data))
    subscription.subscribe()
    await subscription.ready(5000)
    await subscription.publish('from Ann')
    await fixture.hub.publish('open:1', 'from the server')
    while (heard.length < 2) await next(subscription, 'publication')
    assert.deepEqual(heard, ['from Ann', 'from the server'])
    assert.equal((await subscription.presenceStats()).numClients, 1)
    const gone = next<{ code: number }>(sdk, 'connecting')
    fixture.hub.disconnect('ann', { code: 3011, reason: 'force reconnect' })
    assert.equal((await gone).code, 3011)
    await fixture.hub.publish('open:1', 'meanwhile')
    while (heard.length < 3) await next(subscription, 'publication')
    assert.equal(heard[2], 'meanwhile')
  })

  test(`[HTP5] ${transport}: the end is told, and a client that goes is gone`, async (t) => {
    const fixture = await startHub(t)
    const sdk = await connectOver(t, fixture, transport, 'ann')
    const end = next<{ code: number; reason: string }>(sdk, 'disconnected')
    fixture.hub.disconnect('ann')
    assert.deepEqual(await end, { code: 3503, reason: 'force disconnect' })
    const other = await connectOver(t, fixture, transport, 'bob')
    assert.equal(fixture.hub.info().nodes[0]?.num_clients, 1)
    other.disconnect()
    while (fixture.hub.info().nodes[0]?.num_clients !== 0) await nextTurn()
  })
}

test('[HTP1] a stream carries a document a line, and the reply says how to answer', async (t) => {
  const fixture = await startHub(t)
  const frame = JSON.stringify({ id: 1, connect: { token: await connectionToken('ann') } })
  const stream = await openStream(t, fixture, frame)
  assert.equal(stream.response.headers.get('x-accel-buffering'), 'no')
  const { connect } = (await stream.next()) as { connect: { session: string; node: string; client: string } }
  const { session, node } = connect
  const body = (data: string) => JSON.stringify({ session, node, data })
  const answer = await post(fixture, '/emulation', body('{"id":2,"presence":{"channel":"here:1"}}'))
  assert.equal(answer.status, 204)
  assert.deepEqual(await stream.next(), { id: 2, error: { code: 103, message: 'permission denied' } })
  await post(fixture, '/emulation', body('garbage'))
  assert.deepEqual(await stream.next(), { push: { disconnect: { code: 3501, reason: 'bad request' } } })
  assert.equal(await stream.next(), undefined)
  assert.equal((await post(fixture, '/emulation', body('{}'))).status, 204)
})

test('[HTP4] what is wrong with a request is told by its status', async (t) => {
  const fixture = await startHub(t)
  const status = async (path: string, init: RequestInit) => (await fetch(fixture.http + path, init)).status
  const large = 'x'.repeat(65_537)
  for (const path of ['/emulation', '/connection/http_stream', '/connection/sse']) {
    assert.equal(await status(path, { method: 'POST', body: large }), 413, path)
    assert.equal(await status(path, { method: 'PUT', body: 'x' }), 405, path)
  }
  assert.equal(await status('/connection/sse', {}), 400)
  const emulate = (body: string) => status('/emulation', { method: 'POST', body })
  assert.equal(await emulate('{"session":"a","node":"another","data":"{}"}'), 404)
  for (const body of ['', '[]', 'null', '{"session":1}', '{"node":{}}', '\uFFFF']) {
    assert.ok([400, 404].includes(await emulate(body)), body)
  }
})

test('[HTP6] pages of allowed origins alone may ask', async (t) => {
  const fixture = await startHub(t, { allowedOrigins: ['https://chat.example.com'] })
  const frame = JSON.stringify({ id: 1, connect: { token: await connectionToken('ann') } })
  const ask = (method: string, origin: string, headers = {}) =>
    fetch(`${fixture.http}/connection/http_stream`, {
      method,
      headers: { Origin: origin, ...headers },
      ...(method === 'POST' && { body: frame }),
    })
  const preflight = await ask('OPTIONS', 'https://chat.example.com', { 'Access-Control-Request-Headers': 'x-a' })
  assert.equal(preflight.status, 204)
  assert.equal(preflight.headers.get('access-control-allow-origin'), 'https://chat.example.com')
  assert.equal(preflight.headers.get('access-control-allow-credentials'), 'true')
  assert.equal(preflight.headers.get('access-control-allow-headers'), 'x-a')
  for (const origin of ['https://evil.example.com', 'null', 'https://chat.example.com.evil.com']) {
    const answer = await ask('OPTIONS', origin)
    assert.equal(answer.headers.get('access-control-allow-origin'), null, origin)
    assert.equal((await ask('POST', origin)).status, 403, origin)
  }
  const allowed = await ask('POST', 'https://chat.example.com')
  assert.equal(allowed.status, 200)
  await allowed.body?.cancel()
})

function post({ http }: TestHub, path: string, body: string) {
  return fetch(http + path, { method: 'POST', body })
}

async function openStream(t: TestContext, { http }: TestHub, frame: string) {
  const abort = new AbortController()
  t.after(() => abort.abort())
  const response = await fetch(`${http}/connection/http_stream`, { method: 'POST', body: frame, signal: abort.signal })
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  const decoder = new TextDecoder()
  let text = ''
  const next = async (): Promise<unknown> => {
    while (!text.includes('\n')) {
      const { done, value } = await reader.read()
      if (done) return undefined
      text += decoder.decode(value, { stream: true })
    }
    const end = text.indexOf('\n')
    const line = text.slice(0, end)
    text = text.slice(end + 1)
    return JSON.parse(line)
  }
  return { response, next }
}
