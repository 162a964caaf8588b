import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { Centrifuge as ProtobufCentrifuge } from 'centrifuge/build/protobuf'
import type { Centrifuge, Subscription } from 'centrifuge'
import { WebSocket } from 'ws'
import type { Namespace } from '../index.ts'
import { connectionToken, connectSdk, startHub, type TestHub } from './fixture.ts'
import { random } from './random.ts'

const open: Namespace = {
  name: 'delta',
  historySize: 4,
  historyTtlSeconds: 600,
  allowRecovery: true,
  allowPositioning: true,
  allowSubscribeForClient: true,
  allowedDeltaTypes: ['fossil'],
  deltaPublish: true,
}
const channel = 'delta:1'

/** One who listens with the official decoder, which ends the connection when a base is not the right one. */
type Listener = { name: string; sdk: Centrifuge; subscription: Subscription; heard: unknown[]; faults: string[] }

async function listen(t: TestContext, hub: TestHub, name: string, isProtobuf: boolean): Promise<Listener> {
  const sdk = isProtobuf ? await connectProtobuf(t, hub, name) : await connectSdk(t, hub, name)
  const isPositioned = !name.endsWith('loose')
  const subscription = sdk.newSubscription(channel, {
    delta: 'fossil',
    recoverable: isPositioned,
    positioned: isPositioned,
  })
  const listener: Listener = { name, sdk, subscription, heard: [], faults: [] }
  subscription.on('publication', ({ data }) => {
    listener.heard.push(isProtobuf ? JSON.parse(new TextDecoder().decode(data as Uint8Array)) : data)
  })
  sdk.on('disconnected', ({ code, reason }) => void (code !== 0 && listener.faults.push(`${code} ${reason}`)))
  subscription.subscribe()
  await subscription.ready(5000)
  return listener
}

async function connectProtobuf(t: TestContext, { url }: TestHub, user: string): Promise<Centrifuge> {
  const sdk = new ProtobufCentrifuge(url, {
    websocket: WebSocket,
    token: await connectionToken(user),
    minReconnectDelay: 10,
    maxReconnectDelay: 50,
  }) as unknown as Centrifuge
  t.after(() => sdk.disconnect())
  sdk.connect()
  await sdk.ready(5000)
  return sdk
}

/** Payloads that are alike, in all the ways in which they can be given. */
function payload(generator: ReturnType<typeof random>, n: number): { value: unknown; given: unknown } {
  const value = { n, text: 'однаковий початок 🦊 '.repeat(generator.below(20)), list: [generator.below(5), n % 3] }
  const kind = generator.below(4)
  if (kind === 0) return { value, given: Buffer.from(JSON.stringify(value)) }
  // Bytes that JSON clients see in another form than Protobuf clients do.
  if (kind === 1) return { value, given: Buffer.from(`\n ${JSON.stringify(value, undefined, 2)}\r\n`) }
  return { value, given: value }
}

for (const seed of [1, 2, 3, 4, 5, 6]) {
  test(`[DEL5] a difference is to what the subscriber received last (seed ${seed})`, async (t) => {
    const generator = random(seed)
    const fixture = await startHub(t, { namespaces: [open] })
    const names = ['json', 'json loose', 'protobuf', 'protobuf loose']
    const listeners = await Promise.all(names.map((name) => listen(t, fixture, name, name.startsWith('protobuf'))))
    const published = new Set(['{"n":"the end"}'])
    for (let n = 0; n < 150; n++) {
      const kind = generator.below(12)
      if (kind === 0) fixture.hub.historyRemove(channel)
      else if (kind === 1) await again(generator.pick(listeners))
      else if (kind === 2)
        fixture.hub.unsubscribe(generator.pick(names), channel, { code: 2500, reason: 'insufficient' })
      else if (kind === 3) fixture.hub.disconnect(generator.pick(names), { code: 3011, reason: 'force reconnect' })
      else {
        const { value, given } = payload(generator, n)
        published.add(JSON.stringify(value))
        await fixture.hub.publish(channel, given, {
          skipHistory: generator.below(5) === 0,
          ...(generator.below(4) === 0 && { delta: false }),
          ...(generator.below(6) === 0 && { version: generator.below(100) + 1 }),
        })
      }
      if (generator.below(4) === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    const end = { n: 'the end' }
    for (const { name, heard, faults, subscription } of listeners) {
      // Who is just coming back hears a later one.
      while (faults.length === 0 && !isSame(heard.at(-1), end)) {
        await subscription.ready(5000)
        await fixture.hub.publish(channel, end)
        await new Promise((resolve) => setImmediate(resolve))
      }
      assert.deepEqual(faults, [], name)
      const strange = heard.filter((value) => !published.has(JSON.stringify(value)))
      assert.deepEqual(strange, [], name)
    }
  })
}

async function again({ subscription }: Listener): Promise<void> {
  subscription.unsubscribe()
  subscription.subscribe()
  await subscription.ready(5000)
}

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)
