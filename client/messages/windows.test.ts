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

test('older messages of a server that was put back are not asked for without end, and all is shown as it is now', async () => {
  const { client, model, time, timeline, contents, calls } = await startFixture({
    bounds: { pageRows: 3 },
    prepare(model) {
      for (let n = 1; n <= 5; n++) model.send(bob, 1, `${n}`)
    },
  })
  const { room, messages } = model.rooms.get(1)!
  const copy = { room, messages: new Map(messages) }
  model.send(bob, 1, 'lost')
  model.send(bob, 1, 'lost too')
  client.messages.open(1)
  await settle()
  model.rewind(1, copy)
  const before = calls.length
  void client.messages.loadOlder(1)
  await time.pass(20_000)
  assert.ok(calls.length - before <= 6, `${calls.length - before} requests`)
  assert.equal(timeline().loadingOlder, false)
  assert.deepEqual(contents(), ['3', '4', '5'])
  await client.messages.loadOlder(1)
  assert.deepEqual(contents(), ['1', '2', '3', '4', '5'])
  model.send(bob, 1, 'new')
  assert.equal(contents().at(-1), 'new')
  assert.equal(client.rooms.get(1).get()?.last_message?.content, 'new')
})

test('a room that is behind what was heard of it is not repaired without end', async () => {
  const { client, model, time, contents, calls, emit } = await startFixture({
    prepare: (model) => void model.send(bob, 1, 'hi'),
  })
  client.messages.open(1)
  await settle()
  const { room } = model.rooms.get(1)!
  emit({ type: 'room_changed', body: { room: { id: 1, version: room.version + 5 } } })
  const before = calls.length
  await time.pass(50_000)
  assert.ok(calls.length - before <= 8, `${calls.length - before} requests`)
  model.send(bob, 1, 'new')
  assert.deepEqual(contents(), ['hi', 'new'])
})

test('a room that stays on screen lets go of its oldest messages, and they can be loaded again', async () => {
  const { client, model, timeline } = await startFixture({ bounds: { pageRows: 100 } })
  client.messages.open(1)
  await settle()
  for (let n = 1; n <= 2_500; n++) model.send(bob, 1, `${n}`)
  const { messages, hasOlder } = timeline()
  assert.ok(messages.length >= 500 && messages.length <= 1_000, `${messages.length} messages`)
  assert.equal(messages.at(-1)?.content, '2500')
  assert.equal(hasOlder, true)
  while (timeline().hasOlder) await client.messages.loadOlder(1)
  assert.deepEqual(
    timeline().messages.map(({ seq }) => seq),
    Array.from({ length: 2_500 }, (_, n) => n + 1),
  )
})

test('whoever reads what they loaded keeps it, until they have seen the newest message', async () => {
  const { client, model, timeline, time } = await startFixture({
    bounds: { pageRows: 100 },
    prepare(model) {
      for (let n = 1; n <= 300; n++) model.send(bob, 1, `${n}`)
    },
  })
  client.messages.open(1)
  await settle()
  await client.messages.loadOlder(1)
  const first = timeline().messages[0]?.content
  for (let n = 1; n <= 1_500; n++) model.send(bob, 1, `more ${n}`)
  assert.equal(timeline().messages[0]?.content, first)
  client.readMarkers.mark(1, 1_000)
  model.send(bob, 1, 'not seen')
  assert.equal(timeline().messages[0]?.content, first)
  client.readMarkers.mark(1, 1_801)
  model.send(bob, 1, 'seen')
  assert.ok(timeline().messages.length <= 1_000)
  await time.pass(5_000)
  assert.equal(timeline().messages.at(-1)?.content, 'seen')
})

test('a tab that was left above the newest message does not grow for ever', async () => {
  const { client, model, timeline } = await startFixture({
    bounds: { pageRows: 100 },
    prepare(model) {
      for (let n = 1; n <= 300; n++) model.send(bob, 1, `${n}`)
    },
  })
  client.messages.open(1)
  await settle()
  await client.messages.loadOlder(1)
  for (let n = 1; n <= 6_000; n++) model.send(bob, 1, `more ${n}`)
  assert.ok(timeline().messages.length <= 2_000)
  assert.equal(timeline().hasOlder, true)
})

test('what comes while there is no socket makes a room on screen no longer than what comes by it', async () => {
  const { client, model, setSocket, time, timeline } = await startFixture({
    bounds: { pageRows: 100, changeRows: 500, maxBehind: 5_000 },
    prepare: (model) => void model.send(bob, 1, 'first'),
  })
  client.messages.open(1)
  await settle()
  await setSocket('down')
  for (let n = 1; n <= 1_500; n++) model.send(bob, 1, `${n}`)
  await time.pass(20_000)
  assert.equal(timeline().messages.at(-1)?.content, '1500')
  assert.ok(timeline().messages.length <= 1_000, `${timeline().messages.length} messages`)
})
