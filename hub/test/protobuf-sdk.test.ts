import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { PublicationContext } from 'centrifuge'
import { Centrifuge } from 'centrifuge/build/protobuf'
import { WebSocket } from 'ws'
import { channelToken, connectionToken, connectSdk, next, startHub, type TestHub } from './fixture.ts'
import { connectRaw } from './raw.ts'

async function connectProtobuf(t: TestContext, { url, http }: TestHub, user: string, isStream = false) {
  const endpoint = isStream ? [{ transport: 'http_stream' as const, endpoint: `${http}/connection/http_stream` }] : url
  const sdk = new Centrifuge(endpoint, {
    websocket: WebSocket,
    emulationEndpoint: `${http}/emulation`,
    fetch: globalThis.fetch,
    readableStream: globalThis.ReadableStream,
    token: await connectionToken(user, { info: { name: 'Ann 🦊' } }),
  })
  t.after(() => sdk.disconnect())
  sdk.connect()
  await sdk.ready(5000)
  return sdk
}

type Publishes = { once(event: 'publication', listener: (context: PublicationContext) => void): unknown }
const heardBy = (subscription: Publishes) =>
  new Promise<PublicationContext>((resolve) => subscription.once('publication', resolve))
const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const valueOf = (bytes: unknown): unknown => JSON.parse(Buffer.from(bytes as Uint8Array).toString())

for (const isStream of [false, true]) {
  test(`[CON11] clients of both protocols talk to each other, ${isStream ? 'over a stream' : 'over sockets'}`, async (t) => {
    const fixture = await startHub(t)
    const [ann, bob] = [await connectProtobuf(t, fixture, 'ann', isStream), await connectSdk(t, fixture, 'bob')]
    const [annsView, bobsView] = [ann.newSubscription('open:1'), bob.newSubscription('open:1')]
    annsView.subscribe()
    bobsView.subscribe()
    await Promise.all([annsView.ready(5000), bobsView.ready(5000)])
    const hears = Promise.all([heardBy(annsView), heardBy(bobsView)])
    await ann.publish('open:1', bytesOf({ text: 'Привіт', big: 1 }))
    const [own, other] = await hears
    assert.deepEqual(
      [valueOf(own.data), other.data],
      [
        { text: 'Привіт', big: 1 },
        { text: 'Привіт', big: 1 },
      ],
    )
    assert.deepEqual([own.offset, other.offset], [1, 1])
    assert.deepEqual(other.info?.connInfo, { name: 'Ann 🦊' })
    assert.deepEqual((await ann.presenceStats('open:1')).numUsers, 2)
    const { publications } = await ann.history('open:1', { limit: 10 })
    assert.deepEqual(valueOf(publications[0]?.data), { text: 'Привіт', big: 1 })
    await assert.rejects(ann.publish('nowhere:1', bytesOf(1)), { code: 102 })
  })
}

test('[DEL2] Protobuf clients get differences as bytes', async (t) => {
  const fixture = await startHub(t)
  const ann = await connectProtobuf(t, fixture, 'ann')
  const subscription = ann.newSubscription('delta:1', { delta: 'fossil' })
  const heard: unknown[] = []
  subscription.on('publication', ({ data }) => heard.push(valueOf(data)))
  subscription.subscribe()
  await subscription.ready(5000)
  const story = (n: number) => `${'Історія про лисицю 🦊. '.repeat(30)}${n}`
  for (let n = 0; n < 4; n++) await fixture.hub.publish('delta:1', story(n))
  while (heard.length < 4) await next(subscription, 'publication')
  assert.deepEqual(heard, [0, 1, 2, 3].map(story))
})

test('[REC1] [CON11] a Protobuf client misses nothing over a break', async (t) => {
  const fixture = await startHub(t)
  const ann = await connectProtobuf(t, fixture, 'ann')
  const subscription = ann.newSubscription('room:1', { token: await channelToken('ann', 'room:1') })
  const heard: unknown[] = []
  subscription.on('publication', ({ data }) => heard.push(valueOf(data)))
  subscription.subscribe()
  await subscription.ready(5000)
  ann.disconnect()
  for (const n of [1, 2, 3]) await fixture.hub.publish('room:1', n)
  ann.connect()
  while (heard.length < 3) await next(subscription, 'publication')
  assert.deepEqual(heard, [1, 2, 3])
})

test('[CON11] malformed Protobuf is told 3501', async (t) => {
  const fixture = await startHub(t)
  const client = await connectRaw(t, { ...fixture, url: fixture.url }, 'ann')
  const socket = new WebSocket(`${fixture.url}?cf_protocol=protobuf`)
  t.after(() => socket.terminate())
  const code = new Promise<number>((resolve) => socket.on('close', resolve))
  socket.on('open', () => socket.send(Buffer.from([5, 1])))
  assert.equal(await code, 3501)
  assert.equal(client.socket.readyState, WebSocket.OPEN)
})
