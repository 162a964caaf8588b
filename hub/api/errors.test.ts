import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectRaw } from '../test/raw.ts'
import { startApi } from './api-fixture.ts'

const transport = { 'X-Centrifugo-Error-Mode': 'transport' }

/** Every error that a call can lead to, and its HTTP status. */
const errors: Array<[method: string, request: object, code: number, message: string, status: number]> = [
  ['publish', { channel: 'nowhere:x', data: 1 }, 102, 'unknown channel', 404],
  ['publish', { data: 1 }, 107, 'bad request', 400],
  ['publish', { channel: 'plain:x' }, 107, 'bad request', 400],
  ['rpc', { method: 'x' }, 104, 'not found', 404],
  ['presence', { channel: 'plain:x' }, 108, 'not available', 400],
  ['history', { channel: 'room:1', since: { epoch: 'x' }, limit: 1 }, 112, 'unrecoverable position', 416],
  ['broadcast', { channels: [], data: 1 }, 107, 'bad request', 400],
  ['subscribe', { user: 'ann', channel: 'nowhere:x' }, 102, 'unknown channel', 404],
]

test('[API6] errors are told by the HTTP status to who asks for that', async (t) => {
  const api = await startApi(t)
  for (const [method, request, code, message, status] of errors) {
    const body = JSON.stringify(request)
    const usual = await api.post(`/api/${method}`, body)
    assert.deepEqual([usual.status, JSON.parse(usual.text)], [200, { error: { code, message } }], method)
    const answer = await api.post(`/api/${method}`, body, transport)
    assert.deepEqual([answer.status, JSON.parse(answer.text)], [status, { code, message }], method)
    assert.equal(answer.headers.get('content-type'), 'application/json')
  }
  assert.equal((await api.post('/api/publish', '{}', { 'X-Centrifugo-Error-Mode': 'other' })).status, 200)
})

test('[API6] the whole API can be told to', async (t) => {
  const api = await startApi(t, { api: { errorMode: 'transport' } })
  for (const [method, request, code, message, status] of errors) {
    const answer = await api.post(`/api/${method}`, JSON.stringify(request))
    assert.deepEqual([answer.status, JSON.parse(answer.text)], [status, { code, message }], method)
  }
  const { text, status } = await api.post('/api/publish', '{"channel":"plain:x","data":1}')
  assert.deepEqual([status, text], [200, '{"result":{}}'])
})

test('[API6] the errors within a batch or a broadcast stay where they are', async (t) => {
  const api = await startApi(t, { api: { errorMode: 'transport' } })
  const batch = await api.post('/api/batch', '{"commands":[{"publish":{}}]}')
  assert.deepEqual([batch.status, batch.text], [200, '{"replies":[{"error":{"code":107,"message":"bad request"}}]}'])
  const broadcast = await api.post('/api/broadcast', '{"channels":["nowhere:x"],"data":1}')
  assert.equal(broadcast.status, 200)
})

test('[API1] a failure within is error 100, is logged, and says nothing more', async (t) => {
  const api = await startApi(t)
  api.hub.info = () => {
    throw new Error('a secret of the inside')
  }
  const error = { code: 100, message: 'internal server error' }
  assert.deepEqual(await api.call('info'), { error })
  const answer = await api.post('/api/info', '{}', transport)
  assert.deepEqual([answer.status, JSON.parse(answer.text)], [500, error])
  assert.deepEqual(await api.call('batch', { commands: [{ info: {} }] }), { replies: [{ error }] })
  assert.equal(api.failures.length, 3)
})

test('[API4] null is the same as nothing, and unknown members are ignored', async (t) => {
  const api = await startApi(t)
  const client = await connectRaw(t, api, 'ann')
  await client.subscribe('plain:x')
  const nothing = { b64data: null, tags: null, idempotency_key: null, skip_history: null, version: null, unknown: [{}] }
  assert.deepEqual(await api.ask('publish', { channel: 'plain:x', data: null, ...nothing }), {})
  assert.deepEqual(await client.nextPush(), { channel: 'plain:x', pub: { data: null } })
  assert.deepEqual(await api.ask('info', 'null'), await api.ask('info', '{}'))
  assert.equal(await api.ask('publish', 'null'), 107)
})
