import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { pino } from 'pino'
import { readConfig } from '../config.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { type Internal, listenInternally } from './listen.ts'

const key = 'a key of at least sixteen characters'
const logger = pino({ level: 'silent' })

let server: TestServer
let internal: Internal
before(async () => {
  server = await startTestServer()
  const config = readConfig({ INTERNAL_PORT: '0', CENTRIFUGO_HTTP_API_KEY: key })
  internal = (await listenInternally(server.services.realTime.hub, server.services.metrics, config, logger)) as Internal
})
after(async () => {
  await internal.stop()
  await server.stop()
})

const ask = (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${internal.port}${path}`, init)

test('metrics, health and the API are on a port of their own', async () => {
  const ann = await server.member('ann')
  const listener = await server.listen(ann)
  assert.match(await (await ask('/metrics')).text(), /^centrifugo_node_num_clients 1$/m)
  assert.equal((await ask('/health')).status, 200)
  const body = JSON.stringify({ channel: 'workspace' })
  assert.equal((await ask('/api/history', { method: 'POST', body })).status, 401)
  const answer = await ask('/api/info', { method: 'POST', headers: { 'X-API-Key': key }, body: '{}' })
  assert.match(await answer.text(), /"num_clients":1/)
  assert.equal((await ask('/')).status, 404)
  listener.close()
})

test('the public port knows nothing of them', async () => {
  for (const path of ['/metrics', '/health', '/api/info', '/api/publish', '/api/broadcast', '/api']) {
    const headers = { 'X-API-Key': key, 'Content-Type': 'application/json', Origin: server.url }
    const answer = await fetch(server.url + path, { method: 'POST', headers, body: '{}' })
    assert.ok([403, 404].includes(answer.status), `${path}: ${answer.status}`)
    assert.doesNotMatch(await answer.text(), /num_clients|centrifugo/)
  }
})

test('without a key the API refuses everybody, and without the setting there is no port', async () => {
  const keyless = (await listenInternally(
    server.services.realTime.hub,
    server.services.metrics,
    readConfig({ INTERNAL_PORT: '0' }),
    logger,
  )) as Internal
  const answer = await fetch(`http://127.0.0.1:${keyless.port}/api/info`, { method: 'POST', body: '{}' })
  assert.equal(answer.status, 401)
  await keyless.stop()
  assert.equal(
    await listenInternally(server.services.realTime.hub, server.services.metrics, readConfig({}), logger),
    undefined,
  )
})

test('a port that is taken is told in a sentence', async () => {
  const taken = readConfig({ INTERNAL_PORT: String(internal.port) })
  await assert.rejects(
    listenInternally(server.services.realTime.hub, server.services.metrics, taken, logger),
    /INTERNAL_PORT \d+ is taken/,
  )
})
