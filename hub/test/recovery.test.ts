import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Content } from '../protocol.ts'
import { channelToken, connectSdk, next, startHub } from './fixture.ts'
import { LoopbackClient } from './loopback.ts'
import { connectRaw, type Message, type RawClient } from './raw.ts'
import type { TestHub } from './fixture.ts'

async function publish({ hub }: TestHub, count: number): Promise<string> {
  let epoch = ''
  for (let n = 1; n <= count; n++) epoch = (await hub.publish('room:1', `p${n}`)).epoch ?? ''
  return epoch
}

/** Subscribes to `room:1`, which keeps five publications. */
async function recover(client: RawClient, since: object): Promise<unknown> {
  const token = await channelToken('ann', 'room:1', { expire_at: 0 })
  const result = await client.ask('subscribe', { channel: 'room:1', token, recover: true, ...since })
  await client.ask('unsubscribe', { channel: 'room:1' })
  return result
}

test('[REC1] who comes back gets what was missed, in order', async (t) => {
  const fixture = await startHub(t)
  const epoch = await publish(fixture, 7)
  const client = await connectRaw(t, fixture, 'ann')
  const positioned = { recoverable: true, positioned: true, was_recovering: true, epoch }
  assert.deepEqual(await recover(client, { offset: 5, epoch }), {
    ...positioned,
    recovered: true,
    offset: 5,
    publications: [
      { data: 'p6', offset: 6 },
      { data: 'p7', offset: 7 },
    ],
  })
  assert.deepEqual(await recover(client, { offset: 7, epoch }), { ...positioned, recovered: true, offset: 7 })
})

test('[REC2] an empty epoch stands for any', async (t) => {
  const fixture = await startHub(t)
  await publish(fixture, 3)
  const result = (await recover(await connectRaw(t, fixture, 'ann'), { offset: 0 })) as {
    publications: Message[]
    recovered: boolean
  }
  assert.equal(result.recovered, true)
  assert.equal(result.publications.length, 3)
})

test('[REC3] what cannot be recovered is told, and nothing is sent', async (t) => {
  const fixture = await startHub(t, { client: { recoveryMaxPublicationLimit: 3 } })
  const epoch = await publish(fixture, 7)
  const client = await connectRaw(t, fixture, 'ann')
  const lost = { recoverable: true, positioned: true, was_recovering: true, epoch, offset: 7 }
  for (const since of [
    { offset: 7, epoch: 'forged' },
    { offset: 8, epoch },
    { offset: 1, epoch },
    { offset: 3, epoch },
    { offset: 0, epoch: '' },
    { epoch: '_' },
  ]) {
    assert.deepEqual(await recover(client, since), lost, JSON.stringify(since))
  }
  const token = await channelToken('ann', 'room:1', { expire_at: 0 })
  client.send(
    `{"id":99,"subscribe":{"channel":"room:1","token":"${token}","recover":true,"offset":18446744073709551615}}`,
  )
  assert.deepEqual((await client.next(({ id }) => id === 99))['subscribe'], lost)
})

test('[REC4] without news a client recovers even from an empty history', async (t) => {
  const fixture = await startHub(t)
  const epoch = await publish(fixture, 7)
  fixture.hub.historyRemove('room:1')
  const client = await connectRaw(t, fixture, 'ann')
  assert.equal(((await recover(client, { offset: 7, epoch })) as { recovered: boolean }).recovered, true)
  assert.equal('recovered' in ((await recover(client, { offset: 6, epoch })) as object), false)
})

test('[REC5] with flag 2 what cannot be recovered is an error, and no subscription', async (t) => {
  const fixture = await startHub(t)
  const epoch = await publish(fixture, 7)
  const client = await connectRaw(t, fixture, 'ann')
  assert.equal(await recover(client, { offset: 1, epoch, flag: 2 }), 112)
  assert.equal(await recover(client, { offset: 7, epoch: 'forged', flag: 3 }), 112)
  assert.equal(fixture.hub.info().nodes[0]?.num_subs, 0)
  assert.equal(((await recover(client, { offset: 7, epoch, flag: 3 })) as { recovered: boolean }).recovered, true)
})

test('[REC5] the SDK asks for the state again when a position is lost', async (t) => {
  const fixture = await startHub(t)
  const epoch = await publish(fixture, 7)
  const sdk = await connectSdk(t, fixture, 'ann')
  const positions = [
    { offset: 0, epoch },
    { offset: 6, epoch },
  ]
  const subscription = sdk.newSubscription('room:1', {
    token: await channelToken('ann', 'room:1'),
    getState: async () => positions.shift() ?? { offset: 7, epoch },
    minResubscribeDelay: 10,
  })
  const publication = next<{ data: unknown }>(subscription, 'publication')
  subscription.subscribe()
  assert.equal((await publication).data, 'p7')
  assert.equal(positions.length, 0)
})

test('[REC6] that recovery was asked for is told even where there is none', async (t) => {
  const client = await connectRaw(t, await startHub(t), 'ann')
  assert.deepEqual(await client.ask('subscribe', { channel: 'plain:x', recover: true, offset: 3, flag: 2 }), {
    was_recovering: true,
  })
})

test('[REC7] each offset comes once and in order, and a hole ends the subscription', async (t) => {
  const client = new LoopbackClient(t)
  await client.connect('ann')
  client.receive({ id: 2, subscribe: { channel: 'room:1', token: await channelToken('ann', 'room:1') } })
  const { epoch } = (await client.reply(2))['subscribe'] as { epoch: string }
  const deliver = (offset: number, of = epoch) =>
    client.node.fanOut.add('room:1', { pub: { content: new Content('1'), offset } }, { epoch: of })
  for (const offset of [1, 1, 2, 1, 3]) void deliver(offset)
  await client.find((message) => JSON.stringify(message).includes('"offset":3'))
  for (const offset of [5, 4, 6]) void deliver(offset)
  const isEnd = (message: Message) => JSON.stringify(message).includes('insufficient state')
  await client.find(isEnd)
  const pushes = client.messages.flatMap(({ push }) => (push ? [push as Message] : []))
  assert.deepEqual(
    pushes.map((push) => (push['pub'] as Message | undefined)?.['offset'] ?? push['unsubscribe']),
    [1, 2, 3, { code: 2500, reason: 'insufficient state' }],
  )
})

test('[REC7] a publication of another epoch ends the subscription', async (t) => {
  const client = new LoopbackClient(t)
  await client.connect('ann')
  client.receive({ id: 2, subscribe: { channel: 'room:1', token: await channelToken('ann', 'room:1') } })
  await client.reply(2)
  const pub = { content: new Content('1'), offset: 1 }
  void client.node.fanOut.add('room:1', { pub }, { epoch: 'another' })
  await client.find((message) => JSON.stringify(message).includes('2500'))
})

test('[REC1] the SDK misses nothing over many breaks of its connection', async (t) => {
  const fixture = await startHub(t)
  const sdk = await connectSdk(t, fixture, 'ann')
  const subscription = sdk.newSubscription('personal:ann', { token: await channelToken('ann', 'personal:ann') })
  const heard: unknown[] = []
  const total = 60
  const done = new Promise<void>((resolve) => {
    subscription.on('publication', ({ data }) => heard.push(data) === total && resolve())
  })
  subscription.subscribe()
  await subscription.ready(5000)
  for (let n = 0; n < total; n++) {
    await fixture.hub.publish('personal:ann', n)
    if (n % 10 === 5) {
      const connected = next(sdk, 'connected')
      fixture.hub.disconnect('ann', { code: 3011, reason: 'force reconnect' })
      await fixture.hub.publish('personal:ann', ++n)
      await connected
    }
  }
  await done
  assert.deepEqual(
    heard,
    Array.from({ length: total }, (_, n) => n),
  )
})

test('[REC3] the SDK learns that a new hub does not know its position', async (t) => {
  const fixture = await startHub(t)
  await publish(fixture, 2)
  const sdk = await connectSdk(t, fixture, 'ann')
  const token = await channelToken('ann', 'room:1')
  const subscription = sdk.newSubscription('room:1', { token, since: { offset: 2, epoch: 'before the restart' } })
  const subscribed = next<{ wasRecovering: boolean; recovered: boolean }>(subscription, 'subscribed')
  subscription.subscribe()
  const { wasRecovering, recovered } = await subscribed
  assert.deepEqual({ wasRecovering, recovered }, { wasRecovering: true, recovered: false })
})
