import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { connectSdk, startHub } from './fixture.ts'
import { connectRaw, type Message, subscribeWithToken } from './raw.ts'

async function filled(t: TestContext, count: number, options: object = {}) {
  const fixture = await startHub(t, options)
  for (let n = 1; n <= count; n++) await fixture.hub.publish('open:x', `p${n}`)
  const client = await connectRaw(t, fixture, 'ann')
  const ask = async (request: object) => client.ask('history', { channel: 'open:x', ...request })
  const offsets = async (request: object) => {
    const result = (await ask(request)) as { publications: Message[] }
    return result.publications.map(({ offset }) => offset)
  }
  return { ...fixture, client, ask, offsets }
}

test('[HIS1] the newest publications are kept', async (t) => {
  const { offsets, ask } = await filled(t, 13)
  assert.deepEqual(await offsets({ limit: -1 }), [4, 5, 6, 7, 8, 9, 10, 11, 12, 13])
  const { publications, offset } = (await ask({ limit: 1 })) as { publications: Message[]; offset: number }
  assert.deepEqual(publications, [{ data: 'p4', offset: 4 }])
  assert.equal(offset, 13)
})

test('[HIS1] publications go some time after the last one, offset and epoch stay [HIS2]', async (t) => {
  const namespaces = [{ name: 'brief', historySize: 10, historyTtlSeconds: 0.05, forceRecovery: true }]
  const { hub } = await startHub(t, { namespaces })
  const { epoch } = await hub.publish('brief:x', 1)
  assert.equal(hub.history('brief:x', { limit: 9 }).publications.length, 1)
  for (;;) {
    const { publications, ...position } = hub.history('brief:x', { limit: 9 })
    assert.deepEqual(position, { offset: 1, epoch })
    if (publications.length === 0) break
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  assert.deepEqual(await hub.publish('brief:x', 2), { offset: 2, epoch })
})

test('[HIS2] removing the history keeps offset and epoch', async (t) => {
  const { hub, ask } = await filled(t, 3)
  const { epoch } = hub.history('open:x')
  hub.historyRemove('open:x')
  assert.deepEqual(await ask({ limit: -1 }), { publications: [], offset: 3, epoch })
  assert.equal((await hub.publish('open:x', 4)).offset, 4)
})

test('[HIS2] a channel that nobody used for long starts anew', async (t) => {
  const { hub } = await startHub(t, { historyMetaTtlSeconds: 0 })
  const first = await hub.publish('open:x', 1)
  const second = await hub.publish('open:x', 2)
  assert.equal(second.offset, 1)
  assert.notEqual(first.epoch, second.epoch)
})

test('[HIS3] without a limit only the position, and never more than the maximum', async (t) => {
  const { offsets, ask, hub } = await filled(t, 9, { client: { historyMaxPublicationLimit: 4 } })
  assert.deepEqual(await ask({}), hub.history('open:x'))
  assert.deepEqual(await offsets({ limit: 2 }), [1, 2])
  assert.deepEqual(await offsets({ limit: 1000 }), [1, 2, 3, 4])
  assert.deepEqual(await offsets({ limit: -1 }), [1, 2, 3, 4])
  assert.equal(hub.history('open:x', { limit: -1 }).publications.length, 9, 'the server may read it all')
})

test('[HIS4] pages forward and backward', async (t) => {
  const { offsets, ask } = await filled(t, 13)
  assert.deepEqual(await offsets({ limit: 3, since: { offset: 6 } }), [7, 8, 9])
  assert.deepEqual(await offsets({ limit: 9, since: { offset: 12 } }), [13])
  assert.deepEqual(await offsets({ limit: 9, since: { offset: 13 } }), [])
  assert.deepEqual(await offsets({ limit: 2, since: { offset: 1 } }), [4, 5], 'from the oldest that is kept')
  assert.deepEqual(await offsets({ limit: 3, reverse: true }), [13, 12, 11])
  assert.deepEqual(await offsets({ limit: 3, reverse: true, since: { offset: 6 } }), [5, 4])
  assert.deepEqual(await offsets({ limit: 3, reverse: true, since: { offset: 14 } }), [13, 12, 11])
  assert.deepEqual(await offsets({ limit: 3, reverse: true, since: { offset: 4 } }), [])
  assert.deepEqual(await offsets({ limit: 3, reverse: true, since: { offset: 20 } }), [])
  assert.deepEqual(await offsets({ limit: 3, since: { offset: 18446744073709552000 } }), [])
  assert.equal(await ask({ limit: 3, reverse: true, since: { offset: 0 } }), 107)
})

test('[HIS5] a position of another epoch is refused', async (t) => {
  const { ask, hub } = await filled(t, 1)
  assert.equal(await ask({ limit: 3, since: { offset: 0, epoch: 'forged' } }), 112)
  assert.throws(() => hub.history('open:x', { since: { offset: 0, epoch: 'forged' } }), { code: 112 })
})

test('[HIS6] history is there for those who may read it', async (t) => {
  const { ask, client } = await filled(t, 1)
  assert.equal(await ask({ channel: 'plain:x' }), 108)
  await subscribeWithToken(client, 'ann', 'room:1')
  assert.equal(await ask({ channel: 'room:1', limit: 9 }), 103)
  assert.equal(await ask({ channel: 'nowhere:x' }), 102)
  client.send({ id: 99, history: {} })
  assert.equal((await client.closed).code, 3501)
})

test('[HIS4] the SDK reads history', async (t) => {
  const fixture = await filled(t, 3)
  const sdk = await connectSdk(t, fixture, 'bob')
  const { publications, offset } = await sdk.history('open:x', { limit: 2, reverse: true })
  assert.deepEqual([publications.map(({ data }) => data as unknown), offset], [['p3', 'p2'], 3])
})

test('[HIS2] who reads or recovers keeps a stream no longer than its namespace says', async (t) => {
  const brief = {
    name: 'brief',
    historySize: 5,
    historyTtlSeconds: 60,
    historyMetaTtlSeconds: 0,
    forceRecovery: true,
    allowSubscribeForClient: true,
    allowHistoryForClient: true,
  }
  const { hub, ...fixture } = await startHub(t, { namespaces: [brief] })
  const client = await connectRaw(t, { hub, ...fixture }, 'ann')
  const epochOfHistory = async () => ((await client.ask('history', { channel: 'brief:x' })) as { epoch: string }).epoch
  assert.notEqual(await epochOfHistory(), await epochOfHistory())
  const recovered = await client.subscribe('brief:x', { recover: true, offset: 0, epoch: '' })
  await client.ask('unsubscribe', { channel: 'brief:x' })
  assert.notEqual(recovered['epoch'], hub.history('brief:x').epoch)
})
