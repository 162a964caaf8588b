import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectSdk, next } from '../test/fixture.ts'
import { connectRaw, type Message, subscribeWithToken } from '../test/raw.ts'
import { nextPublication, startApi } from './api-fixture.ts'

test('[API1] a call is answered with its result, or with an error of Centrifugo', async (t) => {
  const api = await startApi(t)
  assert.deepEqual(await api.call('publish', { channel: 'plain:x', data: { n: 1 } }), { result: {} })
  const { offset, epoch } = (await api.ask('publish', { channel: 'room:1', data: 1 })) as Message
  assert.equal(offset, 1)
  assert.match(String(epoch), /^[a-z]{8}$/)
  const refused = await api.post('/api/publish', '{"channel":"nowhere:x","data":1}')
  assert.equal(refused.status, 200)
  assert.equal(refused.headers.get('content-type'), 'application/json')
  assert.equal(refused.text, '{"error":{"code":102,"message":"unknown channel"}}')
})

test('[API1] the SDK hears what the API publishes, and no permission is asked for', async (t) => {
  const api = await startApi(t)
  const sdk = await connectSdk(t, api, 'ann')
  const subscription = sdk.newSubscription('open:x')
  subscription.subscribe()
  await subscription.ready(5000)
  const heard = next<{ data: unknown; tags?: object; offset?: number }>(subscription, 'publication')
  await api.ask('publish', { channel: 'open:x', data: ['Zażółć 🦊'], tags: { kind: 'fox' } })
  const { data, tags, offset } = await heard
  assert.deepEqual({ data, tags, offset }, { data: ['Zażółć 🦊'], tags: { kind: 'fox' }, offset: 1 })
})

test('[API7] a payload is passed on letter by letter, and read from the history so', async (t) => {
  const api = await startApi(t)
  const client = await connectRaw(t, api, 'ann')
  await subscribeWithToken(client, 'ann', 'room:1')
  const payloads = [
    '{"big":12345678901234567890123,"z":1,"a":{"10":0,"9":0}}',
    '[1.0,1e2,"\\u0061",{"a":1,"a":2}]',
    '"]}\\"{\\\\"',
    'null',
    '0',
  ]
  for (const data of payloads) {
    await api.ask('publish', `{"data":"not this","channel":"room:1", "d\\u0061ta" : ${data} ,"x":[{"data":0}]}`)
    const { frame } = await nextPublication(client)
    assert.ok(frame.includes(`"data":${data},`), frame)
  }
  const { text } = await api.post('/api/history', '{"channel":"room:1","limit":10}')
  for (const data of payloads) assert.ok(text.includes(`"data":${data},`), text)
})

test('[API7] a payload that was written over many lines arrives in one', async (t) => {
  const api = await startApi(t)
  const client = await connectRaw(t, api, 'ann')
  await client.subscribe('plain:x')
  await api.ask('publish', JSON.stringify({ channel: 'plain:x', data: { a: [1, { b: 'x\ny' }] } }, null, '\r\n\t'))
  const { pub, frame } = await nextPublication(client)
  assert.deepEqual(pub['data'], { a: [1, { b: 'x\ny' }] })
  assert.equal(/[\r\n]/.test(frame), false)
})

test('[API8] bytes are published as they are, and go before data', async (t) => {
  const api = await startApi(t)
  const client = await connectRaw(t, api, 'ann')
  await subscribeWithToken(client, 'ann', 'room:1')
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  await api.ask('publish', { channel: 'room:1', data: 'not this', b64data: base64('{"ö":1.0}') })
  const { frame } = await nextPublication(client)
  assert.ok(frame.includes('"data":{"ö":1.0},'), frame)
  for (const b64data of ['a', '====', 'YQ', 'Y-_=', 'YQ==\n', 'YQ= ']) {
    assert.equal(await api.ask('publish', { channel: 'room:1', b64data }), 107, b64data)
    assert.equal(await api.ask('broadcast', { channels: ['room:1'], b64data }), 107, b64data)
  }
})

test('[API8] bytes that are no JSON are read from the history as bytes', async (t) => {
  const api = await startApi(t)
  const b64data = Buffer.from([0, 255, 10]).toString('base64')
  await api.ask('publish', { channel: 'binary:x', b64data })
  await api.ask('publish', { channel: 'binary:x' })
  const { publications } = (await api.ask('history', { channel: 'binary:x', limit: 5 })) as Message
  assert.deepEqual(publications, [
    { b64data, offset: 1 },
    { b64data: '', offset: 2 },
  ])
  assert.deepEqual(api.failures, [])
})

test('[API9] what stands for a publication is what the hub takes', async (t) => {
  const api = await startApi(t)
  const client = await connectRaw(t, api, 'ann')
  const { epoch } = await subscribeWithToken(client, 'ann', 'room:1')
  const first = { channel: 'room:1', data: 1, idempotency_key: 'k', tags: { a: '"', __proto__x: '' } }
  assert.deepEqual(await api.ask('publish', first), { offset: 1, epoch })
  assert.deepEqual(await api.ask('publish', first), { offset: 1, epoch }, 'the key is known')
  assert.deepEqual(await api.ask('publish', { channel: 'room:1', data: 2, skip_history: true }), {})
  assert.deepEqual(await api.ask('publish', { channel: 'room:1', data: 3, idempotency_key: '' }), { offset: 2, epoch })
  assert.deepEqual(await api.ask('publish', { channel: 'room:1', data: 4, idempotency_key: '' }), { offset: 3, epoch })
  const versions = { channel: 'room:1', version_epoch: 'v' }
  assert.deepEqual(await api.ask('publish', { ...versions, data: 5, version: 7 }), { offset: 4, epoch })
  assert.deepEqual(await api.ask('publish', { ...versions, data: 6, version: 7 }), { offset: 4, epoch }, 'is not newer')
  await api.ask('publish', { ...versions, data: 7, version: 8 })
  const heard: unknown[] = []
  while (heard.length < 6) heard.push((await nextPublication(client)).pub)
  assert.deepEqual(heard, [
    { data: 1, offset: 1, tags: { a: '"', __proto__x: '' } },
    { data: 2 },
    { data: 3, offset: 2 },
    { data: 4, offset: 3 },
    { data: 5, offset: 4 },
    { data: 7, offset: 5 },
  ])
})

test('[API9] a publication can be sent as a difference', async (t) => {
  const delta: object = { name: 'differing', historySize: 5, historyTtlSeconds: 600, forceRecovery: true }
  const allowed = { ...delta, name: 'differing', allowSubscribeForClient: true, allowedDeltaTypes: ['fossil' as const] }
  const api = await startApi(t, { hub: { namespaces: [allowed] } })
  const client = await connectRaw(t, api, 'ann')
  await client.subscribe('differing:x', { delta: 'fossil' })
  const text = 'the quick brown fox jumps over the lazy dog, again and again and again'
  await api.ask('publish', { channel: 'differing:x', data: { text } })
  await api.ask('publish', { channel: 'differing:x', data: { text: `${text}!` }, delta: false })
  await api.ask('publish', { channel: 'differing:x', data: { text: `${text}?` }, delta: true })
  const heard = [await nextPublication(client), await nextPublication(client), await nextPublication(client)]
  assert.deepEqual(
    heard.map(({ pub }) => pub['delta']),
    [undefined, undefined, true],
  )
})

test('[API10] a broadcast answers for each channel, in their order, whatever becomes of the others', async (t) => {
  const api = await startApi(t)
  const client = await connectRaw(t, api, 'ann')
  const { epoch } = await subscribeWithToken(client, 'ann', 'room:1')
  await client.subscribe('plain:1')
  const channels = ['plain:1', 'nowhere:1', '', 'room:1', 'room:1']
  assert.deepEqual(await api.call('broadcast', { channels, data: { x: 1 }, tags: { a: 'b' } }), {
    result: {
      responses: [
        { result: {} },
        { error: { code: 102, message: 'unknown channel' } },
        { error: { code: 107, message: 'bad request' } },
        { result: { offset: 1, epoch } },
        { result: { offset: 2, epoch } },
      ],
    },
  })
  const pub = { data: { x: 1 }, tags: { a: 'b' } }
  assert.deepEqual(
    [await client.nextPush(), await client.nextPush(), await client.nextPush()],
    [
      { channel: 'plain:1', pub },
      { channel: 'room:1', pub: { ...pub, offset: 1 } },
      { channel: 'room:1', pub: { ...pub, offset: 2 } },
    ],
  )
})

test('[API10] a broadcast is repeated by its key, and needs channels and a payload', async (t) => {
  const api = await startApi(t)
  const many = { channels: Array.from({ length: 700 }, (_, n) => `room:${n}`), data: 1, idempotency_key: 'k' }
  const first = (await api.ask('broadcast', many)) as { responses: unknown[] }
  assert.equal(first.responses.length, 700)
  assert.deepEqual(await api.ask('broadcast', many), first)
  assert.equal(await api.ask('broadcast', { channels: [], data: 1 }), 107)
  assert.equal(await api.ask('broadcast', { data: 1 }), 107)
  const { responses } = (await api.ask('broadcast', { channels: ['room:1', null] })) as { responses: unknown[] }
  const refused = { error: { code: 107, message: 'bad request' } }
  assert.deepEqual(responses, [refused, refused])
})
