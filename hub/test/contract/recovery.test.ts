import assert from 'node:assert/strict'
import { after, describe, test, type TestContext } from 'node:test'
import type { SubscribedContext } from 'centrifuge'
import { ask, historyOf, type Position, positionOf, publish, publishAll } from './api.ts'
import { newChannel, newUser } from './names.ts'
import { connectRaw, type Message, nextData, type RawClient } from './raw.ts'
import { connectSdk, Heard, next, subscribed } from './sdk.ts'
import { startServer } from './server.ts'
import { until } from './until.ts'

const recoverable = { force_recovery: true, allow_subscribe_for_client: true }

const server = await startServer(
  { after },
  {
    client: { recovery_max_publication_limit: 20 },
    channel: {
      namespaces: [
        { name: 'room', history_size: 5, history_ttl: '600s', ...recoverable },
        { name: 'large', history_size: 100, history_ttl: '600s', ...recoverable },
        { name: 'brief', history_size: 100, history_ttl: '1s', ...recoverable },
        {
          name: 'watched',
          history_size: 5,
          history_ttl: '600s',
          force_positioning: true,
          allow_subscribe_for_client: true,
        },
        { name: 'plain', allow_subscribe_for_client: true },
      ],
    },
  },
)

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n)

/** Subscribes with a position and unsubscribes again; what the reply told, with the payloads of what was missed. */
async function recover(client: RawClient, channel: string, request: object) {
  const answer = await client.ask('subscribe', { channel, recover: true, ...request })
  if (typeof answer === 'number') return answer
  await client.call('unsubscribe', { channel })
  const { publications, ...result } = answer as Message & { publications?: Array<{ data: unknown }> }
  return { ...result, ...(publications && { publications: publications.map(({ data }) => data) }) }
}

async function prepare(t: TestContext, namespace = 'room', count = 7) {
  const [client, channel] = [await connectRaw(t, server, newUser()), newChannel(namespace)]
  const position = await publishAll(server, channel, range(1, count))
  const { epoch } = position
  const flags = { recoverable: true, positioned: true, was_recovering: true, epoch }
  return { client, channel, epoch, position, flags }
}

test('[REC1] who comes back gets what was published since, and the offset of the request', async (t) => {
  const { client, channel, epoch, flags } = await prepare(t)
  for (const offset of [2, 4, 6]) {
    const expected = { ...flags, recovered: true, offset, publications: range(offset + 1, 7) }
    assert.deepEqual(await recover(client, channel, { offset, epoch }), expected)
  }
  assert.deepEqual(await recover(client, channel, { offset: 7, epoch }), { ...flags, recovered: true, offset: 7 })
})

test('[REC1] what is recovered is a publication as it was', async (t) => {
  const channel = newChannel('room')
  const client = await connectRaw(t, server, newUser())
  const { epoch } = await publish(server, channel, { n: 1 }, { tags: { kind: 'a' } })
  const reply = await client.subscribe(channel, { recover: true, offset: 0, epoch })
  assert.deepEqual(reply['publications'], [{ data: { n: 1 }, offset: 1, tags: { kind: 'a' } }])
})

test('[REC2] an empty epoch stands for any', async (t) => {
  const { client, channel, flags } = await prepare(t)
  const expected = { ...flags, recovered: true, offset: 5, publications: [6, 7] }
  assert.deepEqual(await recover(client, channel, { offset: 5 }), expected)
  const fresh = newChannel('room')
  await publishAll(server, fresh, [1, 2])
  const all = (await recover(client, fresh, {})) as { recovered: boolean; publications: unknown[] }
  assert.deepEqual([all.recovered, all.publications], [true, [1, 2]])
})

test('[REC3] what cannot be recovered is told, with the top of the channel and no publications', async (t) => {
  const { client, channel, epoch, flags } = await prepare(t)
  const lost = { ...flags, offset: 7 }
  for (const since of [
    { offset: 7, epoch: 'forged' },
    { offset: 8, epoch },
    { offset: 1, epoch },
    { offset: 0 },
    { offset: 0, epoch: '_' },
  ]) {
    assert.deepEqual(await recover(client, channel, since), lost, JSON.stringify(since))
  }
})

test('[REC3] more than the limit is not recovered', async (t) => {
  const { client, channel, epoch, flags } = await prepare(t, 'large', 30)
  assert.deepEqual(await recover(client, channel, { offset: 9, epoch }), { ...flags, offset: 30 })
  const { recovered } = (await recover(client, channel, { offset: 10, epoch })) as { recovered: boolean }
  assert.equal(recovered, true)
})

test('[REC4] without news a client recovers even from an empty history', async (t) => {
  const { client, channel, epoch, flags } = await prepare(t)
  await ask(server, 'history_remove', { channel })
  assert.deepEqual(await recover(client, channel, { offset: 7, epoch }), { ...flags, recovered: true, offset: 7 })
  assert.deepEqual(await recover(client, channel, { offset: 6, epoch }), { ...flags, offset: 7 })
})

describe('time', { concurrency: true }, () => {
  test('[REC4] [REC3] a history that is over recovers who misses nothing, and nobody else', async (t) => {
    const { client, channel, epoch, flags } = await prepare(t, 'brief')
    await until(async () => (await historyOf(server, channel)).publications.length === 0)
    assert.deepEqual(await recover(client, channel, { offset: 7, epoch }), { ...flags, recovered: true, offset: 7 })
    assert.deepEqual(await recover(client, channel, { offset: 6, epoch }), { ...flags, offset: 7 })
  })
})

test('[REC3] a channel that has never been used has nothing, and recovers who expects nothing', async (t) => {
  const client = await connectRaw(t, server, newUser())
  const { epoch, ...result } = (await recover(client, newChannel('room'), {})) as { epoch: string }
  assert.equal(typeof epoch, 'string')
  assert.deepEqual(result, { recoverable: true, positioned: true, was_recovering: true, recovered: true })
  const { recovered } = (await recover(client, newChannel('room'), { offset: 1, epoch: 'old' })) as { recovered?: true }
  assert.equal(recovered, undefined)
})

test('[REC5] with flag 2 what cannot be recovered is an error, and no subscription', async (t) => {
  const { client, channel, epoch } = await prepare(t)
  for (const since of [
    { offset: 1, epoch, flag: 2 },
    { offset: 7, epoch: 'forged', flag: 3 },
  ]) {
    assert.equal(await recover(client, channel, since), 112)
  }
  assert.deepEqual(await ask(server, 'channels', { pattern: channel }), { channels: {} })
  const { recovered } = (await recover(client, channel, { offset: 7, epoch, flag: 3 })) as { recovered: boolean }
  assert.equal(recovered, true)
})

test('[REC5] the SDK asks for the state again when a position is lost', async (t) => {
  const { channel, epoch } = await prepare(t)
  const sdk = await connectSdk(t, server, newUser())
  const positions: Position[] = [
    { offset: 0, epoch },
    { offset: 6, epoch },
  ]
  const subscription = sdk.newSubscription(channel, {
    getState: async () => positions.shift() ?? { offset: 7, epoch },
    minResubscribeDelay: 10,
  })
  const heard = new Heard(subscription)
  subscription.subscribe()
  assert.deepEqual(await heard.first(1), [7])
  assert.equal(positions.length, 0)
})

test('[REC6] that recovery was asked for is told even where there is none', async (t) => {
  const client = await connectRaw(t, server, newUser())
  const [plain, watched] = [newChannel('plain'), newChannel('watched')]
  assert.deepEqual(await recover(client, plain, { offset: 3 }), { was_recovering: true })
  const position = await publishAll(server, watched, [1, 2, 3])
  assert.deepEqual(await recover(client, watched, { offset: 1, epoch: position.epoch }), {
    was_recovering: true,
    positioned: true,
    ...position,
  })
})

test('[REC1] the SDK misses nothing over many breaks of its connection', async (t) => {
  const [user, channel] = [newUser(), newChannel('large')]
  const sdk = await connectSdk(t, server, user)
  const subscription = sdk.newSubscription(channel)
  const heard = new Heard(subscription)
  await subscribed(subscription)
  const total = 60
  for (let n = 1; n <= total; n++) {
    await publish(server, channel, n)
    if (n % 10 !== 5) continue
    const connected = next(sdk, 'connected')
    await ask(server, 'disconnect', { user, disconnect: { code: 3011, reason: 'force reconnect' } })
    await publish(server, channel, ++n)
    await connected
  }
  assert.deepEqual(await heard.first(total), range(1, total))
})

test('[REC1] the SDK keeps its position while it is unsubscribed', async (t) => {
  const channel = newChannel('large')
  const sdk = await connectSdk(t, server, newUser())
  const subscription = sdk.newSubscription(channel)
  const heard = new Heard(subscription)
  await subscribed(subscription)
  await publish(server, channel, 1)
  await heard.first(1)
  subscription.unsubscribe()
  await publish(server, channel, 2)
  await subscribed(subscription)
  assert.deepEqual(await heard.first(2), [1, 2])
})

test('[REC3] the SDK learns that its position is not known', async (t) => {
  const { channel } = await prepare(t)
  const sdk = await connectSdk(t, server, newUser())
  const subscription = sdk.newSubscription(channel, { since: { offset: 2, epoch: 'before the restart' } })
  const told = next<SubscribedContext>(subscription, 'subscribed')
  subscription.subscribe()
  const { wasRecovering, recovered, streamPosition } = await told
  assert.deepEqual({ wasRecovering, recovered }, { wasRecovering: true, recovered: false })
  assert.deepEqual(streamPosition, await positionOf(server, channel))
})

test('3014 makes the SDK drop its position and subscribe anew', async (t) => {
  const [user, channel] = [newUser(), newChannel('large')]
  const sdk = await connectSdk(t, server, user)
  const subscription = sdk.newSubscription(channel)
  const heard = new Heard(subscription)
  await subscribed(subscription)
  await publish(server, channel, 1)
  await heard.first(1)
  const again = next<{ wasRecovering: boolean; recovered: boolean }>(subscription, 'subscribed')
  await ask(server, 'disconnect', { user, disconnect: { code: 3014, reason: 'state invalidated' } })
  const { wasRecovering, recovered } = await again
  assert.deepEqual({ wasRecovering, recovered }, { wasRecovering: true, recovered: false })
  await publish(server, channel, 2)
  assert.deepEqual(await heard.first(2), [1, 2])
})

test('[SUB4] no push comes before the reply to a subscribe that recovers', async (t) => {
  const { client, channel, epoch } = await prepare(t)
  const publishing = publishAll(server, channel, range(8, 20))
  await client.subscribe(channel, { recover: true, offset: 7, epoch })
  await publishing
  await publish(server, channel, 'last')
  while ((await nextData(client)) !== 'last');
  const texts = client.frames.flatMap((frame) => frame.split('\n'))
  const reply = texts.findIndex((text) => text.includes('"subscribe"'))
  const push = texts.findIndex((text) => text.includes('"push"'))
  assert.ok(push === -1 || reply < push)
})
