import assert from 'node:assert/strict'
import { test } from 'node:test'
import { channelToken, connectionToken, connectSdk, newSdk, next, startHub } from './fixture.ts'
import { connectRaw, openRaw, refusedUpgrade } from './raw.ts'

test('[DIS1] the server ends the connections of a user, or one of them', async (t) => {
  const fixture = await startHub(t)
  const [first, second, bob] = [
    await connectRaw(t, fixture, 'ann'),
    await connectRaw(t, fixture, 'ann'),
    await connectRaw(t, fixture, 'bob'),
  ]
  await second.subscribe('open:x')
  const [client = ''] = Object.keys(fixture.hub.presence('open:x').presence)
  fixture.hub.disconnect('ann', { client, code: 4001, reason: 'moved' })
  assert.deepEqual(await second.closed, { code: 4001, reason: 'moved' })
  assert.deepEqual(await first.ask('unsubscribe', { channel: 'x:y' }), {})
  fixture.hub.disconnect('ann', { session: 'none' })
  assert.deepEqual(await first.ask('unsubscribe', { channel: 'x:y' }), {}, 'it has no session')
  fixture.hub.disconnect('ann')
  assert.deepEqual(await first.closed, { code: 3503, reason: 'force disconnect' })
  assert.deepEqual(await bob.ask('unsubscribe', { channel: 'x:y' }), {})
})

test('[DIS1] what no close frame can carry is refused', async (t) => {
  const { hub } = await startHub(t)
  for (const wrong of [
    { code: 1000 },
    { code: 5000 },
    { code: 3500.5 },
    { reason: 'п'.repeat(62) },
    { reason: '{"reconnect":true}' },
  ]) {
    assert.throws(() => hub.disconnect('ann', wrong), { code: 107 })
  }
})

test('[DIS1] after 3014 the SDK comes back with a new token and without its positions', async (t) => {
  const fixture = await startHub(t)
  let asked = 0
  const getToken = () => (asked++, connectionToken('ann'))
  const sdk = newSdk(t, fixture, { getToken })
  sdk.connect()
  const subscription = sdk.newSubscription('room:1', { getToken: () => channelToken('ann', 'room:1') })
  subscription.subscribe()
  await subscription.ready(5000)
  const again = next<{ wasRecovering: boolean; recovered: boolean }>(subscription, 'subscribed')
  fixture.hub.disconnect('ann', { code: 3014, reason: 'state invalidated' })
  const { wasRecovering, recovered } = await again
  assert.deepEqual({ asked, wasRecovering, recovered }, { asked: 2, wasRecovering: true, recovered: false })
})

test('[DIS1] the SDK stays away after 3503', async (t) => {
  const fixture = await startHub(t)
  const sdk = await connectSdk(t, fixture, 'ann')
  const disconnected = next<{ code: number }>(sdk, 'disconnected')
  fixture.hub.disconnect('ann')
  assert.equal((await disconnected).code, 3503)
})

test('[DIS2] what was sent before the end arrives before it', async (t) => {
  const fixture = await startHub(t)
  const client = await connectRaw(t, fixture, 'ann')
  await client.subscribe('plain:x')
  void fixture.hub.publish('plain:x', 'last words')
  fixture.hub.disconnect('ann')
  await client.closed
  assert.deepEqual(client.rest(), [{ push: { channel: 'plain:x', pub: { data: 'last words' } } }])
})

test('[DIS3] a peer that does not say goodbye is dropped', async (t) => {
  const fixture = await startHub(t, { client: { closeTimeoutSeconds: 0.05 } })
  const client = await connectRaw(t, fixture, 'ann')
  client.socket.pause()
  await fixture.hub.shutdown()
})

test('[DIS4] a shutdown tells everyone to come back, and lets nobody in', async (t) => {
  const fixture = await startHub(t)
  const clients = [await openRaw(t, fixture)]
  for (const user of ['ann', 'bob', 'eve']) clients.push(await connectRaw(t, fixture, user))
  const ended = fixture.hub.shutdown({ graceSeconds: 0.3 })
  assert.equal(fixture.hub.shutdown(), ended)
  assert.equal(await refusedUpgrade(fixture), 503)
  assert.ok((fixture.hub.info().nodes[0]?.num_clients ?? 0) > 0, 'not all at once')
  const ends = await Promise.all(clients.map(({ closed }) => closed))
  assert.deepEqual(
    ends,
    clients.map(() => ({ code: 3001, reason: 'shutdown' })),
  )
  await ended
  assert.equal(fixture.hub.info().nodes[0]?.num_clients, 0)
})

test('[OTH3] the hub counts', async (t) => {
  const fixture = await startHub(t, { name: 'one' })
  for (const user of ['ann', 'ann', 'bob']) await (await connectRaw(t, fixture, user)).subscribe('plain:x')
  const [node] = fixture.hub.info().nodes
  assert.deepEqual(
    { ...node, uid: '', uptime: 0, version: '' },
    {
      uid: '',
      name: 'one',
      version: '',
      uptime: 0,
      num_clients: 3,
      num_users: 2,
      num_channels: 1,
      num_subs: 3,
    },
  )
})
