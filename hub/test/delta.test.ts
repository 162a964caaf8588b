import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectSdk, next, startHub } from './fixture.ts'
import { connectRaw, type Message } from './raw.ts'

const story = (n: number) => ({ text: `${'Дуже довгий текст 🦊 про лисицю. '.repeat(20)}${n}`, n })

test('[DEL1] [DEL2] [DEL4] later publications come as differences, and the SDK puts them together', async (t) => {
  const fixture = await startHub(t)
  const sdk = await connectSdk(t, fixture, 'ann')
  const raw = await connectRaw(t, fixture, 'bob')
  assert.equal((await raw.subscribe('delta:1', { delta: 'fossil' }))['delta'], true)
  const subscription = sdk.newSubscription('delta:1', { delta: 'fossil' })
  const heard: unknown[] = []
  subscription.on('publication', ({ data }) => heard.push(data))
  subscription.subscribe()
  await subscription.ready(5000)
  for (let n = 0; n < 5; n++) await fixture.hub.publish('delta:1', story(n))
  while (heard.length < 5) await next(subscription, 'publication')
  assert.deepEqual(heard, [0, 1, 2, 3, 4].map(story))
  const pubs: Message[] = []
  for (let n = 0; n < 5; n++) pubs.push((await raw.nextPush())['pub'] as Message)
  assert.equal(pubs[0]?.['data'], JSON.stringify(story(0)))
  assert.ok(pubs.slice(1).every(({ delta, data }) => delta === true && (data as string).length < 100))
})

test('[DEL2] who joins later gets the first publication whole', async (t) => {
  const fixture = await startHub(t)
  await fixture.hub.publish('delta:1', story(0))
  const raw = await connectRaw(t, fixture, 'bob')
  await raw.subscribe('delta:1', { delta: 'fossil' })
  await fixture.hub.publish('delta:1', story(1))
  await fixture.hub.publish('delta:1', story(2), { delta: false })
  await fixture.hub.publish('delta:1', 7)
  const forms: unknown[] = []
  for (let n = 0; n < 3; n++) forms.push(((await raw.nextPush())['pub'] as Message)['delta'])
  assert.deepEqual(forms, [undefined, undefined, undefined])
})

test('[DEL3] recovered publications are differences to each other', async (t) => {
  const fixture = await startHub(t)
  const sdk = await connectSdk(t, fixture, 'ann')
  const subscription = sdk.newSubscription('delta:1', { delta: 'fossil' })
  const heard: unknown[] = []
  subscription.on('publication', ({ data }) => heard.push(data))
  subscription.subscribe()
  await subscription.ready(5000)
  await fixture.hub.publish('delta:1', story(0))
  while (heard.length < 1) await next(subscription, 'publication')
  sdk.disconnect()
  for (let n = 1; n < 4; n++) await fixture.hub.publish('delta:1', story(n))
  sdk.connect()
  await subscription.ready(5000)
  await fixture.hub.publish('delta:1', story(4))
  while (heard.length < 5) await next(subscription, 'publication')
  assert.deepEqual(heard, [0, 1, 2, 3, 4].map(story))
})

test('[DEL1] without delta the payload is no string', async (t) => {
  const fixture = await startHub(t)
  const raw = await connectRaw(t, fixture, 'bob')
  assert.equal((await raw.subscribe('delta:1'))['delta'], undefined)
  await fixture.hub.publish('delta:1', story(0))
  assert.deepEqual(((await raw.nextPush())['pub'] as Message)['data'], story(0))
  assert.equal((await raw.subscribe('open:1', { delta: 'fossil' }))['delta'], undefined)
})
