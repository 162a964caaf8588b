import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectRaw, type Message, subscribeWithToken } from '../test/raw.ts'
import { nextPublication, startApi, type TestApi } from './api-fixture.ts'

async function batch(api: TestApi, commands: unknown, parallel?: boolean): Promise<Message[]> {
  const { replies, ...rest } = (await api.call('batch', { commands, parallel })) as { replies: Message[] }
  assert.deepEqual(rest, {})
  return replies
}

test('[API14] the commands of a batch are done one after the other, and each has its reply', async (t) => {
  const api = await startApi(t)
  const client = await connectRaw(t, api, 'ann')
  const { epoch } = await subscribeWithToken(client, 'ann', 'room:1')
  const replies = await batch(api, [
    { publish: { channel: 'room:1', data: { n: 1 } } },
    { publish: { channel: 'nowhere:1', data: 1 } },
    { broadcast: { channels: ['room:1', 'nowhere:1'], data: 2 } },
    { history: { channel: 'room:1', limit: 10 } },
    { unsubscribe: { user: 'ann', channel: 'room:1' } },
    { presence_stats: { channel: 'open:x' } },
    { unknown: {} },
    { history_remove: { channel: 'room:1' } },
    { rpc: { method: 'x' } },
    {},
    null,
  ])
  const unknownChannel = { error: { code: 102, message: 'unknown channel' } }
  const notFound = { error: { code: 104, message: 'not found' } }
  const publications = [
    { data: { n: 1 }, offset: 1 },
    { data: 2, offset: 2 },
  ]
  assert.deepEqual(replies, [
    { publish: { offset: 1, epoch } },
    unknownChannel,
    { broadcast: { responses: [{ result: { offset: 2, epoch } }, unknownChannel] } },
    { history: { publications, epoch, offset: 2 } },
    { unsubscribe: {} },
    { presence_stats: { num_clients: 0, num_users: 0 } },
    notFound,
    { history_remove: {} },
    notFound,
    notFound,
    notFound,
  ])
  const pushes = [await client.nextPush(), await client.nextPush(), await client.nextPush()]
  assert.deepEqual(
    pushes.map((push) => Object.keys(push)[1]),
    ['pub', 'pub', 'unsubscribe'],
  )
})

test('[API14] a parallel batch is answered in order, too', async (t) => {
  const api = await startApi(t)
  const commands = Array.from({ length: 600 }, (_, n) => ({ publish: { channel: n % 2 ? 'room:1' : 'x:y', data: n } }))
  const replies = await batch(api, commands, true)
  const offsets = replies.map(({ publish }) => (publish as { offset: number } | undefined)?.offset)
  assert.deepEqual(
    offsets.filter((offset) => offset !== undefined),
    Array.from({ length: 300 }, (_, n) => n + 1),
  )
  assert.ok(replies.every(({ error }, index) => (error === undefined) === (index % 2 === 1)))
})

test('[API7] payloads within a batch are passed on letter by letter', async (t) => {
  const api = await startApi(t)
  const client = await connectRaw(t, api, 'ann')
  await client.subscribe('plain:x')
  const data = '{"2":1.0,"1":98765432109876543210,"text":"],[\\"}"}'
  await api.call(
    'batch',
    `{"commands" : [ {"publish": {}}, \n {"publish":{"data": ${data} ,"channel":"plain:x"} }\n ]}`,
  )
  const { frame } = await nextPublication(client)
  assert.ok(frame.includes(`"data":${data}`), frame)
})

test('[API14] a batch of nothing has no replies', async (t) => {
  const api = await startApi(t)
  for (const body of ['{}', 'null', '{"commands":[]}', '{"commands":null,"parallel":true}']) {
    assert.deepEqual(await api.post('/api/batch', body).then(({ status, text }) => [status, text]), [200, '{}'], body)
  }
})

test('[API14] one malformed command spoils the batch before anything is done', async (t) => {
  const api = await startApi(t)
  const good = '{"publish":{"channel":"room:1","data":1}}'
  for (const wrong of ['1', '[]', '"publish"', '{"publish":1}', '{"publish":{"channel":1}}', '{"publish":[]}']) {
    assert.equal((await api.post('/api/batch', `{"commands":[${good},${wrong}]}`)).status, 400, wrong)
  }
  for (const body of ['{"commands":{}}', '{"commands":1}', '{"parallel":1}', '[]', '1', '']) {
    assert.equal((await api.post('/api/batch', body)).status, 400, body)
  }
  assert.equal(api.hub.history('room:1').offset, 0)
})

test('[API16] a long batch lets others have their turn', async (t) => {
  const api = await startApi(t)
  const commands = Array.from({ length: 20_000 }, () => ({ publish: { channel: 'plain:x', data: 1 } }))
  let turns = 0
  const count = () => {
    turns++
    timer = setImmediate(count)
  }
  const answered = api.call('batch', { commands })
  let timer = setImmediate(count)
  await answered.finally(() => clearImmediate(timer))
  assert.ok(turns > 100, `${turns} turns`)
})
