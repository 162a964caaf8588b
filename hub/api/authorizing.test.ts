import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inHeader, key, send, startApi } from './api-fixture.ts'

const publish = '{"channel":"plain:x","data":1}'

test('[API2] the key opens the API from either header, and from the query', async (t) => {
  const { address } = await startApi(t)
  const status = async (headers: Record<string, string>, query = '') =>
    (await send(`${address}/api/publish${query}`, publish, headers)).status
  const [right, wrong] = [inHeader(key), 'wrong']
  assert.equal(await status({}), 401)
  assert.equal(await status({ 'X-API-Key': right }), 200)
  assert.equal(await status({ 'X-API-Key': wrong }), 401)
  assert.equal(await status({ 'X-API-Key': right.slice(0, -1) }), 401)
  assert.equal(await status({ Authorization: `Bearer x` }), 401)
  assert.equal(await status({ Authorization: `apikey` }), 401)
  assert.equal(await status({ Authorization: `apikey ${wrong}` }), 401)
  const query = `?x=1&api_key=${encodeURIComponent(key)}`
  assert.equal(await status({}, query), 200)
  assert.equal(await status({ 'X-API-Key': wrong }, query), 200)
  assert.equal(await status({}, '?api_key='), 401)
  assert.equal(await status({}, '?api_key=%E0%A4%A'), 401)
})

test('[API2] a key without spaces stands in Authorization, whatever the case of the scheme', async (t) => {
  const { address } = await startApi(t, { api: { key: 'simple' } })
  const status = async (headers: Record<string, string>) =>
    (await send(`${address}/api/publish`, publish, headers)).status
  assert.equal(await status({ Authorization: 'apikey simple' }), 200)
  assert.equal(await status({ Authorization: 'ApiKey  simple' }), 200)
  assert.equal(await status({ Authorization: 'apikey simple more' }), 401)
  assert.equal(await status({ Authorization: 'apikey simple', 'X-API-Key': 'wrong' }), 401, 'X-API-Key goes first')
  assert.equal(await status({ Authorization: 'apikey simple', 'X-API-Key': '' }), 200)
})

test('[API2] without a key to compare with nobody is let in, unless nobody shall be asked', async (t) => {
  for (const api of [{ key: '' }, {}]) {
    const { address } = await startApi(t, { api: { key: '', ...api } })
    assert.equal((await send(`${address}/api/publish`, publish, { 'X-API-Key': '' })).status, 401)
    assert.equal((await send(`${address}/api/publish?api_key=`, publish)).status, 401)
  }
  const { address } = await startApi(t, { api: { isInsecure: true, key: 'unused' } })
  assert.equal((await send(`${address}/api/publish`, publish)).status, 200)
})

test('[API2] nothing is done for who has no key', async (t) => {
  const { address, hub } = await startApi(t)
  const refused = await send(`${address}/api/publish`, '{"channel":"room:1","data":1}', { 'X-API-Key': 'wrong' })
  assert.deepEqual({ status: refused.status, text: refused.text }, { status: 401, text: '' })
  assert.equal(hub.history('room:1').offset, 0)
  assert.equal(hub.metrics.apiDurations.size, 0)
})

test('[API3] unknown methods are not found, others than POST are not allowed, both before the key counts', async (t) => {
  const { address } = await startApi(t)
  const status = async (path: string, method?: string) => (await send(address + path, '', {}, method)).status
  for (const path of ['/api/', '/api/unknown', '/api/publish/', '/api/Publish', '/api/__proto__', '/api/map_publish']) {
    assert.equal(await status(path), 404, path)
  }
  for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH']) {
    assert.equal(await status('/api/publish', method), 405, method)
  }
  assert.equal(await status('/api/unknown', 'GET'), 404)
  for (const path of ['/apis', '/', '/apipublish', '/connection/websocket', '/health/x']) {
    assert.equal(await status(path), 418, `${path} is not its`)
  }
})

test('[API3] the API is where its path is, or at the root', async (t) => {
  const elsewhere = await startApi(t, { api: { path: '/internal/api/' } })
  assert.equal((await elsewhere.post('/internal/api/publish', publish)).status, 200)
  assert.equal((await elsewhere.post('/api/publish', publish)).status, 418)
  const root = await startApi(t, { api: { path: '/' } })
  assert.equal((await root.post('/publish', publish)).status, 200)
  assert.equal((await root.post('/', '{"method":"info"}')).status, 200)
  assert.equal((await root.post('/unknown', publish)).status, 418, 'the root belongs to others, too')
})
