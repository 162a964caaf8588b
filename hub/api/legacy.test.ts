import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startApi, type TestApi } from './api-fixture.ts'

async function run(api: TestApi, body: string): Promise<unknown[]> {
  const { status, text } = await api.post('/api', body)
  assert.equal(status, 200, text)
  return text.split('\n').map((line) => JSON.parse(line) as unknown)
}

test('[API15] the path of old takes commands, one or more', async (t) => {
  const api = await startApi(t)
  const { epoch } = api.hub.history('room:1')
  const commands = [
    '{"id":1,"method":"publish","params":{"channel":"room:1","data":1.0}}',
    '{"method":"PUBLISH","params":{"channel":"nowhere:1","data":1}}',
    '{"params":{"channel":"room:1","data":"x"}} {"method":6,"params":{"channel":"room:1"}}',
    '{"id":4,"method":"info"}',
    '{"id":5,"method":99}{"method":null}',
    '{"id":0,"method":"publish","params":{"channel":7}}',
    '{"id":7,"method":"presence_stats","params":{"channel":"open:1"}}',
  ]
  const replies = await run(api, commands.join('\n'))
  const badRequest = { error: { code: 107, message: 'bad request' } }
  assert.deepEqual(replies, [
    { id: 1, result: { offset: 1, epoch } },
    { error: { code: 102, message: 'unknown channel' } },
    { result: { offset: 2, epoch } },
    { result: { publications: [], epoch, offset: 2 } },
    { id: 4, result: { nodes: api.hub.info().nodes } },
    { id: 5, error: { code: 104, message: 'not found' } },
    badRequest,
    badRequest,
    { id: 7, result: { num_clients: 0, num_users: 0 } },
  ])
})

test('[API15] what is malformed there is a bad request, and what was done before stays done', async (t) => {
  const api = await startApi(t)
  const good = '{"method":"publish","params":{"channel":"room:1","data":1}}'
  const malformed = ['', ' ', '1', '[]', '"x"', '{', '}', '{"method":"none"}', '{"method":{}}', '{"id":"1"}', '\u0000']
  for (const body of malformed) {
    assert.equal((await api.post('/api', body)).status, 400, body)
    if (body.trim() !== '') assert.equal((await api.post('/api', good + body)).status, 400, body)
  }
  assert.equal(api.hub.history('room:1').offset, malformed.length - 2)
  assert.deepEqual(api.failures, [])
})

test('[API15] its errors never become a status', async (t) => {
  const api = await startApi(t, { api: { errorMode: 'transport' } })
  assert.deepEqual(await run(api, 'null'), [{ error: { code: 107, message: 'bad request' } }])
})
