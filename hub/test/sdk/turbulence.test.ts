import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Centrifuge } from 'centrifuge'
import { newChannel, type Program, startProgram } from './program.ts'
import { connectSdk, journalOf, journalOfSubscription, newSdk, speakers, subscribe } from './sdk.ts'

const hub = await startProgram()

/** Where the SDK lets its own tests look in. */
type Hook = '__centrifuge_debug:connect_frame_sent' | '__centrifuge_debug:transport_initialized'
const onceAt = (sdk: Centrifuge, hook: Hook, listener: () => void) =>
  (sdk as unknown as { once(event: Hook, listener: () => void): void }).once(hook, listener)

/** The dead connections of a client count no longer. */
async function isAlone(program: Program, channel: string): Promise<void> {
  for (;;) {
    const { num_clients: clients } = await program.api('presence_stats', { channel })
    if (clients === 1) return
    await new Promise(setImmediate)
  }
}

for (const speaker of speakers) {
  test(`over ${speaker.name} a client that gives up at any moment connects again`, async (t) => {
    const sdk = newSdk(t, hub, speaker)
    const channel = newChannel()
    const subscription = sdk.newSubscription(channel)
    const journal = journalOfSubscription(subscription)
    subscription.subscribe()
    const hooks: Hook[] = ['__centrifuge_debug:transport_initialized']
    if (speaker.transport === 'websocket') hooks.push('__centrifuge_debug:connect_frame_sent')
    for (const hook of hooks) {
      for (let n = 0; n < 3; n++) {
        const initialized = new Promise<void>((resolve) => onceAt(sdk, hook, resolve))
        sdk.connect()
        await initialized
        sdk.disconnect()
      }
    }
    for (const event of ['connected', 'subscribed'] as const) {
      const left = new Promise<void>((resolve) => {
        const emitter = event === 'connected' ? sdk : subscription
        ;(emitter as unknown as { once(event: string, listener: () => void): void }).once(event, () => {
          sdk.disconnect()
          resolve()
        })
      })
      sdk.connect()
      await left
    }
    sdk.connect()
    await subscription.ready(5000)
    await isAlone(hub, channel)
    await hub.publish(channel, 'after all')
    const { data } = await journal.first('publication')
    assert.equal(speaker.decode(data), 'after all')
  })

  test(`over ${speaker.name} nothing is lost or doubled while a client comes and goes`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const channel = newChannel()
    const { journal, subscription } = await subscribe(sdk, channel)
    const last = 36
    for (let n = 1; n <= last; n++) {
      await hub.publish(channel, n)
      if (n % 6 === 1) sdk.disconnect()
      if (n % 6 === 2) sdk.connect()
      if (n % 6 === 3) subscription.unsubscribe()
      if (n % 6 === 4) subscription.subscribe()
    }
    await journal.nth('publication', last)
    assert.deepEqual(
      journal.all('publication').map(({ data }) => speaker.decode(data)),
      Array.from({ length: last }, (_, n) => n + 1),
    )
    for (const { wasRecovering, recovered } of journal.all('subscribed').slice(1)) {
      assert.deepEqual([wasRecovering, recovered], [true, true])
    }
  })

  test(`over ${speaker.name} nothing is lost or doubled while publications race a subscription`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    for (let round = 0; round < 5; round++) {
      const channel = newChannel()
      const subscription = sdk.newSubscription(channel)
      const journal = journalOfSubscription(subscription)
      const published = Promise.all(Array.from({ length: 20 }, (_, n) => hub.publish(channel, n)))
      subscription.subscribe()
      const { streamPosition } = await journal.first('subscribed')
      await published
      const start = streamPosition?.offset ?? 0
      await journal.nth('publication', 20 - start)
      assert.deepEqual(
        journal.all('publication').map(({ offset }) => offset),
        Array.from({ length: 20 - start }, (_, n) => start + n + 1),
      )
      sdk.removeSubscription(subscription)
    }
  })

  test(`over ${speaker.name} many channels come and go in one frame`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const clients = journalOf(sdk)
    const subscriptions = Array.from({ length: 60 }, () => sdk.newSubscription(newChannel()))
    for (let round = 0; round < 3; round++) {
      sdk.startBatching()
      for (const each of subscriptions) each.subscribe()
      sdk.stopBatching()
      await Promise.all(subscriptions.map((each) => each.ready(5000)))
      sdk.startBatching()
      for (const each of subscriptions) each.unsubscribe()
      sdk.stopBatching()
    }
    for (const { channel } of subscriptions.slice(0, 5)) {
      while ((await sdk.presenceStats(channel)).numClients > 0) await new Promise(setImmediate)
    }
    assert.deepEqual(clients.entries, [])
  })

  test(`over ${speaker.name} a device that was offline comes back at once`, async (t) => {
    const networkEventTarget = new EventTarget()
    const sdk = await connectSdk(t, hub, speaker, { networkEventTarget, minReconnectDelay: 60_000 })
    const journal = journalOf(sdk)
    const { subscription, journal: publications } = await subscribe(sdk, newChannel())
    networkEventTarget.dispatchEvent(new Event('offline'))
    assert.deepEqual(await journal.first('connecting'), { code: 1, reason: 'transport closed' })
    await hub.publish(subscription.channel, 1)
    networkEventTarget.dispatchEvent(new Event('online'))
    await publications.first('publication')
    assert.equal((await publications.nth('subscribed', 2)).recovered, true)
  })

  test(`over ${speaker.name} a page that the browser put aside comes back at once`, async (t) => {
    const pageEventTarget = new EventTarget()
    const sdk = await connectSdk(t, hub, speaker, { pageEventTarget, minReconnectDelay: 60_000 })
    const journal = journalOf(sdk)
    const { subscription, journal: publications } = await subscribe(sdk, newChannel())
    const page = (name: string) => Object.assign(new Event(name), { persisted: true })
    pageEventTarget.dispatchEvent(page('pagehide'))
    assert.deepEqual(await journal.first('connecting'), { code: 1, reason: 'page entered back/forward cache' })
    const isGone = async () => {
      const { num_clients: clients } = await hub.api('presence_stats', { channel: subscription.channel })
      return clients === undefined || clients === 0
    }
    while (!(await isGone())) await new Promise(setImmediate)
    pageEventTarget.dispatchEvent(page('pageshow'))
    await publications.nth('subscribed', 2)
  })

  test(`over ${speaker.name} a client that goes is gone for the others`, async (t) => {
    const [sdk, other] = [await connectSdk(t, hub, speaker), await connectSdk(t, hub)]
    const channel = newChannel()
    const { journal } = await subscribe(other, channel)
    await subscribe(sdk, channel)
    sdk.disconnect()
    await journal.first('leave')
    assert.deepEqual(await other.presenceStats(channel), { numClients: 1, numUsers: 1 })
  })
}

test('fifty clients that are sent away together all come back with what they missed', async (t) => {
  const channel = newChannel()
  const all = await Promise.all(
    Array.from({ length: 50 }, async (_, n) => {
      const sdk = await connectSdk(t, hub, speakers[n % speakers.length])
      return subscribe(sdk, channel)
    }),
  )
  await hub.api('disconnect', { user: '', disconnect: { code: 4000, reason: 'again' } })
  for (let n = 1; n <= 20; n++) await hub.publish(channel, n)
  await Promise.all(all.map(({ journal }) => journal.nth('publication', 20)))
  for (const { journal } of all) {
    assert.deepEqual(
      journal.all('publication').map(({ offset }) => offset),
      Array.from({ length: 20 }, (_, n) => n + 1),
    )
  }
})
