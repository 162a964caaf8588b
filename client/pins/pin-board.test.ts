import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ann, bob, startFixture } from '../testing/fixture.ts'
import { setPin } from '../testing/model-messages.ts'
import type { ModelServer } from '../testing/model-server.ts'
import { settle } from '../testing/virtual-time.ts'

const pin = (model: ModelServer, messageId: number, isOn = true) =>
  setPin(model, { userId: bob, roomId: 1, messageId, isOn })

/** #general with ten messages, of which a page shows two; the first is pinned. */
async function start(isDown = () => false) {
  const fixture = await startFixture({
    bounds: { pageRows: 2 },
    intercept: ({ path }) => (path.endsWith('/pins/') && isDown() ? { status: 503 } : undefined),
    prepare(model) {
      for (let n = 1; n <= 10; n++) model.send(n % 2 ? bob : ann, 1, `${n}`)
      pin(model, 1)
    },
  })
  const list = () => fixture.client.pins.list(1).get()
  const pinned = () => list().messages.map(({ content }) => content)
  return { ...fixture, list, pinned }
}

test('the pinned messages of a room are there, the last pinned first, and follow what others do', async () => {
  const { client, model, list, pinned, callsTo } = await start()
  client.pins.open(1)
  assert.equal(list().status, 'loading')
  await settle()
  await settle()
  assert.deepEqual([list().status, pinned()], ['ready', ['1']])
  pin(model, 4)
  await settle()
  assert.deepEqual(pinned(), ['4', '1'])
  model.change(1, 4, 'edit')
  assert.deepEqual(pinned(), ['4!', '1'])
  pin(model, 1, false)
  assert.deepEqual(pinned(), ['4!'])
  model.change(1, 4, 'remove')
  assert.deepEqual(pinned(), [])
  assert.equal(callsTo('/api/rooms/1/pins/').length, 1)
})

test('what is pinned here is in the list at once, and out of it when the pin is taken away', async () => {
  const { client, pinned, hold, release } = await start()
  client.messages.open(1)
  client.pins.open(1)
  await settle()
  await settle()
  hold()
  client.pins.set(1, 10, true)
  client.pins.set(1, 1, false)
  assert.deepEqual(pinned(), ['10'])
  await release()
  await release()
  assert.deepEqual(pinned(), ['10'])
})

test('pins of which no event arrived are found after a moment', async () => {
  const { client, model, pinned, withhold, time } = await start()
  client.pins.open(1)
  await settle()
  withhold(() => {
    pin(model, 1, false)
    pin(model, 7)
  })
  model.send(bob, 1, 'a later version')
  await time.pass(3_000)
  assert.deepEqual(pinned(), ['7'])
})

test('a list that cannot be loaded says so, and comes as soon as it can', async () => {
  let isDown = true
  const { client, list, pinned, time } = await start(() => isDown)
  const close = client.pins.open(1)
  await settle()
  assert.equal(list().status, 'error')
  isDown = false
  await time.pass(3_000)
  assert.deepEqual([list().status, pinned()], ['ready', ['1']])
  close()
  assert.equal(list().status, 'loading')
})
