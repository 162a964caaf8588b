import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ann, bob, startFixture } from '../testing/fixture.ts'
import { settle } from '../testing/virtual-time.ts'

test('a room that was open before is there at once when it is opened again', async () => {
  const { client, timeline, model, callsTo } = await startFixture({
    prepare: (model) => void model.send(bob, 1, 'hi'),
  })
  const close = client.messages.open(1)
  await settle()
  close()
  model.send(bob, 1, 'while closed')
  client.messages.open(1)
  assert.equal(timeline().status, 'ready')
  assert.deepEqual(
    timeline().messages.map(({ content }) => content),
    ['hi', 'while closed'],
  )
  assert.equal(callsTo('/api/rooms/1/messages/').length, 1)
})

test('of many rooms that were open the last used are kept', async () => {
  const { client, callsTo } = await startFixture({
    prepare(model) {
      for (let id = 2; id <= 30; id++) {
        model.addRoom(`room ${id}`, bob)
        model.join(ann, id)
      }
    },
  })
  for (let id = 1; id <= 30; id++) {
    const close = client.messages.open(id)
    await settle()
    close()
  }
  client.messages.open(30)
  client.messages.open(1)
  await settle()
  assert.equal(callsTo('/api/rooms/30/messages/').length, 1)
  assert.equal(callsTo('/api/rooms/1/messages/').length, 2)
})

test('a room that is closed keeps its newest messages only', async () => {
  const { client, timeline } = await startFixture({
    bounds: { pageRows: 100 },
    prepare(model) {
      for (let n = 1; n <= 350; n++) model.send(bob, 1, `${n}`)
    },
  })
  const close = client.messages.open(1)
  await settle()
  while (timeline().hasOlder) await client.messages.loadOlder(1)
  assert.equal(timeline().messages.length, 350)
  close()
  client.messages.open(1)
  assert.deepEqual([timeline().messages.length, timeline().hasOlder], [200, true])
  await client.messages.loadOlder(1)
  assert.equal(timeline().messages.length, 300)
})

test('a room shown twice stays current until both are closed', async () => {
  const { client, model, withhold, time, timeline } = await startFixture()
  const closes = [client.messages.open(1), client.messages.open(1)]
  await settle()
  closes[0]?.()
  closes[0]?.()
  withhold(() => model.send(bob, 1, 'lost'))
  await time.pass(75_000)
  assert.equal(timeline().messages.length, 1)
  closes[1]?.()
})

test('edits that arrive while an older page is on its way are not lost', async () => {
  const { client, model, network, hold, release, contents } = await startFixture({
    bounds: { pageRows: 1 },
    prepare(model) {
      model.send(bob, 1, 'one')
      model.send(bob, 1, 'two')
    },
  })
  client.messages.open(1)
  await settle()
  hold()
  const older = client.messages.loadOlder(1)
  await settle()
  network.advance(network.flights[0]!)
  model.change(1, 1, 'edit')
  await release()
  await older
  assert.deepEqual(contents(), ['one!', 'two'])
})
