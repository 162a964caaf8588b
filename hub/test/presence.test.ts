import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectSdk, next, startHub } from './fixture.ts'
import { connectRaw, openRaw, subscribeWithToken } from './raw.ts'

test('[PRE1] presence lists who is subscribed, until they are not', async (t) => {
  const fixture = await startHub(t)
  const [ann, bob] = [
    await connectRaw(t, fixture, 'ann', { info: { name: 'Ann' } }),
    await connectRaw(t, fixture, 'bob'),
  ]
  const users = async () => {
    const { presence } = (await ann.ask('presence', { channel: 'open:x' })) as {
      presence: Record<string, { user: string; client: string }>
    }
    for (const [id, { client }] of Object.entries(presence)) assert.equal(client, id)
    return Object.values(presence).map(({ user }) => user)
  }
  assert.deepEqual(await users(), [])
  await ann.subscribe('open:x')
  await bob.subscribe('open:x')
  assert.deepEqual(await users(), ['ann', 'bob'])
  assert.deepEqual(
    Object.values(fixture.hub.presence('open:x').presence).map(({ conn_info }) => conn_info),
    [{ name: 'Ann' }, undefined],
  )
  await bob.ask('unsubscribe', { channel: 'open:x' })
  assert.deepEqual(await users(), ['ann'])
})

test('[UNS3] a socket that breaks ends presence, and the leave is told', async (t) => {
  const fixture = await startHub(t)
  const [ann, bob] = [await connectRaw(t, fixture, 'ann'), await connectRaw(t, fixture, 'bob')]
  await subscribeWithToken(ann, 'ann', 'here:1')
  await subscribeWithToken(bob, 'bob', 'here:1')
  bob.socket.terminate()
  await ann.next((message) => JSON.stringify(message).includes('"leave":{"info":{"user":"bob"'))
  assert.deepEqual(fixture.hub.presenceStats('here:1'), { num_clients: 1, num_users: 1 })
})

test('[PRE2] connections and users are counted apart', async (t) => {
  const fixture = await startHub(t, {
    namespaces: [
      {
        name: 'all',
        presence: true,
        allowSubscribeForClient: true,
        allowSubscribeForAnonymous: true,
        allowPresenceForSubscriber: true,
      },
    ],
    client: { allowAnonymousConnectWithoutToken: true },
  })
  const clients = [
    await connectRaw(t, fixture, 'ann'),
    await connectRaw(t, fixture, 'ann'),
    await connectRaw(t, fixture, 'bob'),
    await openRaw(t, fixture),
    await openRaw(t, fixture),
  ]
  for (const client of clients.slice(3)) await client.call('connect')
  for (const client of clients) await client.subscribe('all:x')
  const stats = { num_clients: 5, num_users: 3 }
  assert.deepEqual(await clients[0]?.ask('presence_stats', { channel: 'all:x' }), stats)
  assert.deepEqual(fixture.hub.presenceStats('all:x'), stats)
  assert.equal(await clients[4]?.ask('presence', { channel: 'all:x' }), 103, 'nobody sees presence without a name')
  await clients[1]?.ask('unsubscribe', { channel: 'all:x' })
  assert.deepEqual(fixture.hub.presenceStats('all:x'), { num_clients: 4, num_users: 3 })
})

test('[PRE3] presence is there for those who may see it', async (t) => {
  const fixture = await startHub(t)
  const client = await connectRaw(t, fixture, 'ann')
  for (const method of ['presence', 'presence_stats']) {
    assert.equal(await client.ask(method, { channel: 'plain:x' }), 108)
    assert.equal(await client.ask(method, { channel: 'here:1' }), 103, 'not a subscriber')
    assert.equal(await client.ask(method, { channel: 'personal:bob' }), 103)
    assert.equal(await client.ask(method, { channel: 'nowhere:x' }), 102)
    const other = await connectRaw(t, fixture, 'bob')
    other.send({ id: 9, [method]: {} })
    assert.equal((await other.closed).code, 3501)
  }
  await subscribeWithToken(client, 'ann', 'here:1')
  assert.deepEqual(await client.ask('presence_stats', { channel: 'here:1' }), { num_clients: 1, num_users: 1 })
  assert.throws(() => fixture.hub.presence('plain:x'), { code: 108 })
  assert.throws(() => fixture.hub.presenceStats('nowhere:x'), { code: 102 })
})

test('[PRE4] joins and leaves reach all where the namespace pushes them, and the one who joins', async (t) => {
  const fixture = await startHub(t)
  const [ann, bob] = [await connectRaw(t, fixture, 'ann'), await connectRaw(t, fixture, 'bob')]
  const heard = async (client: typeof ann) => {
    const push = (await client.nextPush()) as Record<'join' | 'leave', { info: { user: string } } | undefined>
    return push.join ? `join ${push.join.info.user}` : `leave ${push.leave?.info.user}`
  }
  await subscribeWithToken(ann, 'ann', 'here:1')
  assert.equal(await heard(ann), 'join ann')
  await subscribeWithToken(bob, 'bob', 'here:1')
  assert.deepEqual([await heard(ann), await heard(bob)], ['join bob', 'join bob'])
  await bob.ask('unsubscribe', { channel: 'here:1' })
  assert.equal(await heard(ann), 'leave bob')
  assert.deepEqual(bob.rest(), [])
})

test('[PRE4] elsewhere they reach those who ask', async (t) => {
  const fixture = await startHub(t)
  const [asks, silent] = [await connectSdk(t, fixture, 'ann'), await connectRaw(t, fixture, 'bob')]
  await silent.subscribe('open:x')
  const subscription = asks.newSubscription('open:x', { joinLeave: true })
  const joined = next<{ info: { user: string } }>(subscription, 'join')
  subscription.subscribe()
  assert.equal((await joined).info.user, 'ann')
  const left = next<{ info: { user: string } }>(subscription, 'leave')
  await silent.ask('unsubscribe', { channel: 'open:x' })
  assert.equal((await left).info.user, 'bob')
  assert.deepEqual(silent.rest(), [])
  assert.equal((await asks.presenceStats('open:x')).numClients, 1)
})
