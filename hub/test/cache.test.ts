import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectSdk, namespaces, next, startHub } from './fixture.ts'
import { connectRaw, errorCode, type Message } from './raw.ts'

test('[REC8] recovery of a cache brings the latest publication alone', async (t) => {
  const fixture = await startHub(t)
  const client = await connectRaw(t, fixture, 'ann')
  for (const n of [1, 2, 3]) await fixture.hub.publish('cache:1', n)
  const { epoch } = fixture.hub.history('cache:1')
  const request = { recover: true, offset: 1, epoch }
  assert.deepEqual(await client.subscribe('cache:1', request), {
    recoverable: true,
    positioned: true,
    recovered: true,
    was_recovering: true,
    epoch,
    offset: 1,
    publications: [{ data: 3, offset: 3 }],
  })
  await client.call('unsubscribe', { channel: 'cache:1' })
  const upToDate = await client.subscribe('cache:1', { recover: true, offset: 3, epoch })
  assert.deepEqual([upToDate['recovered'], upToDate['publications']], [true, undefined])
})

test('[REC9] an empty cache is not recovered', async (t) => {
  const fixture = await startHub(t)
  const client = await connectRaw(t, fixture, 'ann')
  await fixture.hub.publish('cache:1', 1)
  fixture.hub.historyRemove('cache:1')
  const result = await client.subscribe('cache:1', { recover: true, offset: 0, epoch: '' })
  assert.deepEqual([result['recovered'], result['offset'], result['was_recovering']], [undefined, 1, true])
})

test('[REC10] with automatic recovery everybody starts with the latest publication', async (t) => {
  const fixture = await startHub(t, {
    namespaces: namespaces.map((each) => (each.name === 'cache' ? { ...each, autoCacheRecover: true } : each)),
  })
  for (const n of [1, 2]) await fixture.hub.publish('cache:1', n)
  const sdk = await connectSdk(t, fixture, 'ann')
  const subscription = sdk.newSubscription('cache:1')
  const first = next<{ data: unknown }>(subscription, 'publication')
  subscription.subscribe()
  assert.equal((await first).data, 2)
  const client = await connectRaw(t, fixture, 'ann')
  const result = await client.subscribe('cache:1')
  assert.deepEqual([result['recovered'], result['was_recovering']], [true, true])
})

test('[PUB10] a state that is not newer is not sent', async (t) => {
  const fixture = await startHub(t)
  const client = await connectRaw(t, fixture, 'ann')
  await client.subscribe('open:1')
  const { hub } = fixture
  const first = await hub.publish('open:1', 'v2', { version: 2 })
  assert.deepEqual(await hub.publish('open:1', 'v1', { version: 1 }), first)
  assert.deepEqual(await hub.publish('open:1', 'again', { version: 2 }), first)
  await hub.publish('open:1', 'v3', { version: 3 })
  await hub.publish('open:1', 'other', { version: 1, versionEpoch: 'b' })
  const heard: unknown[] = []
  for (let n = 0; n < 3; n++) heard.push(((await client.nextPush())['pub'] as Message)['data'])
  assert.deepEqual(heard, ['v2', 'v3', 'other'])
})

test('[PUB11] a namespace says what its publications are', async (t) => {
  const fixture = await startHub(t, {
    namespaces: [
      { name: 'object', publicationDataFormat: 'json_object', allowPublishForClient: true },
      { name: 'json', publicationDataFormat: 'json', allowPublishForClient: true },
      { name: 'binary', publicationDataFormat: 'binary' },
    ],
  })
  const client = await connectRaw(t, fixture, 'ann')
  const publish = async (channel: string, data: unknown) => errorCode(await client.call('publish', { channel, data }))
  assert.equal(await publish('object:1', [1]), 107)
  assert.equal(await publish('object:1', { a: 1 }), undefined)
  assert.equal(await publish('json:1', [1]), undefined)
  await assert.rejects(fixture.hub.publish('json:1', Buffer.from('{')), { code: 107 })
  await fixture.hub.publish('json:1', Buffer.from('{}'))
  await fixture.hub.publish('binary:1', Buffer.alloc(0))
})

test('[PUB12] who speaks JSON is told 3506 by a payload that is none', async (t) => {
  const fixture = await startHub(t)
  const [live, late] = [await connectRaw(t, fixture, 'ann'), await connectRaw(t, fixture, 'bob')]
  await live.subscribe('open:1')
  await fixture.hub.publish('open:1', Buffer.from([0xff, 0]))
  assert.equal((await live.closed).code, 3506)
  late.send({ id: 5, history: { channel: 'open:1', limit: 5 } })
  assert.equal((await late.closed).code, 3506)
})

test('[SUB13] a filter by tags lets through what is wanted, live and recovered', async (t) => {
  const fixture = await startHub(t)
  const client = await connectRaw(t, fixture, 'ann')
  const tf = { op: '', key: 'kind', cmp: 'eq', val: 'wanted' }
  const { epoch } = await client.subscribe('tagged:1', { tf })
  const publish = (data: number, kind: string) => fixture.hub.publish('tagged:1', data, { tags: { kind } })
  await publish(1, 'other')
  await publish(2, 'wanted')
  assert.deepEqual(await client.nextPush(), {
    channel: 'tagged:1',
    pub: { data: 2, tags: { kind: 'wanted' }, offset: 2 },
  })
  await client.call('unsubscribe', { channel: 'tagged:1' })
  await publish(3, 'wanted')
  await publish(4, 'other')
  const again = await client.subscribe('tagged:1', { tf, recover: true, offset: 2, epoch })
  assert.deepEqual(
    (again['publications'] as Message[]).map(({ data }) => data),
    [3],
  )
  await publish(5, 'wanted')
  assert.equal(((await client.nextPush())['pub'] as Message)['offset'], 5)
  assert.equal(errorCode(await client.call('subscribe', { channel: 'open:1', tf })), 107)
  assert.equal(errorCode(await client.call('subscribe', { channel: 'tagged:2', tf: { op: 'what' } })), 107)
})
