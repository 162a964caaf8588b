import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ask, publish } from './api.ts'
import { newChannel, newUser } from './names.ts'
import { onlyOn } from './only.ts'
import { connectRaw, isPing, nextData, openRaw, type RawClient, refusedUpgrade } from './raw.ts'
import { connectSdk, next } from './sdk.ts'
import { startServer } from './server.ts'
import { connectionToken } from './tokens.ts'
import { until } from './until.ts'

const namespaces = [{ name: 'plain', allow_subscribe_for_client: true, allow_publish_for_client: true }]

const server = await startServer(
  { after },
  {
    client: { channel_limit: 3, user_connection_limit: 2, queue_max_size: 262_144 },
    channel: { max_length: 40, namespaces },
  },
)

/** A command that is answered and makes exactly so many bytes. */
const frameOf = (bytes: number) => {
  const frame = '{"id":5,"unsubscribe":{"channel":"plain:x"},"padding":""}'
  return frame.replace('""}', `"${'x'.repeat(bytes - frame.length)}"}`)
}

test('[LIM2] a frame of 65,536 bytes is fine, one more ends the connection with 1009', async (t) => {
  const client = await connectRaw(t, server, newUser())
  client.send(frameOf(65_536))
  assert.deepEqual((await client.next(({ id }) => id === 5))['unsubscribe'], {})
  client.send(frameOf(65_537))
  assert.equal((await client.closed).code, 1009)
})

test('[LIM2] the SDK does not come back after a message that is too long', async (t) => {
  const sdk = await connectSdk(t, server, newUser())
  const disconnected = next<{ code: number }>(sdk, 'disconnected')
  sdk.publish('plain:x', 'x'.repeat(70_000)).catch(() => {})
  assert.equal((await disconnected).code, 3)
})

const passes = 'Centrifugo does not look whether a text frame is UTF-8.'

test('[LIM3] invalid UTF-8 in a text frame ends the connection', onlyOn('hub', passes), async (t) => {
  const client = await connectRaw(t, server, newUser())
  const bytes = Buffer.from('{"id":2,"publish":{"channel":"plain:x","data":"?"}}')
  bytes[bytes.indexOf('?')] = 0xff
  client.socket.send(bytes, { binary: false })
  assert.equal((await client.closed).code, 1007)
})

test('[SUB2] more channels than allowed are refused with 106, and one that ends makes place', async (t) => {
  const client = await connectRaw(t, server, newUser())
  const channels = [newChannel('plain'), newChannel('plain'), newChannel('plain')]
  for (const channel of channels) await client.subscribe(channel)
  assert.equal(await client.ask('subscribe', { channel: 'plain:more' }), 106)
  await client.call('unsubscribe', { channel: channels[0] })
  assert.deepEqual(await client.ask('subscribe', { channel: 'plain:more' }), {})
})

test('[SUB2] a name that is too long is refused with 107', async (t) => {
  const client = await connectRaw(t, server, newUser())
  assert.deepEqual(await client.ask('subscribe', { channel: `plain:${'x'.repeat(34)}` }), {})
  assert.equal(await client.ask('subscribe', { channel: `plain:${'x'.repeat(35)}` }), 107)
})

test('[LIM4] one connection more than a user may have is told 3504', async (t) => {
  const [user, other] = [newUser(), newUser()]
  for (let n = 0; n < 2; n++) await connectRaw(t, server, user)
  const third = await openRaw(t, server)
  third.send({ id: 1, connect: { token: await connectionToken(user) } })
  assert.deepEqual(await third.closed, { code: 3504, reason: 'connection limit' })
  await connectRaw(t, server, other)
})

test('[LIM5] one connection more than the server may have is refused with 503', async (t) => {
  const small = await startServer(t, { client: { connection_limit: 2 }, channel: { namespaces } })
  const [first] = [await connectRaw(t, small, 'ann'), await connectRaw(t, small, 'bob')]
  assert.equal(await refusedUpgrade(small), 503)
  first.socket.close()
  // The place is free as soon as the server, too, has seen the end.
  await until(() => connectRaw(t, small, 'cem').catch(() => false))
})

const long = 'x'.repeat(50_000)

test('[LIM1] who does not read is sent away, and others are not disturbed', async (t) => {
  const channel = newChannel('plain')
  const [slow, quick] = [await connectRaw(t, server, newUser()), await connectRaw(t, server, newUser())]
  for (const client of [slow, quick]) await client.subscribe(channel)
  slow.socket.pause()
  const heard = hear(quick, 300)
  for (let n = 0; n < 300; n++) await publish(server, channel, { n, long })
  assert.deepEqual(
    await heard,
    Array.from({ length: 300 }, (_, n) => n),
  )
  slow.socket.resume()
  // The close frame, if the connection was good enough for one.
  assert.ok([3008, 3009, 1006].includes((await slow.closed).code))
  type Channels = { channels: Record<string, { num_clients: number }> }
  const isAlone = async () =>
    (await ask<Channels>(server, 'channels', { pattern: channel })).channels[channel]?.num_clients === 1
  await until(isAlone)
})

async function hear(client: RawClient, count: number): Promise<unknown[]> {
  const numbers: unknown[] = []
  while (numbers.length < count) numbers.push(((await nextData(client)) as { n: number }).n)
  return numbers
}

test('[LIM8] a flood of commands is answered in order, and others are served meanwhile', async (t) => {
  const [busy, other] = [await connectRaw(t, server, newUser()), await connectRaw(t, server, newUser())]
  const ids = Array.from({ length: 5000 }, (_, n) => n + 10)
  for (let from = 0; from < ids.length; from += 500) {
    busy.send(...ids.slice(from, from + 500).map((id) => ({ id, unsubscribe: { channel: 'plain:x' } })))
  }
  assert.deepEqual(await other.ask('unsubscribe', { channel: 'plain:x' }), {})
  await busy.next(({ id }) => id === ids.at(-1))
  const answered = busy.frames.flatMap((frame) => frame.split('\n').map((text) => JSON.parse(text) as { id?: number }))
  assert.deepEqual(
    answered.filter((message) => !isPing(message) && Number(message.id) >= 10).map(({ id }) => id),
    ids,
  )
})
