import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ann, bob, startFixture } from '../testing/fixture.ts'
import type { ModelServer } from '../testing/model-server.ts'
import { settle } from '../testing/virtual-time.ts'

const twoRooms = {
  prepare(model: ModelServer) {
    model.addRoom('other', bob)
    model.join(ann, 2)
  },
}

test('a message by someone else appears without a request', async () => {
  const { client, model, contents, calls } = await startFixture()
  client.messages.open(1)
  await settle()
  const before = calls.length
  model.send(bob, 1, 'hello')
  await settle()
  assert.deepEqual(contents(), ['hello'])
  assert.equal(client.rooms.get(1).get()?.unread, 1)
  assert.equal(calls.length, before)
})

test('an event in one room is no news to those who watch another', async () => {
  const { client, model } = await startFixture(twoRooms)
  client.messages.open(1)
  client.messages.open(2)
  await settle()
  const seen: string[] = []
  client.messages.timeline(1).subscribe(() => seen.push('timeline 1'))
  client.messages.timeline(2).subscribe(() => seen.push('timeline 2'))
  client.rooms.get(1).subscribe(() => seen.push('room 1'))
  client.rooms.get(2).subscribe(() => seen.push('room 2'))
  client.rooms.list.subscribe(() => seen.push('list'))
  const timeline = client.messages.timeline(2).get()
  const room = client.rooms.get(2).get()
  model.send(bob, 1, 'one')
  model.send(bob, 1, 'two')
  await settle()
  assert.deepEqual(seen.sort(), ['list', 'room 1', 'timeline 1'])
  assert.equal(client.messages.timeline(2).get(), timeline)
  assert.equal(client.rooms.get(2).get(), room)
})

test('the room of the newest message stands first', async () => {
  const { client, model } = await startFixture(twoRooms)
  const ids = () => client.rooms.list.get().rooms.map((room) => room.id)
  model.send(bob, 1, 'one')
  assert.deepEqual(ids(), [1, 2])
  model.send(bob, 2, 'two')
  assert.deepEqual(ids(), [2, 1])
})

test('a message that came too early waits for the one before it, and nothing is asked', async () => {
  const { client, model, emit, contents, calls, time, withhold } = await startFixture()
  client.messages.open(1)
  await settle()
  const before = calls.length
  const [first, second] = withhold(() => {
    model.send(bob, 1, 'first')
    model.send(bob, 1, 'second')
  })
  assert.ok(first && second)
  emit(second)
  await settle()
  assert.deepEqual(contents(), [])
  emit(first)
  emit(first)
  await time.pass(5_000)
  assert.deepEqual(contents(), ['first', 'second'])
  assert.equal(calls.length, before)
})

test('a lost message is fetched a moment after a later one arrived, in the room on screen', async () => {
  const { client, model, contents, time, callsTo, withhold } = await startFixture()
  client.messages.open(1)
  await settle()
  withhold(() => model.send(bob, 1, 'lost'))
  model.send(bob, 1, 'seen')
  await settle()
  assert.deepEqual(callsTo('/api/rooms/1/changes/'), [])
  await time.pass(2_000)
  assert.deepEqual(contents(), ['lost', 'seen'])
})

test('a lost message in a room that is not on screen is fetched when the room is opened', async () => {
  const { client, model, contents, time, callsTo, withhold } = await startFixture()
  const close = client.messages.open(1)
  await settle()
  close()
  withhold(() => model.send(bob, 1, 'lost'))
  model.send(bob, 1, 'seen')
  await time.pass(5_000)
  assert.deepEqual(callsTo('/api/rooms/1/changes/'), [])
  client.messages.open(1)
  await settle()
  assert.deepEqual(contents(), ['lost', 'seen'])
})

test('the last message before a silence cannot stay lost: the head is looked at once a minute', async () => {
  const { client, model, contents, time, withhold } = await startFixture()
  client.messages.open(1)
  await settle()
  withhold(() => model.send(bob, 1, 'lost'))
  await time.pass(75_000)
  assert.deepEqual(contents(), ['lost'])
  assert.equal(client.rooms.get(1).get()?.unread, 1)
})

test('what was missed while the socket was down is there after it is up again', async () => {
  const { client, model, contents, setSocket, withhold } = await startFixture()
  client.messages.open(1)
  await settle()
  await setSocket('down')
  withhold(() => {
    model.send(bob, 1, 'missed')
    model.addRoom('new', bob)
    model.join(ann, 2)
  })
  await setSocket('up')
  assert.deepEqual(contents(), ['missed'])
  assert.deepEqual(
    client.rooms.list
      .get()
      .rooms.map((room) => room.id)
      .sort((a, b) => a - b),
    [1, 2],
  )
})

test('changes that come in several parts are shown at once', async () => {
  const { client, model, contents, timeline, time, withhold } = await startFixture({ bounds: { changeRows: 2 } })
  client.messages.open(1)
  await settle()
  const shown: number[] = []
  client.messages.timeline(1).subscribe(() => shown.push(timeline().messages.length))
  withhold(() => {
    for (let n = 1; n <= 7; n++) model.send(bob, 1, `${n}`)
  })
  model.send(bob, 1, '8')
  await time.pass(3_000)
  assert.deepEqual(contents(), ['1', '2', '3', '4', '5', '6', '7', '8'])
  assert.deepEqual([...new Set(shown)], [8])
})

test('a window that is too far behind begins again with the newest page', async () => {
  const { client, model, contents, time, withhold } = await startFixture({ bounds: { pageRows: 2, maxBehind: 3 } })
  client.messages.open(1)
  await settle()
  withhold(() => {
    for (let n = 1; n <= 5; n++) model.send(bob, 1, `${n}`)
  })
  await time.pass(80_000)
  assert.deepEqual(contents(), ['4', '5'])
  assert.equal(client.messages.timeline(1).get().hasOlder, true)
})

test('older messages are loaded page by page, down to the first', async () => {
  const { client, timeline, contents } = await startFixture({
    bounds: { pageRows: 3 },
    prepare(model) {
      for (let n = 1; n <= 7; n++) model.send(bob, 1, `${n}`)
    },
  })
  client.messages.open(1)
  await settle()
  assert.deepEqual(contents(), ['5', '6', '7'])
  await Promise.all([client.messages.loadOlder(1), client.messages.loadOlder(1)])
  assert.deepEqual(contents(), ['2', '3', '4', '5', '6', '7'])
  await client.messages.loadOlder(1)
  assert.deepEqual(contents(), ['1', '2', '3', '4', '5', '6', '7'])
  assert.equal(timeline().hasOlder, false)
})

test('an older page that fails says so and can be asked for again', async () => {
  let isBroken = true
  const { client, timeline } = await startFixture({
    bounds: { pageRows: 1 },
    prepare(model) {
      model.send(bob, 1, '1')
      model.send(bob, 1, '2')
    },
    intercept: ({ query }) => (query.has('before') && isBroken ? { status: 500 } : undefined),
  })
  client.messages.open(1)
  await settle()
  await client.messages.loadOlder(1)
  assert.deepEqual([timeline().olderFailed, timeline().loadingOlder, timeline().messages.length], [true, false, 1])
  isBroken = false
  await client.messages.loadOlder(1)
  assert.deepEqual([timeline().olderFailed, timeline().messages.length], [false, 2])
})

test('a room that cannot be loaded says so, and is loaded as soon as it can be', async () => {
  let isBroken = true
  const { client, timeline, time } = await startFixture({
    intercept: ({ path, method }) =>
      isBroken && method === 'GET' && path === '/api/rooms/1/messages/' ? { status: 502 } : undefined,
  })
  client.messages.open(1)
  await settle()
  assert.equal(timeline().status, 'error')
  isBroken = false
  await time.pass(5_000)
  assert.equal(timeline().status, 'ready')
})

test('an event of a kind that is not known is ignored', async () => {
  const { emit, errors, client } = await startFixture()
  emit({ type: 'reaction_added', body: {} } as never)
  emit({ type: 'toString', body: {} } as never)
  await settle()
  assert.deepEqual(errors, [])
  assert.equal(client.rooms.list.get().rooms.length, 1)
})

test('another database: everything is read anew, and what was written here is kept', async () => {
  const { client, model, contents, time, timeline } = await startFixture({
    intercept: ({ method, path }) =>
      method === 'POST' && path === '/api/rooms/1/messages/' ? { status: 503 } : undefined,
    prepare: (model) => void model.send(bob, 1, 'old'),
  })
  client.messages.open(1)
  client.messages.send(1, 'kept')
  await settle()
  assert.deepEqual(contents(), ['old'])
  // A restore: rows are other rows, and versions may be lower than those that were seen.
  const place = model.rooms.get(1)!
  model.epoch = 'epoch-2'
  const [id, row] = [...place.messages][0]!
  place.messages.set(id, { ...row, content: 'restored' })
  await time.pass(75_000)
  assert.deepEqual(contents(), ['restored'])
  assert.deepEqual(
    timeline().pending.map(({ content }) => content),
    ['kept'],
  )
})

test('a person who is renamed has the new name everywhere', async () => {
  const { client, model, timeline } = await startFixture({ prepare: (model) => void model.send(bob, 1, 'hi') })
  client.messages.open(1)
  client.members.open(1)
  await settle()
  model.rename(bob, 'Robert')
  await settle()
  assert.equal(timeline().messages[0]?.user.display_name, 'Robert')
  assert.equal(client.rooms.get(1).get()?.last_message?.user.display_name, 'Robert')
  const names = client.members
    .list(1)
    .get()
    .members.map(({ user }) => user.display_name)
  assert.deepEqual(names, ['Robert', null])
})
