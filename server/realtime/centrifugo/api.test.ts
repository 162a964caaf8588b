import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { CentrifugoApi, CentrifugoRefusal } from './api.ts'

/** Answers with these statuses, one after the other, the last of them for ever. */
async function startAnswering(t: TestContext, ...statuses: number[]) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.url} ${String(request.headers['x-api-key'])}`)
    const status = statuses.length > 1 ? statuses.shift() : statuses[0]
    response.writeHead(status ?? 200).end(status === 200 ? '{"result":{"ok":1}}' : '{"code":107,"message":"no"}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  return { api: new CentrifugoApi({ endpoint: `http://127.0.0.1:${port}/api`, key: 'k' }), asked }
}

test('what fails is tried again, and the answer is what Centrifugo says', async (t) => {
  const { api, asked } = await startAnswering(t, 500, 503, 200)
  assert.deepEqual(await api.call('publish', {}), { ok: 1 })
  assert.deepEqual(asked, Array(3).fill('/api/publish k'))
})

test('a refusal is not tried again, and however many there are, Centrifugo is there', async (t) => {
  const statuses = Array.from({ length: 7 }, () => 400)
  const { api, asked } = await startAnswering(t, ...statuses, 200)
  for (let n = 1; n <= 7; n++) {
    await assert.rejects(api.call('publish', {}), CentrifugoRefusal)
    assert.equal(asked.length, n)
  }
  assert.deepEqual(await api.call('publish', {}), { ok: 1 })
})

test('nobody there: the call fails after some attempts', async (t) => {
  const { api, asked } = await startAnswering(t, 502)
  await assert.rejects(api.call('publish', {}), /answered publish with 502/)
  assert.equal(asked.length, 4)
})
