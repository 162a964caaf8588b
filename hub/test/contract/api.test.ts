import assert from 'node:assert/strict'
import type { OutgoingHttpHeaders } from 'node:http'
import { after, test } from 'node:test'
import { ask, call, historyOf, publish, publishAll, refusal } from './api.ts'
import { send } from './http.ts'
import { newChannel, newUser } from './names.ts'
import { connectRaw, connectRawAs, nextData } from './raw.ts'
import { connectSdk, next } from './sdk.ts'
import { startServer } from './server.ts'
import { until } from './until.ts'

const channel = {
  namespaces: [
    { name: 'plain', allow_subscribe_for_client: true },
    { name: 'room', history_size: 20, history_ttl: '600s', presence: true, allow_subscribe_for_client: true },
  ],
}

const server = await startServer({ after }, { channel, prometheus: { enabled: true } })
const strict = await startServer({ after }, { http_api: { error_mode: 'transport' }, channel })

test('[API2] a call needs the key, in a header or in the query', async () => {
  const body = JSON.stringify({ channel: 'plain:x', data: 1 })
  const url = `${server.apiUrl}/publish`
  const status = async (headers: OutgoingHttpHeaders, query = '') => (await send(url + query, { headers, body })).status
  const { apiKey } = server
  assert.equal(await status({ 'x-api-key': apiKey }), 200)
  assert.equal(await status({ authorization: `apikey ${apiKey}` }), 200)
  assert.equal(await status({}, `?api_key=${encodeURIComponent(apiKey)}`), 200)
  for (const headers of [
    {},
    { 'x-api-key': 'wrong' },
    { authorization: `Bearer ${apiKey}` },
    { 'x-api-key': `${apiKey}x` },
  ]) {
    assert.equal(await status(headers), 401, JSON.stringify(headers))
  }
})

test('[API3] [API4] an answer is JSON, and what is no request is refused as HTTP', async () => {
  const headers = { 'x-api-key': server.apiKey }
  const good = await send(`${server.apiUrl}/info`, { headers, body: '{}' })
  assert.match(String(good.headers['content-type']), /^application\/json/)
  assert.equal((await send(`${server.apiUrl}/publish`, { headers, method: 'GET' })).status, 405)
  for (const body of ['', 'nonsense', '[]', '{"channel":7}']) {
    assert.equal((await send(`${server.apiUrl}/publish`, { headers, body })).status, 400, body)
  }
  assert.equal((await send(`${server.apiUrl}/dance`, { headers, body: '{}' })).status, 404)
})

test('[API1] [API6] errors are answers with 200, unless one asks for the status', async () => {
  const error = { code: 102, message: 'unknown channel' }
  const body = JSON.stringify({ channel: 'unknown:x', data: 1 })
  const headers = { 'x-api-key': server.apiKey }
  const plain = await send(`${server.apiUrl}/publish`, { headers, body })
  assert.deepEqual([plain.status, JSON.parse(plain.body)], [200, { error }])
  const asked = { ...headers, 'x-centrifugo-error-mode': 'transport' }
  for (const [to, sent] of [
    [server, asked],
    [strict, headers],
  ] as const) {
    const { status, body: answer } = await send(`${to.apiUrl}/publish`, { headers: sent, body })
    assert.deepEqual([status, JSON.parse(answer)], [404, error])
  }
  const statuses = {
    history: [{ channel: 'plain:x' }, 400],
    publish: [{ channel: 'plain:x' }, 400],
    rpc: [{ method: 'none' }, 404],
  }
  for (const [method, [request, status]] of Object.entries(statuses) as Array<[string, [object, number]]>) {
    const { status: told } = await send(`${strict.apiUrl}/${method}`, { headers, body: JSON.stringify(request) })
    assert.equal(told, status, method)
  }
  const good = await send(`${strict.apiUrl}/publish`, { headers, body: '{"channel":"plain:x","data":1}' })
  assert.deepEqual([good.status, JSON.parse(good.body)], [200, { result: {} }])
  const lost = { channel: newChannel('room'), limit: 1, since: { offset: 1, epoch: 'none' } }
  assert.equal((await send(`${strict.apiUrl}/history`, { headers, body: JSON.stringify(lost) })).status, 416)
})

test('[API12] [API13] what is missing or off is told', async () => {
  for (const method of ['history', 'history_remove', 'presence', 'presence_stats']) {
    assert.equal(await refusal(server, method, { channel: 'unknown:x' }), 102, method)
    assert.equal(await refusal(server, method, { channel: 'plain:x' }), 108, method)
    assert.equal(await refusal(server, method, {}), 107, method)
  }
  assert.equal(await refusal(server, 'rpc', { method: 'none' }), 104)
  assert.equal(await refusal(server, 'rpc', {}), 107)
  assert.equal(await refusal(server, 'broadcast', { data: 1 }), 107)
})

test('[API7] payloads pass as they were written', async (t) => {
  const plain = newChannel('plain')
  const client = await connectRaw(t, server, newUser())
  await client.subscribe(plain)
  const payload = '{"z":12345678901234567890,"a":1.10,"s":"\\u0041"}'
  const headers = { 'x-api-key': server.apiKey }
  await send(`${server.apiUrl}/publish`, { headers, body: `{"channel":"${plain}","data":${payload}}` })
  await client.nextPush()
  const frame = client.frames.find((text) => text.includes('"pub"')) ?? ''
  assert.ok(frame.includes(`"data":${payload}`), frame)
})

test('[API8] a payload may come in base64, and line feeds in it do no harm', async (t) => {
  const plain = newChannel('plain')
  const client = await connectRaw(t, server, newUser())
  await client.subscribe(plain)
  const b64data = Buffer.from('{"text":\n "Привет"}').toString('base64')
  await ask(server, 'publish', { channel: plain, b64data })
  assert.deepEqual(await nextData(client), { text: 'Привет' })
  assert.equal(await refusal(server, 'publish', { channel: plain, b64data: '%%%' }), 107)
})

test('[API10] [PUB4] a broadcast answers for each channel, and a wrong one spoils only its own answer', async (t) => {
  const [one, two] = [newChannel('room'), newChannel('plain')]
  const client = await connectRaw(t, server, newUser())
  for (const each of [one, two]) await client.subscribe(each)
  const channels = [one, 'unknown:x', '', two]
  const { responses } = await ask<{ responses: object[] }>(server, 'broadcast', {
    channels,
    data: 'all',
    tags: { a: 'b' },
  })
  const { epoch } = await historyOf(server, one)
  assert.deepEqual(responses, [
    { result: { offset: 1, epoch } },
    { error: { code: 102, message: 'unknown channel' } },
    { error: { code: 107, message: 'bad request' } },
    { result: {} },
  ])
  assert.deepEqual([await nextData(client), await nextData(client)], ['all', 'all'])
})

test('[API14] a batch is done in order and answered in order', async (t) => {
  const room = newChannel('room')
  const client = await connectRaw(t, server, newUser())
  await client.subscribe(room)
  const publications = Array.from({ length: 20 }, (_, n) => ({ publish: { channel: room, data: n } }))
  const commands = [
    ...publications,
    { publish: { channel: 'unknown:x', data: 1 } },
    { history: { channel: room, limit: 2 } },
    {},
  ]
  const headers = { 'x-api-key': server.apiKey }
  const { body } = await send(`${server.apiUrl}/batch`, { headers, body: JSON.stringify({ commands }) })
  const { replies } = JSON.parse(body) as { replies: Array<Record<string, { offset?: number; code?: number }>> }
  assert.deepEqual(
    replies.slice(0, 20).map(({ publish }) => publish?.offset),
    publications.map((_, n) => n + 1),
  )
  assert.equal(replies[20]?.['error']?.code, 102)
  assert.equal(replies[21]?.['history']?.offset, 20)
  assert.equal(replies[22]?.['error']?.code, 104)
  for (let n = 0; n < 20; n++) assert.equal(await nextData(client), n)
})

test('[API14] a batch may be done side by side', async () => {
  const commands = Array.from({ length: 20 }, (_, n) => ({ publish: { channel: newChannel('room'), data: n } }))
  const headers = { 'x-api-key': server.apiKey }
  const { body } = await send(`${server.apiUrl}/batch`, { headers, body: JSON.stringify({ commands, parallel: true }) })
  const { replies } = JSON.parse(body) as { replies: Array<{ publish: { offset: number } }> }
  assert.deepEqual(
    replies.map(({ publish }) => publish.offset),
    commands.map(() => 1),
  )
})

test('[API15] commands may come as lines that name their method', async () => {
  const room = newChannel('room')
  const lines = [
    { id: 7, method: 'publish', params: { channel: room, data: 1 } },
    { id: 8, method: 'publish', params: { channel: 'unknown:x', data: 1 } },
  ]
  const { body } = await send(server.apiUrl, {
    headers: { 'x-api-key': server.apiKey },
    body: lines.map((line) => JSON.stringify(line)).join('\n'),
  })
  const { epoch } = await historyOf(server, room)
  assert.deepEqual(
    body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
    [
      { id: 7, result: { offset: 1, epoch } },
      { id: 8, error: { code: 102, message: 'unknown channel' } },
    ],
  )
})

test('[OTH7] channels are listed with their subscribers, by a pattern', async (t) => {
  const user = newUser()
  const clients = [await connectRaw(t, server, user), await connectRaw(t, server, user)]
  const [one, two, three] = [`plain:${user}-one`, `plain:${user}-two`, `room:${user}-one`]
  for (const client of clients) await client.subscribe(one)
  for (const each of [two, three]) await clients[0]?.subscribe(each)
  const { channels } = await ask<{ channels: Record<string, object> }>(server, 'channels', {
    pattern: `plain:${user}-*`,
  })
  assert.deepEqual(channels, { [one]: { num_clients: 2 }, [two]: { num_clients: 1 } })
  const everything = await ask<{ channels: Record<string, object> }>(server, 'channels')
  assert.deepEqual(everything.channels[three], { num_clients: 1 })
})

test('[OTH3] info tells of the nodes, their clients and channels', async (t) => {
  await (await connectRaw(t, server, newUser())).subscribe(newChannel('plain'))
  type Node = { uid: string; name: string; version: string; uptime?: number; num_clients: number; num_channels: number }
  const find = async () => (await ask<{ nodes: Node[] }>(server, 'info')).nodes.find((node) => node.num_clients > 0)
  // A node of Centrifugo’s counts itself now and then.
  const node = await until(find)
  for (const member of ['uid', 'name', 'version'] as const) assert.equal(typeof node[member], 'string')
  assert.ok(node.num_channels > 0)
})

test('[API12] history, in parts, back and forth, and its removal', async () => {
  const room = newChannel('room')
  const { epoch } = await publishAll(server, room, ['a', 'b', 'c'])
  assert.deepEqual(await historyOf(server, room, { limit: 2, reverse: true }), {
    publications: [
      { data: 'c', offset: 3 },
      { data: 'b', offset: 2 },
    ],
    offset: 3,
    epoch,
  })
  const rest = await historyOf(server, room, { limit: 5, since: { offset: 1, epoch } })
  assert.deepEqual(
    rest.publications.map(({ data }) => data),
    ['b', 'c'],
  )
  assert.deepEqual(await ask(server, 'history_remove', { channel: room }), {})
  assert.deepEqual(await historyOf(server, room), { publications: [], offset: 3, epoch })
})

test('[DIS1] disconnect ends a user’s connections, but those on the list', async (t) => {
  const user = newUser()
  const [one, two, three] = [
    await connectRawAs(t, server, user),
    await connectRawAs(t, server, user),
    await connectRawAs(t, server, user),
  ]
  const other = await connectRaw(t, server, newUser())
  assert.deepEqual(await ask(server, 'disconnect', { user, client: one.id }), {})
  assert.deepEqual(await one.client.closed, { code: 3503, reason: 'force disconnect' })
  const disconnect = { code: 4321, reason: 'Пока' }
  await ask(server, 'disconnect', { user, whitelist: [three.id], disconnect })
  assert.deepEqual(await two.client.closed, disconnect)
  for (const client of [three.client, other])
    assert.deepEqual(await client.ask('unsubscribe', { channel: 'plain:x' }), {})
  assert.deepEqual(await ask(server, 'disconnect', { user: 'nobody' }), {})
})

test('[DIS2] what was sent before a disconnect arrives before it', async (t) => {
  const [user, plain] = [newUser(), newChannel('plain')]
  const client = await connectRaw(t, server, user)
  await client.subscribe(plain)
  const headers = { 'x-api-key': server.apiKey }
  const commands = [{ publish: { channel: plain, data: 'last words' } }, { disconnect: { user } }]
  await send(`${server.apiUrl}/batch`, { headers, body: JSON.stringify({ commands }) })
  assert.equal((await client.closed).code, 3503)
  assert.equal(await nextData(client), 'last words')
})

test('the SDK stays away or comes back, as the code says', async (t) => {
  for (const [code, isFinal] of [
    [3503, true],
    [3011, false],
    [4100, false],
    [4600, true],
  ] as const) {
    const user = newUser()
    const sdk = await connectSdk(t, server, user)
    const told = next<{ code: number }>(sdk, isFinal ? 'disconnected' : 'connecting')
    await ask(server, 'disconnect', { user, disconnect: { code, reason: 'because' } })
    assert.equal((await told).code, code)
    if (!isFinal) await sdk.ready(5000)
  }
})

test('[OTH6] refresh prolongs or ends a user’s connections', async (t) => {
  const user = newUser()
  const [one, two] = [await connectRawAs(t, server, user), await connectRawAs(t, server, user)]
  assert.deepEqual(await ask(server, 'refresh', { user, client: one.id, expired: true }), {})
  assert.deepEqual(await one.client.closed, { code: 3005, reason: 'connection expired' })
  const expire_at = Math.floor(Date.now() / 1000) + 1000
  assert.deepEqual(await ask(server, 'refresh', { user, expire_at }), {})
  assert.deepEqual(await two.client.ask('unsubscribe', { channel: 'plain:x' }), {})
})

test('[MET1] [MET2] health and metrics are there', async () => {
  const health = await send(`${server.url}/health`, { method: 'GET' })
  assert.deepEqual([health.status, JSON.parse(health.body)], [200, {}])
  const metrics = await send(`${server.url}/metrics`, { method: 'GET' })
  assert.equal(metrics.status, 200)
  assert.match(metrics.body, /^centrifugo_node_num_clients/m)
  assert.equal((await send(`${strict.url}/metrics`, { method: 'GET' })).status, 404)
})

test('calls that are done at once do not mix', async (t) => {
  const room = newChannel('room')
  const client = await connectRaw(t, server, newUser())
  await client.subscribe(room)
  const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => publish(server, room, n)))
  const heard: unknown[] = []
  for (let n = 0; n < 50; n++) heard.push(await nextData(client))
  for (const [n, { offset }] of answers.entries()) assert.equal(heard[offset - 1], n)
  assert.deepEqual(await call(server, 'publish', { channel: room, data: 'last', tags: {} }), {
    result: { offset: 51, epoch: answers[0]?.epoch },
  })
})
