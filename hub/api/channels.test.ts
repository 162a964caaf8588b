import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectRaw, type Message } from '../test/raw.ts'
import { startApi } from './api-fixture.ts'

test('[API12] presence tells who subscribes, by client', async (t) => {
  const api = await startApi(t)
  const [ann, second, bob] = [
    await connectRaw(t, api, 'ann', { info: { name: 'Ann' } }),
    await connectRaw(t, api, 'ann'),
    await connectRaw(t, api, 'bob'),
  ]
  for (const client of [ann, second, bob]) await client.subscribe('open:x')
  const { presence } = (await api.ask('presence', { channel: 'open:x' })) as { presence: Record<string, Message> }
  const [[id, first] = ['', {}]] = Object.entries(presence)
  assert.deepEqual(first, { user: 'ann', client: id, conn_info: { name: 'Ann' } })
  assert.deepEqual(
    Object.values(presence).map(({ user }) => user),
    ['ann', 'ann', 'bob'],
  )
  assert.deepEqual(await api.ask('presence_stats', { channel: 'open:x' }), { num_clients: 3, num_users: 2 })
  assert.deepEqual(await api.ask('presence', { channel: 'open:empty' }), { presence: {} })
  assert.deepEqual(await api.ask('presence_stats', { channel: 'open:empty' }), { num_clients: 0, num_users: 0 })
})

test('[API12] history is read forward, backward, from a position and without end', async (t) => {
  const api = await startApi(t)
  const ask = (request: object) => api.ask('history', { channel: 'room:1', ...request })
  const empty = (await ask({ limit: 5 })) as Message
  assert.deepEqual({ ...empty, epoch: '' }, { publications: [], epoch: '', offset: 0 })
  for (const data of ['a', 'b', 'c']) await api.ask('publish', { channel: 'room:1', data, tags: { is: data } })
  const { epoch } = empty
  const kept = ['a', 'b', 'c'].map((data, index) => ({ data, offset: index + 1, tags: { is: data } }))
  assert.deepEqual(await ask({}), { publications: [], epoch, offset: 3 })
  assert.deepEqual(await ask({ limit: -1 }), { publications: kept, epoch, offset: 3 })
  assert.deepEqual(await ask({ limit: 2 }), { publications: kept.slice(0, 2), epoch, offset: 3 })
  assert.deepEqual(await ask({ limit: 2, reverse: true }), { publications: kept.slice(1).reverse(), epoch, offset: 3 })
  const since = { offset: 1, epoch }
  assert.deepEqual(await ask({ limit: -1, since }), { publications: kept.slice(1), epoch, offset: 3 })
  assert.deepEqual(await ask({ limit: -1, since: {} }), { publications: kept, epoch, offset: 3 })
  assert.equal(await ask({ limit: 1, since: { offset: 1, epoch: 'other' } }), 112)
  assert.deepEqual(await api.call('history_remove', { channel: 'room:1' }), { result: {} })
  assert.deepEqual(await ask({ limit: -1 }), { publications: [], epoch, offset: 3 })
})

test('[API12] history tells who published', async (t) => {
  const api = await startApi(t)
  const client = await connectRaw(t, api, 'ann')
  await client.ask('publish', { channel: 'open:x', data: 1 })
  const { publications } = (await api.ask('history', { channel: 'open:x', limit: 1 })) as { publications: Message[] }
  const { client: id, ...info } = (publications[0]?.['info'] ?? {}) as Message
  assert.deepEqual(info, { user: 'ann' })
  assert.match(String(id), /^[0-9a-f-]{36}$/)
})

test('[API12] channels with subscribers are listed, those that match a pattern if one is given', async (t) => {
  const api = await startApi(t)
  assert.deepEqual(await api.ask('channels'), { channels: {} })
  for (const channels of [['plain:a', 'plain:b', 'open:a'], ['plain:a']]) {
    const client = await connectRaw(t, api, 'ann')
    for (const channel of channels) await client.subscribe(channel)
  }
  const all = { 'plain:a': { num_clients: 2 }, 'plain:b': { num_clients: 1 }, 'open:a': { num_clients: 1 } }
  assert.deepEqual(await api.ask('channels', {}), { channels: all })
  assert.deepEqual(await api.ask('channels', { pattern: '*:a' }), {
    channels: { 'plain:a': { num_clients: 2 }, 'open:a': { num_clients: 1 } },
  })
  assert.deepEqual(await api.ask('channels', { pattern: '*'.repeat(500) + 'z' }), { channels: {} })
})

test('[API12] info counts', async (t) => {
  const api = await startApi(t, { hub: { name: 'one' } })
  for (const user of ['ann', 'ann', 'bob']) await (await connectRaw(t, api, user)).subscribe('plain:x')
  const { nodes } = (await api.ask('info')) as { nodes: Message[] }
  const [{ uid, version, uptime, ...counts } = {}] = nodes
  assert.ok(uid && version && Number.isInteger(uptime))
  assert.deepEqual(counts, { name: 'one', num_clients: 3, num_users: 2, num_channels: 1, num_subs: 3 })
})

test('[API13] there is no RPC method to be found', async (t) => {
  const api = await startApi(t)
  assert.equal(await api.ask('rpc'), 107)
  assert.deepEqual(await api.call('rpc', { method: 'any', params: { deep: [1] } }), {
    error: { code: 104, message: 'not found' },
  })
})

test('[API12] channels that are not there, unknown or without the feature are refused', async (t) => {
  const api = await startApi(t)
  for (const method of ['presence', 'presence_stats', 'history', 'history_remove']) {
    assert.equal(await api.ask(method, {}), 107, `${method} of nothing`)
    assert.equal(await api.ask(method, { channel: null }), 107, `${method} of null`)
    assert.equal(await api.ask(method, { channel: 'nowhere:x' }), 102, `${method} of an unknown namespace`)
    assert.equal(await api.ask(method, { channel: 'plain:x' }), 108, `${method} of a plain channel`)
  }
})
