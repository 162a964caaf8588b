import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PublicationContext } from 'centrifuge'
import { channelToken, connectSdk, startHub } from './fixture.ts'

test('Ann connects, subscribes and receives what is published', async (t) => {
  const fixture = await startHub(t)
  const sdk = await connectSdk(t, fixture, 'ann')
  const subscription = sdk.newSubscription('personal:ann', { token: await channelToken('ann', 'personal:ann') })
  const received: PublicationContext[] = []
  const done = new Promise<void>((resolve) => {
    subscription.on('publication', (context) => {
      received.push(context)
      if (received.length === 3) resolve()
    })
  })
  subscription.subscribe()
  await subscription.ready(5000)
  for (const n of [1, 2, 3]) await fixture.hub.publish('personal:ann', { n })
  await done
  assert.deepEqual(
    received.map(({ data, offset }) => [data, offset]),
    [
      [{ n: 1 }, 1],
      [{ n: 2 }, 2],
      [{ n: 3 }, 3],
    ],
  )
})

test('a client publishes to those who are there', async (t) => {
  const fixture = await startHub(t)
  const [ann, bob] = [await connectSdk(t, fixture, 'ann'), await connectSdk(t, fixture, 'bob')]
  const subscription = bob.newSubscription('plain:x')
  const received = new Promise<PublicationContext>((resolve) => subscription.on('publication', resolve))
  subscription.subscribe()
  await subscription.ready(5000)
  await ann.publish('plain:x', { hello: 'bob' })
  const { data, info } = await received
  assert.deepEqual(data, { hello: 'bob' })
  assert.equal(info?.user, 'ann')
})
