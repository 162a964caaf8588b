import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bob, startFixture } from '../testing/fixture.ts'
import { settle } from '../testing/virtual-time.ts'

const noSocket = { options: { WebSocket: undefined } }
const headPath = '/api/sync/head/'

test('without a socket new messages come by looking every few seconds, and the state says so', async () => {
  const { client, model, contents, time } = await startFixture(noSocket)
  client.messages.open(1)
  await settle()
  assert.equal(client.connection.get(), 'polling')
  model.send(bob, 1, 'slow but sure')
  await time.pass(7_000)
  assert.deepEqual(contents(), ['slow but sure'])
})

test('without a socket one can send, read, make, join and leave rooms', async () => {
  const { client, model, contents } = await startFixture({
    ...noSocket,
    prepare: (model) => void model.addRoom('other', bob),
  })
  client.messages.open(1)
  client.messages.send(1, 'hello')
  await settle()
  assert.deepEqual(contents(), ['hello'])
  await client.rooms.join(2)
  assert.deepEqual(
    client.rooms.list.get().rooms.map((room) => room.name),
    ['general', 'other'],
  )
  await client.rooms.leave(2)
  assert.deepEqual(
    client.rooms.list.get().rooms.map((room) => room.name),
    ['general'],
  )
  assert.equal(model.isMember(1, 2), false)
})

test('the connection goes from connecting to live, to polling when the socket falls, and back', async () => {
  const { client, setSocket, time } = await startFixture()
  assert.equal(client.connection.get(), 'live')
  await setSocket('down')
  assert.equal(client.connection.get(), 'reconnecting')
  await time.pass(3_000)
  assert.equal(client.connection.get(), 'polling')
  await setSocket('up')
  assert.equal(client.connection.get(), 'live')
})

test('a server that does not answer makes it reconnecting, and a device without a network offline', async () => {
  let isDown = false
  const { client, setSocket, time, device } = await startFixture({
    intercept: () => (isDown ? { status: 502 } : undefined),
  })
  isDown = true
  await setSocket('down')
  await time.pass(10_000)
  assert.equal(client.connection.get(), 'reconnecting')
  device.isOnline = false
  device.signal()
  assert.equal(client.connection.get(), 'offline')
  device.isOnline = true
  isDown = false
  device.signal()
  await time.pass(2_000)
  assert.equal(client.connection.get(), 'polling')
})

test('a failing server is looked at ever more rarely', async () => {
  let isDown = false
  const { setSocket, time, calls } = await startFixture({ intercept: () => (isDown ? { status: 503 } : undefined) })
  isDown = true
  await setSocket('down')
  await time.pass(300_000)
  const before = calls.length
  await time.pass(300_000)
  assert.ok(calls.length - before <= 30, `${calls.length - before} requests in five minutes`)
})

test('a visible tab looks once a minute while the socket is up, a hidden one every five', async () => {
  const { time, device, callsTo } = await startFixture()
  await time.pass(600_000)
  assert.equal(callsTo(headPath).length, 10)
  device.isVisible = false
  device.signal()
  const before = callsTo(headPath).length
  await time.pass(600_000)
  assert.equal(callsTo(headPath).length - before, 2)
})

test('coming back to the tab looks at once', async () => {
  const { client, model, contents, device, time, withhold } = await startFixture()
  client.messages.open(1)
  device.isVisible = false
  device.signal()
  await time.pass(30_000)
  withhold(() => model.send(bob, 1, 'while away'))
  device.isVisible = true
  device.signal()
  await time.pass(3_000)
  assert.deepEqual(contents(), ['while away'])
})

test('the list of rooms that cannot be loaded says so, and is loaded as soon as it can be', async () => {
  let isDown = true
  const { client, time } = await startFixture({
    intercept: ({ path }) => (isDown && path === '/api/sync/' ? { status: 500 } : undefined),
  })
  assert.equal(client.rooms.list.get().status, 'error')
  isDown = false
  await time.pass(20_000)
  assert.equal(client.rooms.list.get().status, 'ready')
  assert.equal(client.rooms.list.get().rooms.length, 1)
})

test('a page that comes back from the cache of pages, with all the signals that this makes, looks once', async () => {
  const { device, time, calls, model, withhold } = await startFixture()
  await time.pass(30_000)
  calls.length = 0
  for (let signals = 0; signals < 5; signals++) device.signal()
  await time.pass(10_000)
  assert.equal(calls.length, 1)
  withhold(() => model.send(bob, 1, 'while away'))
  calls.length = 0
  for (let signals = 0; signals < 5; signals++) device.signal()
  await time.pass(10_000)
  assert.deepEqual(
    calls.map(({ path }) => path),
    [headPath, '/api/sync/', '/api/receipts/'],
  )
})
