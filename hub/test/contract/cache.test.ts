import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ask, publish, publishAll } from './api.ts'
import { newChannel, newUser } from './names.ts'
import { connectRaw, type Message } from './raw.ts'
import { connectSdk, Heard, subscribed } from './sdk.ts'
import { startServer } from './server.ts'

const cached = {
  history_size: 1,
  history_ttl: '600s',
  force_recovery: true,
  force_recovery_mode: 'cache' as const,
  allow_subscribe_for_client: true,
}

const server = await startServer(
  { after },
  {
    channel: {
      namespaces: [
        { name: 'state', ...cached },
        { name: 'auto', ...cached, auto_cache_recover: true },
      ],
    },
  },
)

const flags = { recoverable: true, positioned: true }
const payloads = ({ publications }: Message) =>
  (publications as Array<{ data: unknown }> | undefined)?.map(({ data }) => data)

test('[REC8] in cache mode recovery brings the latest publication, however far behind one is', async (t) => {
  const channel = newChannel('state')
  const { epoch } = await publishAll(server, channel, [1, 2, 3])
  for (const since of [{ offset: 1, epoch }, { offset: 0 }, { offset: 2, epoch: 'forged' }]) {
    const client = await connectRaw(t, server, newUser())
    const reply = await client.subscribe(channel, { recover: true, ...since })
    assert.deepEqual([reply['recovered'], payloads(reply)], [true, [3]], JSON.stringify(since))
  }
})

test('[REC8] in cache mode who is at the top gets nothing again', async (t) => {
  const channel = newChannel('state')
  const position = await publishAll(server, channel, [1, 2, 3])
  const client = await connectRaw(t, server, newUser())
  const reply = await client.subscribe(channel, { recover: true, ...position })
  assert.deepEqual(reply, { ...flags, ...position, was_recovering: true, recovered: true })
})

test('[REC9] in cache mode nothing is recovered where nothing is kept', async (t) => {
  const [channel, removed] = [newChannel('state'), newChannel('state')]
  const client = await connectRaw(t, server, newUser())
  const { recovered } = await client.subscribe(channel, { recover: true })
  assert.equal(recovered, undefined)
  const { epoch } = await publish(server, removed, 1)
  await ask(server, 'history_remove', { channel: removed })
  const { recovered: after, publications } = await client.subscribe(removed, { recover: true, offset: 0, epoch })
  assert.deepEqual([after, publications], [undefined, undefined])
})

test('[REC10] in cache mode nothing comes unasked', async (t) => {
  const channel = newChannel('state')
  await publish(server, channel, 1)
  const reply = await (await connectRaw(t, server, newUser())).subscribe(channel)
  assert.deepEqual(
    [reply['recovered'], reply['was_recovering'], reply['publications']],
    [undefined, undefined, undefined],
  )
})

test('[REC10] with auto_cache_recover every subscription begins with the latest publication', async (t) => {
  const channel = newChannel('auto')
  await publishAll(server, channel, [1, 2])
  const reply = await (await connectRaw(t, server, newUser())).subscribe(channel)
  assert.deepEqual([reply['recovered'], reply['was_recovering'], payloads(reply)], [true, true, [2]])
})

test('[REC10] the SDK begins with the latest state and hears what follows', async (t) => {
  const channel = newChannel('auto')
  await publishAll(server, channel, ['old', 'latest'])
  const sdk = await connectSdk(t, server, newUser())
  const subscription = sdk.newSubscription(channel)
  const heard = new Heard(subscription)
  await subscribed(subscription)
  await publish(server, channel, 'next')
  assert.deepEqual(await heard.first(2), ['latest', 'next'])
})
