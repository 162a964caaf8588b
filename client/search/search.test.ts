import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Client } from '../client.ts'
import { createMemoryStorage } from '../storage/memory.ts'
import { type FixtureOptions, ann, bob, startFixture } from '../testing/fixture.ts'
import { MemoryCache } from '../testing/memory-cache.ts'
import type { ModelServer } from '../testing/model-server.ts'
import { settle } from '../testing/virtual-time.ts'

const lines = ['Morning all', 'Das Café öffnet', '今天的会议很长', 'see https://example.com']

/** Ann's browser with #general on screen. */
async function start(options: FixtureOptions = {}) {
  const storage = { ...createMemoryStorage(), cache: new MemoryCache() }
  const prepare = (model: ModelServer) => lines.forEach((text) => void model.send(bob, 1, text))
  const fixture = await startFixture({ prepare, ...options, options: { storage } })
  fixture.client.messages.open(1)
  await settle()
  return fixture
}

const found = async (client: Client, q: string) => (await client.search.local(q)).map(({ message }) => message.content)

test('what is on this device is found without asking anybody', async () => {
  const { client, calls } = await start()
  calls.length = 0
  assert.deepEqual(await found(client, 'cafe'), [lines[1]])
  assert.deepEqual(await found(client, '会议'), [lines[2]])
  assert.deepEqual(await found(client, 'in:general from:bob has:link'), [lines[3]])
  assert.deepEqual(await found(client, 'from:me morning'), [])
  assert.deepEqual(await found(client, 'in:elsewhere morning'), [])
  assert.deepEqual(await found(client, 'before:soon'), [], 'what is no search finds nothing')
  assert.deepEqual(calls, [])
})

test('so is what an earlier page kept, also offline', async () => {
  const { reload, device, hold } = await start()
  device.isOnline = false
  hold()
  const next = await reload()
  assert.deepEqual(await found(next, 'cafe'), [lines[1]])
})

test('a removed or edited message is found as it is now, whatever is kept', async () => {
  const { client, model, hide } = await start()
  hide()
  await settle()
  model.change(1, 2, 'remove')
  model.change(1, 1, 'edit')
  await settle()
  assert.deepEqual(await found(client, 'cafe'), [])
  const [row] = client.messages.timeline(1).get().messages
  assert.deepEqual(await found(client, row!.content), [row!.content])
})

test('nothing is found in a room that one has left', async () => {
  const { client, model } = await start()
  model.leave(ann, 1)
  await settle()
  assert.deepEqual(await found(client, 'cafe'), [])
})

test('the server is asked with what was typed, and for what comes after the last result', async () => {
  const answer = { results: [], more: false }
  const { client, callsTo } = await start({
    intercept: ({ path }) => (path === '/api/search/messages/' ? { status: 200, body: answer } : undefined),
  })
  assert.deepEqual(await client.search.messages('in:"a b" 100%', { before: 12 }), answer)
  const [call] = callsTo('/api/search/messages/')
  assert.deepEqual([call?.query.get('q'), call?.query.get('before')], ['in:"a b" 100%', '12'])
})
