import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newChannel, startProgram } from './program.ts'
import { connectSdk, journalOf, speakers, subscribe } from './sdk.ts'

const hub = await startProgram()

for (const speaker of speakers) {
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
