import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { ask, historyOf, positionOf, publish, publishAll, refusal } from './api.ts'
import { newChannel, newUser } from './names.ts'
import { connectRaw, type RawClient } from './raw.ts'
import { connectSdk } from './sdk.ts'
import { startServer } from './server.ts'
import { until } from './until.ts'

const readable = { allow_history_for_client: true, allow_subscribe_for_client: true }

const server = await startServer(
  { after },
  {
    client: { history_max_publication_limit: 20 },
    channel: {
      namespaces: [
        { name: 'room', history_size: 30, history_ttl: '600s', ...readable },
        { name: 'small', history_size: 3, history_ttl: '600s', ...readable },
        { name: 'brief', history_size: 30, history_ttl: '1s', ...readable },
        { name: 'vain', history_size: 30, history_ttl: '1s', history_meta_ttl: '2s', ...readable },
        { name: 'clock', history_size: 30, history_ttl: '4s' },
        { name: 'plain' },
      ],
    },
  },
)

type Result = { publications: Array<{ data: unknown; offset: number }>; offset: number; epoch: string }

const read = async (client: RawClient, channel: string, request: object = {}) =>
  (await client.ask('history', { channel, ...request })) as Result
const offsets = async (client: RawClient, channel: string, request: object) =>
  (await read(client, channel, request)).publications.map(({ offset }) => offset)

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n)

test('[HIS3] without a limit only the position is told', async (t) => {
  const [client, channel] = [await connectRaw(t, server, newUser()), newChannel('room')]
  const empty = await read(client, channel)
  assert.deepEqual(empty, { publications: [], offset: 0, epoch: empty.epoch })
  const position = await publishAll(server, channel, [1, 2])
  assert.equal(position.epoch, empty.epoch)
  assert.deepEqual(await read(client, channel), { publications: [], ...position })
  assert.deepEqual(await read(client, channel, { limit: 0 }), { publications: [], ...position })
})

test('[HIS3] a negative limit and one that is too large mean the most that is allowed', async (t) => {
  const [client, channel] = [await connectRaw(t, server, newUser()), newChannel('room')]
  await publishAll(server, channel, range(1, 30))
  for (const limit of [-1, 21, 1000]) assert.deepEqual(await offsets(client, channel, { limit }), range(1, 20))
  assert.equal((await historyOf(server, channel)).publications.length, 30, 'the server API has no such limit')
})

test('[HIS4] forward from the oldest or from a position, in reverse from the newest or before a position', async (t) => {
  const [client, channel] = [await connectRaw(t, server, newUser()), newChannel('room')]
  const { epoch } = await publishAll(server, channel, range(1, 10))
  const since = (offset: number) => ({ since: { offset, epoch } })
  assert.deepEqual(await offsets(client, channel, { limit: 3 }), [1, 2, 3])
  assert.deepEqual(await offsets(client, channel, { limit: 3, ...since(4) }), [5, 6, 7])
  assert.deepEqual(await offsets(client, channel, { limit: 30, ...since(0) }), range(1, 10))
  assert.deepEqual(await offsets(client, channel, { limit: 3, ...since(10) }), [])
  assert.deepEqual(await offsets(client, channel, { limit: 3, ...since(99) }), [])
  assert.deepEqual(await offsets(client, channel, { limit: 3, reverse: true }), [10, 9, 8])
  assert.deepEqual(await offsets(client, channel, { limit: 3, reverse: true, ...since(5) }), [4, 3, 2])
  assert.deepEqual(await offsets(client, channel, { limit: 30, reverse: true, ...since(2) }), [1])
  assert.equal(await client.ask('history', { channel, limit: 3, reverse: true, ...since(0) }), 107)
})

test('[HIS4] what follows a position that is gone begins with the oldest that is kept', async (t) => {
  const [client, channel] = [await connectRaw(t, server, newUser()), newChannel('small')]
  const { epoch } = await publishAll(server, channel, range(1, 10))
  assert.deepEqual(await offsets(client, channel, { limit: 30 }), [8, 9, 10])
  assert.deepEqual(await offsets(client, channel, { limit: 30, since: { offset: 2, epoch } }), [8, 9, 10])
  assert.deepEqual(await offsets(client, channel, { limit: 30, reverse: true, since: { offset: 5, epoch } }), [])
})

test('[HIS5] another epoch is error 112, an empty one is any', async (t) => {
  const [client, channel] = [await connectRaw(t, server, newUser()), newChannel('room')]
  await publishAll(server, channel, [1, 2, 3])
  assert.equal(await client.ask('history', { channel, limit: 3, since: { offset: 1, epoch: 'another' } }), 112)
  assert.equal(await refusal(server, 'history', { channel, limit: 3, since: { offset: 1, epoch: 'another' } }), 112)
  assert.deepEqual(await offsets(client, channel, { limit: 3, since: { offset: 1 } }), [2, 3])
})

test('[HIS2] what is removed is gone, and offset and epoch stay', async (t) => {
  const [client, channel] = [await connectRaw(t, server, newUser()), newChannel('room')]
  const position = await publishAll(server, channel, [1, 2, 3])
  assert.deepEqual(await ask(server, 'history_remove', { channel }), {})
  assert.deepEqual(await read(client, channel, { limit: 10 }), { publications: [], ...position })
  assert.deepEqual(await publish(server, channel, 4), { offset: 4, epoch: position.epoch })
})

describe('time', { concurrency: true }, () => {
  test('[HIS1] a history is kept for its time after the last publication, and then position and epoch stay', async () => {
    const channel = newChannel('brief')
    const position = await publishAll(server, channel, [1, 2])
    await until(async () => (await historyOf(server, channel)).publications.length === 0)
    assert.deepEqual(await positionOf(server, channel), position)
    assert.deepEqual(await publish(server, channel, 3), { offset: 3, epoch: position.epoch })
    assert.deepEqual(
      (await historyOf(server, channel)).publications.map(({ offset }) => offset),
      [3],
    )
  })

  test('a channel that nobody uses any more begins anew', async () => {
    const [channel, clock] = [newChannel('vain'), newChannel('clock')]
    const { epoch } = await publish(server, channel, 1)
    await publish(server, clock, 1)
    // Looking at the channel itself would keep it alive.
    await until(async () => (await historyOf(server, clock)).publications.length === 0)
    const position = await positionOf(server, channel)
    assert.equal(position.offset, 0)
    assert.notEqual(position.epoch, epoch)
  })
})

test('the SDK reads history', async (t) => {
  const channel = newChannel('room')
  const { epoch } = await publishAll(server, channel, range(1, 5))
  const sdk = await connectSdk(t, server, newUser())
  const result = await sdk.history(channel, { limit: 2, since: { offset: 2, epoch } })
  assert.deepEqual(
    { ...result, publications: result.publications.map(({ data, offset }) => [data, offset]) },
    {
      publications: [
        [3, 3],
        [4, 4],
      ],
      offset: 5,
      epoch,
    },
  )
  await assert.rejects(sdk.history('plain:x', { limit: 1 }), { code: 108 })
})
