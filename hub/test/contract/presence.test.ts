import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ask, publish } from './api.ts'
import { newChannel, newUser } from './names.ts'
import { connectRaw, connectRawAs, type Message, nextData, openRaw } from './raw.ts'
import { connectSdk, next, subscribed } from './sdk.ts'
import { startServer } from './server.ts'
import { sign } from './tokens.ts'
import { until } from './until.ts'

const seen = { presence: true, allow_subscribe_for_client: true, allow_presence_for_client: true }

const server = await startServer(
  { after },
  {
    channel: {
      namespaces: [
        { name: 'here', ...seen, allow_subscribe_for_anonymous: true },
        { name: 'forced', ...seen, join_leave: true, force_push_join_leave: true },
        { name: 'asked', ...seen, join_leave: true },
        {
          name: 'subscribers',
          presence: true,
          join_leave: true,
          allow_subscribe_for_client: true,
          allow_presence_for_subscriber: true,
        },
        { name: 'secret', presence: true, join_leave: true, allow_subscribe_for_client: true },
        { name: 'announced', join_leave: true, force_push_join_leave: true, allow_subscribe_for_client: true },
      ],
    },
  },
)

type Info = { user: string; client: string }
const presentIn = async (channel: string) =>
  (await ask<{ presence: Record<string, Info> }>(server, 'presence', { channel })).presence

/** Who it is about, of a join or a leave. */
const about = (push: Message, kind: 'join' | 'leave') => (push[kind] as { info: Info } | undefined)?.info.user

test('[PRE1] presence lists who subscribes, until the subscription ends', async (t) => {
  const channel = newChannel('here')
  const [ann, bob] = [newUser('ann'), newUser('bob')]
  const first = await connectRawAs(t, server, ann, { info: { name: 'Ann' } })
  const second = await connectRawAs(t, server, bob)
  assert.deepEqual(await first.client.ask('presence', { channel }), { presence: {} })
  for (const { client } of [first, second]) await client.subscribe(channel)
  const expected = {
    [first.id]: { user: ann, client: first.id, conn_info: { name: 'Ann' } },
    [second.id]: { user: bob, client: second.id },
  }
  assert.deepEqual(await first.client.ask('presence', { channel }), { presence: expected })
  assert.deepEqual(await presentIn(channel), expected)
  await second.client.call('unsubscribe', { channel })
  assert.deepEqual(Object.keys(await presentIn(channel)), [first.id])
  first.client.socket.terminate()
  await until(async () => Object.keys(await presentIn(channel)).length === 0)
})

test('[PRE2] statistics count clients and distinct users, all anonymous ones as one', async (t) => {
  const [user, channel] = [newUser(), newChannel('here')]
  for (let n = 0; n < 2; n++) await (await connectRaw(t, server, user)).subscribe(channel)
  for (let n = 0; n < 2; n++) {
    const client = await openRaw(t, server)
    await client.call('connect', { token: await sign({}) })
    await client.subscribe(channel)
  }
  const expected = { num_clients: 4, num_users: 2 }
  assert.deepEqual(await ask(server, 'presence_stats', { channel }), expected)
  assert.deepEqual(await (await connectRaw(t, server, newUser())).ask('presence_stats', { channel }), expected)
  assert.deepEqual(await ask(server, 'presence_stats', { channel: newChannel('here') }), {
    num_clients: 0,
    num_users: 0,
  })
})

test('[PRE4] joins and leaves are pushed to all where that is forced, the one who joins included', async (t) => {
  const channel = newChannel('forced')
  const [ann, bob] = [newUser('ann'), newUser('bob')]
  const [first, second] = [
    await connectRaw(t, server, ann),
    await connectRawAs(t, server, bob, { info: { name: 'Bob' } }),
  ]
  await first.subscribe(channel)
  assert.equal(about(await first.nextPush(), 'join'), ann)
  await second.client.subscribe(channel)
  const info = { user: bob, client: second.id, conn_info: { name: 'Bob' } }
  assert.deepEqual(await first.nextPush(), { channel, join: { info } })
  assert.equal(about(await second.client.nextPush(), 'join'), bob)
  await second.client.call('unsubscribe', { channel })
  assert.deepEqual(await first.nextPush(), { channel, leave: { info } })
})

test('[UNS3] a connection that ends leaves its channels', async (t) => {
  const channel = newChannel('forced')
  const [ann, bob] = [newUser('ann'), newUser('bob')]
  const [first, second] = [await connectRaw(t, server, ann), await connectRaw(t, server, bob)]
  await first.subscribe(channel)
  await first.nextPush()
  await second.subscribe(channel)
  await first.nextPush()
  second.socket.close()
  assert.equal(about(await first.nextPush(), 'leave'), bob)
})

test('[PRE4] elsewhere they are pushed to those who asked and may see presence', async (t) => {
  const channel = newChannel('asked')
  const [asking, silent] = [await connectRaw(t, server, newUser()), await connectRaw(t, server, newUser())]
  await asking.subscribe(channel, { join_leave: true })
  await asking.nextPush()
  await silent.subscribe(channel)
  assert.ok('join' in (await asking.nextPush()))
  await publish(server, channel, 'the only push')
  assert.equal(await nextData(silent), 'the only push')
  assert.deepEqual(silent.rest(), [])
})

test('[PRE4] a subscriber who may see presence as one gets what it asked for', async (t) => {
  const channel = newChannel('subscribers')
  const user = newUser()
  const client = await connectRaw(t, server, user)
  await client.subscribe(channel, { join_leave: true })
  await publish(server, channel, 'not the first push')
  assert.equal(about(await client.nextPush(), 'join'), user)
})

test('[PRE4] who may not see presence is told nothing', async (t) => {
  const channel = newChannel('secret')
  const [client, other] = [await connectRaw(t, server, newUser()), await connectRaw(t, server, newUser())]
  await client.subscribe(channel, { join_leave: true })
  await other.subscribe(channel)
  await publish(server, channel, 'the only push')
  assert.deepEqual([await nextData(client), client.rest()], ['the only push', []])
})

test('joins and leaves need no presence', async (t) => {
  const [channel, user] = [newChannel('announced'), newUser()]
  const client = await connectRaw(t, server, user)
  await client.subscribe(channel)
  assert.equal(about(await client.nextPush(), 'join'), user)
  assert.equal(await client.ask('presence', { channel }), 108)
})

test('the SDK sees who is there, who comes and who goes', async (t) => {
  const channel = newChannel('asked')
  const [ann, bob] = [newUser('ann'), newUser('bob')]
  const [sdk, other] = [await connectSdk(t, server, ann), await connectSdk(t, server, bob)]
  const subscription = sdk.newSubscription(channel, { joinLeave: true })
  const own = next<{ info: Info }>(subscription, 'join')
  await subscribed(subscription)
  assert.equal((await own).info.user, ann)
  const joined = next<{ info: Info }>(subscription, 'join')
  const others = await subscribed(other.newSubscription(channel))
  assert.equal((await joined).info.user, bob)
  const { clients } = await sdk.presence(channel)
  assert.deepEqual(
    Object.values(clients)
      .map(({ user }) => user)
      .sort(),
    [ann, bob].sort(),
  )
  assert.deepEqual(await subscription.presenceStats(), { numClients: 2, numUsers: 2 })
  const left = next<{ info: Info }>(subscription, 'leave')
  others.unsubscribe()
  assert.equal((await left).info.user, bob)
})
