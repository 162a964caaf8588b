import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { apiMethods } from './methods.ts'
import { inHeader, key, startApi, type TestApi } from './api-fixture.ts'

const isFine = async (api: TestApi) => {
  assert.deepEqual(await api.call('publish', { channel: 'plain:x', data: 1 }), { result: {} })
  assert.deepEqual(api.failures, [])
}

const methods = [...apiMethods.keys(), 'batch']

test('[API4] what is no JSON object is a bad request, for every method', async (t) => {
  const api = await startApi(t)
  const bodies = [
    '',
    ' ',
    'x',
    '{',
    '{}x',
    '{"a":1,}',
    '[]',
    '[{}]',
    '1',
    '"x"',
    'true',
    "{'a':1}",
    '\ufeff{}',
    '{"a":\n',
  ]
  for (const method of methods) {
    for (const body of bodies) {
      const { status, text, headers } = await api.post(`/api/${method}`, body)
      assert.deepEqual([status, text], [400, 'Bad Request\n'], `${method} ${body}`)
      assert.equal(headers.get('content-type'), 'text/plain; charset=utf-8')
    }
  }
  await isFine(api)
})

const wrongMembers: Record<string, object[]> = {
  publish: [
    { channel: 1 },
    { channel: {} },
    { channel: ['x'] },
    { b64data: 1 },
    { skip_history: 'true' },
    { skip_history: 1 },
    { tags: [] },
    { tags: 'x' },
    { tags: { a: 1 } },
    { tags: { a: {} } },
    { idempotency_key: 1 },
    { delta: 'fossil' },
    { version: -1 },
    { version: 1.5 },
    { version: '1' },
    { version: 1e300 },
    { version_epoch: 1 },
  ],
  broadcast: [{ channels: 'x' }, { channels: {} }, { channels: [1] }, { channels: ['x', ['y']] }, { tags: 1 }],
  subscribe: [
    { user: 1 },
    { client: 1 },
    { session: {} },
    { expire_at: '1' },
    { expire_at: 0.5 },
    { expire_at: 1e30 },
    { b64info: 1 },
    { recover_since: 1 },
    { recover_since: [] },
    { recover_since: { offset: -1 } },
    { recover_since: { epoch: 1 } },
    { override: 1 },
    { override: { presence: true } },
    { override: { presence: { value: 1 } } },
  ],
  unsubscribe: [{ user: 1 }, { channel: 1 }, { client: [] }],
  disconnect: [
    { user: [] },
    { whitelist: 'x' },
    { whitelist: [1] },
    { disconnect: 3500 },
    { disconnect: { code: '1' } },
    { disconnect: { code: -1 } },
    { disconnect: { code: 2 ** 32 } },
    { disconnect: { reason: 1 } },
  ],
  refresh: [{ user: {} }, { expired: 'yes' }, { expire_at: 'x' }],
  presence: [{ channel: 1 }],
  presence_stats: [{ channel: [] }],
  history: [
    { limit: '1' },
    { limit: 1.5 },
    { limit: 2 ** 31 },
    { since: 'x' },
    { since: { offset: 'x' } },
    { reverse: 0 },
  ],
  history_remove: [{ channel: {} }],
  channels: [{ pattern: 1 }],
  rpc: [{ method: 1 }],
}

test('[API4] a member of a wrong type is a bad request', async (t) => {
  const api = await startApi(t)
  const valid = { channel: 'room:1', channels: ['room:1'], user: 'ann', data: 1, method: 'x' }
  for (const [method, requests] of Object.entries(wrongMembers)) {
    for (const request of requests) {
      const { status } = await api.post(`/api/${method}`, JSON.stringify({ ...valid, ...request }))
      assert.equal(status, 400, `${method} ${JSON.stringify(request)}`)
    }
  }
  assert.equal(api.hub.history('room:1').offset, 0)
  await isFine(api)
})

test('[API5] strange channels, names and payloads are answered without failing', async (t) => {
  const api = await startApi(t)
  const strange = [
    '__proto__',
    'constructor',
    'plain:' + 'x'.repeat(250),
    '\u0000',
    '\ud800',
    'ö',
    ':',
    '$',
    '#',
    '*',
    ' ',
  ]
  const texts = strange.flatMap((text) => [text, `room:${text}`, `open:${text}`])
  for (const text of texts) {
    const request = { channel: text, channels: [text], user: text, data: { [text]: text }, method: text, pattern: text }
    const tags = JSON.parse(`{${JSON.stringify(text)}:"x","__proto__":"y"}`) as object
    for (const method of methods) {
      const { status } = await api.post(`/api/${method}`, JSON.stringify({ ...request, tags, idempotency_key: text }))
      assert.equal(status, 200, `${method} ${JSON.stringify(text)}`)
    }
  }
  assert.deepEqual(await api.ask('publish', '{"channel":"plain:x","data":"\\ud800","tags":{"__proto__":"y"}}'), {})
  await isFine(api)
})

test('[API4] a payload nested 256 deep is taken, one deeper is a bad request, and so is a bomb', async (t) => {
  const api = await startApi(t)
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
  const status = async (method: string, body: string) => (await api.post(`/api/${method}`, body)).status
  const publish = (depth: number) => `{"channel":"plain:x","data":${nested(depth)}}`
  assert.equal(await status('publish', publish(256)), 200)
  assert.equal(await status('batch', `{"commands":[{"publish":${publish(256)}}]}`), 200)
  for (const depth of [257, 258, 264, 10_000, 1_000_000]) {
    assert.equal(await status('publish', publish(depth)), 400, String(depth))
    assert.equal(await status('batch', `{"commands":[{"publish":${publish(depth)}}]}`), 400, String(depth))
    assert.equal(await status('subscribe', `{"channel":"plain:x","info":${nested(depth)}}`), 400)
  }
  for (const bomb of ['['.repeat(2_000_000), '{"a":'.repeat(500_000), '{"commands":'.repeat(100_000)]) {
    assert.equal(await status('batch', bomb), 400)
    assert.equal((await api.post('/api', bomb)).status, 400)
  }
  await isFine(api)
})

test('[API5] a body that is too long is refused, announced or not', async (t) => {
  const api = await startApi(t, { api: { bodySizeLimit: 100_000 } })
  const publish = (size: number) => {
    const empty = '{"channel":"room:1","data":""}'
    return `${empty.slice(0, -2)}${'x'.repeat(size - empty.length)}"}`
  }
  assert.equal((await api.post('/api/publish', publish(100_000))).status, 200)
  assert.equal((await api.post('/api/publish', publish(100_001))).status, 413)
  assert.equal((await api.post('/api/publish', publish(1_000_000))).status, 413)
  const chunked = await new Promise<number>((resolve, reject) => {
    const headers = { 'X-API-Key': inHeader(key), 'Transfer-Encoding': 'chunked' }
    const request = httpRequest(`${api.address}/api/publish`, { method: 'POST', headers }, (response) => {
      resolve(response.resume().statusCode ?? 0)
    })
    request.on('error', reject)
    for (let sent = 0; sent < 150_000; sent += 10_000) request.write('x'.repeat(10_000))
    request.end()
  })
  assert.equal(chunked, 413)
  assert.equal(api.hub.history('room:1').offset, 1)
  await isFine(api)
})

test('[API5] a body of a megabyte is taken', async (t) => {
  const api = await startApi(t)
  const data = 'ö'.repeat(500_000)
  assert.deepEqual(await api.ask('publish', { channel: 'plain:x', data }), {})
})

test('[API5] a body without end is cut off at the limit', async (t) => {
  const api = await startApi(t, { api: { bodySizeLimit: 50_000 } })
  const socket = connect(Number(new URL(api.address).port), '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write(`POST /api/publish HTTP/1.1\r\nHost: x\r\nAuthorization: x\r\nX-API-Key: `)
  socket.write(`${inHeader(key)}\r\nTransfer-Encoding: chunked\r\n\r\n`, 'latin1')
  const answer = once(socket, 'data')
  const chunk = `400\r\n${'x'.repeat(0x400)}\r\n`
  while (!socket.destroyed) {
    socket.write(chunk.repeat(8))
    await new Promise((resolve) => setImmediate(resolve))
  }
  const [head] = (await answer) as [Buffer]
  assert.match(head.toString(), /^HTTP\/1\.1 413 /)
  await isFine(api)
})

test('[API5] a body that trickles in is kept in one piece', async (t) => {
  const api = await startApi(t)
  const body = JSON.stringify({ channel: 'plain:x', data: 'x'.repeat(2000) })
  const status = await new Promise<number>((resolve, reject) => {
    const headers = { 'X-API-Key': inHeader(key), 'Transfer-Encoding': 'chunked' }
    const request = httpRequest(`${api.address}/api/publish`, { method: 'POST', headers }, (response) => {
      resolve(response.resume().statusCode ?? 0)
    })
    request.on('error', reject)
    for (const character of body) request.write(character)
    request.end()
  })
  assert.equal(status, 200)
})

test('[API5] who hangs up in the middle of a body disturbs nobody', async (t) => {
  const api = await startApi(t)
  for (const path of ['/api/publish', '/api', '/api/batch']) {
    const request = httpRequest(api.address + path, {
      method: 'POST',
      headers: { 'X-API-Key': inHeader(key), 'Content-Length': '100' },
    })
    request.on('error', () => {})
    await new Promise<void>((resolve) => request.write('{"channel":', () => resolve()))
    request.destroy()
  }
  await isFine(api)
})

test('[API4] the content type does not matter, a compressed body is no JSON', async (t) => {
  const api = await startApi(t)
  const body = '{"channel":"plain:x","data":1}'
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/octet-stream', ';;']) {
    assert.equal((await api.post('/api/publish', body, { 'Content-Type': type })).status, 200, type)
  }
  assert.equal((await api.post('/api/publish', gzipSync(body), { 'Content-Encoding': 'gzip' })).status, 400)
  assert.equal((await api.post('/api/publish', new Uint8Array([0xff, 0xfe, 0]))).status, 400)
  const invalid = Buffer.from('{"channel":"plain:x","data":"?"}')
  invalid[invalid.indexOf('?')] = 0xff
  assert.equal((await api.post('/api/publish', invalid)).status, 200)
  await isFine(api)
})
