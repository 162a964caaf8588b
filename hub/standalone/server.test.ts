import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { type TestContext, test } from 'node:test'
import { Centrifuge, type PublicationContext } from 'centrifuge'
import { EventSource } from 'eventsource'
import { WebSocket } from 'ws'
import { channelToken, connectionToken, next, secret } from '../test/fixture.ts'
import { type Standalone, type StandaloneOptions, startStandalone } from './server.ts'
import { readSettings } from './settings.ts'

const loopback = { address: '127.0.0.1', port: 0 }

async function start(t: TestContext, config: object, options: StandaloneOptions = {}): Promise<Standalone> {
  const { settings, mistakes } = readSettings({ http_server: loopback, shutdown: { timeout: '5s' }, ...config })
  assert.deepEqual(mistakes, [])
  assert.ok(settings)
  const standalone = await startStandalone(settings, options)
  t.after(() => standalone.close())
  return standalone
}

const chat = {
  client: { token: { hmac_secret_key: secret } },
  channel: { namespaces: [{ name: 'room', history_size: 5, history_ttl: '60s', force_recovery: true }] },
  http_api: { key: 'api key' },
}

function sdkOf(t: TestContext, { url }: Standalone, token?: string): Centrifuge {
  const endpoint = `${url.replace('http', 'ws')}/connection/websocket`
  const sdk = new Centrifuge(endpoint, { websocket: WebSocket, ...(token !== undefined && { token }) })
  t.after(() => sdk.disconnect())
  return sdk
}

async function call(origin: string, method: string, request: object, headers: Record<string, string> = {}) {
  const response = await fetch(`${origin}/api/${method}`, { method: 'POST', headers, body: JSON.stringify(request) })
  return { status: response.status, text: await response.text() }
}

test('[CFG8] the official SDK connects with a token and receives what is published through the API', async (t) => {
  const standalone = await start(t, chat)
  const sdk = sdkOf(t, standalone, await connectionToken('ann'))
  sdk.connect()
  await sdk.ready(5000)
  const subscription = sdk.newSubscription('room:1', { token: await channelToken('ann', 'room:1') })
  subscription.subscribe()
  await subscription.ready(5000)
  const received = next<PublicationContext>(subscription, 'publication')
  const key = { 'X-API-Key': 'api key' }
  const answer = await call(standalone.url, 'publish', { channel: 'room:1', data: { hello: 'ann' } }, key)
  assert.equal(answer.status, 200)
  assert.deepEqual((await received).data, { hello: 'ann' })
  assert.equal((await call(standalone.url, 'info', {})).status, 401)
})

test('[CFG8] with `insecure` nobody needs a token', async (t) => {
  const standalone = await start(t, { client: { insecure: true }, channel: { namespaces: [{ name: 'room' }] } })
  const sdk = sdkOf(t, standalone)
  sdk.connect()
  await sdk.ready(5000)
  const subscription = sdk.newSubscription('room:1')
  subscription.subscribe()
  await subscription.ready(5000)
  const received = next<PublicationContext>(subscription, 'publication')
  await subscription.publish({ hello: 'all' })
  assert.deepEqual((await received).data, { hello: 'all' })
})

for (const transport of ['http_stream', 'sse'] as const) {
  test(`[CFG8] the official SDK connects by ${transport} where it is enabled`, async (t) => {
    const standalone = await start(t, { ...chat, http_stream: { enabled: true }, sse: { enabled: true } })
    const endpoint = `${standalone.url}/connection/${transport}`
    const sdk = new Centrifuge([{ transport, endpoint }], {
      token: await connectionToken('ann'),
      fetch,
      readableStream: ReadableStream,
      eventsource: EventSource,
      emulationEndpoint: `${standalone.url}/emulation`,
    })
    t.after(() => sdk.disconnect())
    sdk.connect()
    await sdk.ready(5000)
    const subscription = sdk.newSubscription('room:1', { token: await channelToken('ann', 'room:1') })
    subscription.subscribe()
    await subscription.ready(5000)
    const received = next<PublicationContext>(subscription, 'publication')
    await standalone.hub.publish('room:1', { n: 1 })
    assert.deepEqual((await received).data, { n: 1 })
  })
}

test('[CFG8] endpoints are where the configuration puts them, and nowhere if it does not enable them', async (t) => {
  const plain = await start(t, chat)
  const statusOf = async (origin: string, path: string, init?: RequestInit) => (await fetch(origin + path, init)).status
  const post = { method: 'POST', body: '{}' }
  assert.equal(await statusOf(plain.url, '/connection/websocket'), 400)
  for (const path of ['/connection/http_stream', '/connection/sse', '/emulation', '/health', '/metrics', '/x']) {
    assert.equal(await statusOf(plain.url, path, post), 404, path)
  }
  assert.equal(await statusOf(plain.url, '/api/info', post), 401)

  const moved = await start(t, {
    websocket: { disabled: true },
    http_stream: { enabled: true, handler_prefix: '/s/' },
    emulation: { handler_prefix: '/e' },
    http_api: { insecure: true, handler_prefix: '/server' },
    health: { enabled: true, handler_prefix: '/alive' },
    prometheus: { enabled: true },
  })
  assert.equal(await statusOf(moved.url, '/connection/websocket'), 404)
  assert.equal(await statusOf(moved.url, '/s'), 405)
  assert.equal(await statusOf(moved.url, '/e', post), 404, 'no such node')
  assert.equal(await statusOf(moved.url, '/server/info', post), 200)
  assert.equal(await statusOf(moved.url, '/alive'), 200)
  assert.equal(await statusOf(moved.url, '/metrics'), 200)

  const noApi = await start(t, { http_api: { disabled: true } })
  assert.equal(await statusOf(noApi.url, '/api/info', post), 404)
})

test('[CFG8] API, metrics and health have the internal port to themselves if there is one', async (t) => {
  const config = {
    ...chat,
    http_server: { ...loopback, internal_port: '0' },
    health: { enabled: true },
    prometheus: { enabled: true },
  }
  const standalone = await start(t, config)
  const internal = `http://127.0.0.1:${standalone.internalPort}`
  assert.notEqual(standalone.internalPort, standalone.port)
  for (const path of ['/health', '/metrics', '/api/info']) {
    assert.equal((await fetch(standalone.url + path)).status, 404, `${path} outside`)
    assert.notEqual((await fetch(internal + path)).status, 404, `${path} inside`)
  }
  assert.equal((await fetch(`${internal}/connection/websocket`)).status, 404)

  const open = await start(t, { ...config, http_api: { key: 'api key', external: true } })
  assert.equal((await call(open.url, 'info', {}, { 'X-API-Key': 'api key' })).status, 200)
  assert.equal((await call(`http://127.0.0.1:${open.internalPort}`, 'info', {})).status, 404)
})

test('[CFG8] an upgrade on another path is refused', async (t) => {
  const standalone = await start(t, chat)
  const socket = new WebSocket(`${standalone.url.replace('http', 'ws')}/elsewhere`)
  const [error] = (await once(socket, 'error')) as [Error]
  assert.match(error.message, /404/)
})

test('[CFG8] nothing in a namespace that is not available can be subscribed to', async (t) => {
  const namespaces = [{ name: 'board', subscription_type: 'map', allow_subscribe_for_client: true }]
  const standalone = await start(t, { client: { insecure: true }, channel: { namespaces } })
  const sdk = sdkOf(t, standalone)
  sdk.connect()
  await sdk.ready(5000)
  const subscription = sdk.newSubscription('board:1')
  const ended = next<{ code: number }>(subscription, 'unsubscribed')
  subscription.subscribe()
  assert.equal((await ended).code, 108)
})

test('[CFG9] who does not finish a request in time is cut', async (t) => {
  const limits = { headersTimeoutMilliseconds: 200, requestTimeoutMilliseconds: 400 }
  const standalone = await start(t, { ...chat, http_stream: { enabled: true } }, limits)
  const beginnings = [
    '',
    'GET /health HTTP/1.1\r\nHost: x\r\n',
    'POST /connection/http_stream HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{',
  ]
  for (const beginning of beginnings) {
    const socket = connect(standalone.port, '127.0.0.1')
    socket.on('error', () => {})
    await once(socket, 'connect')
    socket.write(beginning)
    socket.resume()
    await once(socket, 'close')
  }
})

test('[CFG9] streams and sockets outlast those limits', async (t) => {
  const limits = { headersTimeoutMilliseconds: 100, requestTimeoutMilliseconds: 200 }
  const config = { ...chat, client: { ...chat.client, ping_interval: '2s', pong_timeout: '1900ms' } }
  const standalone = await start(t, { ...config, http_stream: { enabled: true } }, limits)
  const response = await fetch(`${standalone.url}/connection/http_stream`, {
    method: 'POST',
    body: JSON.stringify({ id: 1, connect: { token: await connectionToken('ann') } }),
  })
  assert.ok(response.body)
  let text = ''
  for await (const chunk of response.body) {
    text += Buffer.from(chunk).toString()
    if (text.includes('\n{}\n')) break
  }
  assert.match(text, /"connect":\{/)
})

test('[CFG10] closing tells clients to reconnect and ends with the last connection', async (t) => {
  const standalone = await start(t, { ...chat, http_stream: { enabled: true } })
  const sdk = sdkOf(t, standalone, await connectionToken('ann'))
  sdk.connect()
  await sdk.ready(5000)
  const told = next<{ code: number; reason: string }>(sdk, 'connecting')
  const stream = await fetch(`${standalone.url}/connection/http_stream`, {
    method: 'POST',
    body: JSON.stringify({ id: 1, connect: { token: await connectionToken('bob') } }),
  })
  const lines = stream.text()
  await Promise.all([standalone.close(), standalone.close()])
  assert.equal((await told).code, 3001)
  assert.match(await lines, /"disconnect":\{"code":3001,"reason":"shutdown"\}/)
  await assert.rejects(fetch(standalone.url))
})

test('[CFG10] what does not end within the timeout is cut', async (t) => {
  const warnings: string[] = []
  const nothing = () => {}
  const logger = {
    debug: nothing,
    info: nothing,
    warn: (_: object, text: string) => warnings.push(text),
    error: nothing,
  }
  const standalone = await start(t, { shutdown: { timeout: '100ms' }, http_api: { insecure: true } }, { logger })
  const socket = connect(standalone.port, '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  const taken = once(socket, 'data')
  socket.write('POST /api/info HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n')
  await taken
  await standalone.close()
  assert.deepEqual(warnings, ['Connections did not end within shutdown.timeout and were cut.'])
})

test('[CFG11] a port that is taken is told in one sentence, and nothing is left running', async (t) => {
  const first = await start(t, chat)
  const sentence = `The hub cannot listen on port ${first.port} of 127.0.0.1: another program does.`
  const taken = { address: '127.0.0.1', port: first.port }
  await assert.rejects(startStandalone({ hub: {}, server: taken }), { message: sentence })
  const other = { address: '127.0.0.1', port: 0, internalPort: first.port }
  await assert.rejects(startStandalone({ hub: {}, server: other }), { message: sentence })
})
