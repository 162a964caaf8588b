import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ReceiptReport } from '@grandchat/contracts/receipts/schema'
import { type FixtureOptions, ann, bob, startFixture } from '../testing/fixture.ts'
import type { ModelServer } from '../testing/model-server.ts'
import { settle } from '../testing/virtual-time.ts'

/** Ann's client, past the time in which everybody comes back, in a second room beside #general. */
async function start(options: FixtureOptions = {}) {
  const fixture = await startFixture({
    ...options,
    prepare(model) {
      model.addRoom('other', bob)
      model.join(ann, 2)
      options.prepare?.(model)
    },
  })
  await fixture.time.pass(20_000)
  fixture.calls.length = 0
  const reports = () => fixture.callsTo('/api/receipts/').map(({ body }) => (body as ReceiptReport).rooms)
  const told = (roomId: number) => fixture.model.rooms.get(roomId)!.members.get(ann)!.delivered_seq
  return { ...fixture, reports, told }
}

test('what arrives in two rooms, on screen or not, is reported once', async () => {
  const { model, time, reports, told } = await start()
  for (let n = 0; n < 5; n++) model.send(bob, 1 + (n % 2), `m${n}`)
  await time.pass(1_900)
  assert.deepEqual(reports(), [])
  await time.pass(2_200)
  assert.deepEqual(reports(), [{ 1: 3, 2: 2 }])
  assert.deepEqual([told(1), told(2)], [3, 2])
  await time.pass(60_000)
  assert.equal(reports().length, 1)
})

test('the tab need not be seen', async () => {
  const { model, time, device, reports } = await start()
  device.isVisible = false
  model.send(bob, 1, 'hello')
  await time.pass(5_000)
  assert.deepEqual(reports(), [{ 1: 1 }])
})

test('what is read at once, and what one says oneself, needs no report', async () => {
  const { client, model, time, reports } = await start()
  client.messages.open(1)
  await settle()
  model.send(bob, 1, 'hello')
  client.readMarkers.mark(1, 1)
  client.messages.send(2, 'mine')
  await time.pass(10_000)
  assert.deepEqual(reports(), [])
})

test('what an event did not tell but a sync did is reported, too', async () => {
  const { model, time, withhold, setSocket, reports } = await start()
  withhold(() => model.send(bob, 1, 'while away'))
  await setSocket('down')
  await setSocket('up')
  await time.pass(30_000)
  assert.deepEqual(reports(), [{ 1: 1 }])
})

const crowd = (people: number) => (model: ModelServer) => {
  for (let n = 0; n < people; n++) model.join(model.addUser(`crowd${n}`).id, 1)
}

test('a room of 32 is reported, one of 33 is not, nor one in which nobody else is', async () => {
  for (const [people, expected] of [
    [30, [{ 1: 1 }]],
    [31, []],
  ] as const) {
    const { model, time, reports } = await start({ prepare: crowd(people) })
    model.send(bob, 1, 'hello')
    model.leave(bob, 2)
    await time.pass(10_000)
    assert.deepEqual(reports(), expected, `${people + 2} people`)
  }
})

test('a report that fails is made again, with what came meanwhile', async () => {
  let isDown = true
  const { model, time, reports, told } = await start({
    intercept: ({ path }) => (isDown && path === '/api/receipts/' ? { status: 503, body: {} } : undefined),
  })
  model.send(bob, 1, 'one')
  await time.pass(5_000)
  assert.deepEqual([reports().length > 0, told(1)], [true, 0])
  model.send(bob, 1, 'two')
  isDown = false
  await time.pass(120_000)
  assert.deepEqual([reports().at(-1), told(1)], [{ 1: 2 }, 2])
})

test('a server that refuses reports for good is left alone', async () => {
  const refusal = { status: 400, body: { code: 'invalid_input', detail: 'no' } }
  const { model, time, reports } = await start({
    intercept: ({ path }) => (path === '/api/receipts/' ? refusal : undefined),
  })
  model.send(bob, 1, 'one')
  await time.pass(120_000)
  assert.equal(reports().length, 1)
})

test('a report just before the connection broke is made again, an old one is not', async () => {
  const { model, time, setSocket, reports } = await start()
  model.send(bob, 1, 'long ago')
  await time.pass(30_000)
  model.send(bob, 2, 'just now')
  await time.pass(5_000)
  assert.deepEqual(reports(), [{ 1: 1 }, { 2: 1 }])
  await setSocket('down')
  await setSocket('up')
  await time.pass(30_000)
  assert.deepEqual(reports(), [{ 1: 1 }, { 2: 1 }, { 2: 1 }])
})

test('after a connection came up, reports come over many seconds', async () => {
  const delays: number[] = []
  for (const random of [0, 0.25, 0.5, 0.99]) {
    const { time, setSocket, withhold, model, reports } = await start({ options: { random: () => random } })
    await setSocket('down')
    withhold(() => model.send(bob, 1, 'while away'))
    await setSocket('up')
    let waited = 0
    for (; reports().length === 0 && waited < 60_000; waited += 250) await time.pass(250)
    delays.push(waited)
  }
  assert.deepEqual(
    delays,
    delays.toSorted((a, b) => a - b),
  )
  assert.ok(delays.at(-1)! - delays[0]! > 10_000, String(delays))
})

test('many rooms go in requests of a hundred', async () => {
  const { model, time, setSocket, withhold, reports } = await start({
    prepare(model) {
      for (let id = 3; id <= 130; id++) {
        model.addRoom(`room ${id}`, bob)
        model.join(ann, id)
      }
    },
  })
  await setSocket('down')
  withhold(() => {
    for (let id = 1; id <= 130; id++) model.send(bob, id, 'hello')
  })
  await setSocket('up')
  await time.pass(60_000)
  assert.deepEqual(
    reports().map((rooms) => Object.keys(rooms).length),
    [100, 30],
  )
})
