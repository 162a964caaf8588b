import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type FixtureOptions, ann, bob, startFixture } from '../testing/fixture.ts'
import { MemoryCache } from '../testing/memory-cache.ts'
import type { Call } from '../testing/model-routes.ts'
import type { ModelServer } from '../testing/model-server.ts'
import { settle } from '../testing/virtual-time.ts'
import { createMemoryStorage } from '../storage/memory.ts'
import type { Client } from '../client.ts'

/** Ann's browser, which keeps what she has seen. */
async function start(options: FixtureOptions = {}) {
  const cache = new MemoryCache()
  const storage = { ...createMemoryStorage(), cache }
  const fixture = await startFixture({ ...options, options: { ...options.options, storage } })
  return { ...fixture, cache }
}

const namesOf = (client: Client) => client.rooms.list.get().rooms.map(({ name }) => name)
const pathsOf = (calls: readonly Call[]) => calls.map(({ method, path }) => `${method} ${path}`)
const withMessages = {
  prepare: (model: ModelServer) => ['one', 'two'].forEach((text) => void model.send(bob, 1, text)),
}

test('a reload shows rooms and messages before the server has said a word', async () => {
  const { client, reload, hold, contents, calls } = await start(withMessages)
  client.messages.open(1)
  await settle()
  hold()
  const next = await reload()
  next.messages.open(1)
  await settle()
  assert.deepEqual(namesOf(next), ['general'])
  assert.deepEqual(contents(), ['one', 'two'])
  assert.equal(next.session.get().status, 'signed_in')
  assert.equal(next.rooms.get(1).get()?.unread, 2)
  assert.deepEqual(pathsOf(calls), [])
})

test('what changed meanwhile comes with the sync: messages, edits, removals, names and new rooms', async () => {
  const { client, model, reload, setSocket, contents, timeline, calls } = await start(withMessages)
  client.messages.open(1)
  await settle()
  const next = await reload(() => {
    model.change(1, 1, 'edit')
    model.change(1, 2, 'remove')
    model.send(bob, 1, 'three')
    model.rename(bob, 'Robert')
    model.addRoom('new', bob)
    model.join(ann, 2)
  })
  next.messages.open(1)
  await settle()
  assert.deepEqual(contents(), ['one', 'two'])
  await setSocket('up')
  assert.deepEqual(contents(), ['one!', '', 'three'])
  assert.equal(timeline().messages[0]?.user.display_name, 'Robert')
  assert.deepEqual(namesOf(next), ['new', 'general'])
  assert.deepEqual(pathsOf(calls), ['GET /api/csrf/', 'POST /api/sync/'])
})

test('after a reload with 500 rooms and nothing new, one sync is all that is asked of the database', async () => {
  const { client, reload, setSocket, time, calls } = await start({
    prepare(model) {
      for (let id = 2; id <= 500; id++) {
        model.addRoom(`room ${id}`, bob)
        model.join(ann, id)
        model.send(bob, id, 'hello')
      }
    },
  })
  for (const id of [1, 2, 3]) client.messages.open(id)
  await settle()
  const next = await reload()
  for (const id of [1, 2, 3]) next.messages.open(id)
  await settle()
  await setSocket('up')
  await time.pass(20_000)
  assert.equal(next.rooms.list.get().rooms.length, 500)
  assert.deepEqual(pathsOf(calls), ['GET /api/csrf/', 'POST /api/sync/'])
  const { rooms = {}, open = [] } = calls[1]!.body as { rooms?: object; open?: object[] }
  assert.deepEqual([Object.keys(rooms).length, open.length], [500, 3])
  // A room that was seen in an earlier life is there at once; another asks for its page.
  next.messages.open(400)
  await settle()
  assert.deepEqual(pathsOf(calls).slice(2), ['GET /api/rooms/400/messages/'])
})

test('a window that is opened later is repaired from where it was, and one that is too old begins anew', async () => {
  const { client, model, reload, setSocket, contents, callsTo } = await start({
    ...withMessages,
    bounds: { maxBehind: 5 },
  })
  client.messages.open(1)
  await settle()
  let next = await reload(() => void model.send(bob, 1, 'three'))
  await setSocket('up')
  next.messages.open(1)
  await settle()
  assert.deepEqual(contents(), ['one', 'two', 'three'])
  assert.equal(callsTo('/api/rooms/1/messages/').length, 0)
  assert.equal(callsTo('/api/rooms/1/changes/').length, 1)
  next = await reload(() => {
    for (let n = 0; n < 10; n++) model.send(bob, 1, `later ${n}`)
  })
  await setSocket('up')
  next.messages.open(1)
  await settle()
  assert.equal(contents().length, 13)
  assert.equal(callsTo('/api/rooms/1/messages/').length, 1)
})

test('another database: what was kept is shown no longer, and what was written here is kept', async () => {
  const { client, model, reload, setSocket, time, contents, timeline, cache } = await start({
    ...withMessages,
    intercept: ({ method, path }) => (method === 'POST' && path.endsWith('/messages/') ? { status: 503 } : undefined),
  })
  client.messages.open(1)
  client.messages.send(1, 'mine')
  await settle()
  const next = await reload(() => {
    model.epoch = 'epoch-2'
    const place = model.rooms.get(1)!
    const row = place.messages.get(1)!
    place.messages.set(1, { ...row, content: 'restored' })
    place.messages.delete(2)
  })
  next.messages.open(1)
  await settle()
  assert.deepEqual(contents(), ['one', 'two'])
  await setSocket('up')
  await time.pass(2_000)
  assert.deepEqual(contents(), ['restored'])
  assert.deepEqual(
    timeline().pending.map(({ content }) => content),
    ['mine'],
  )
  assert.equal(cache.copy().state.get(0)?.epoch, 'epoch-2')
  assert.equal(cache.copy().windows.get(1)?.rows[0]?.content, 'restored')
})

test('a server that went back behind what is kept is believed, with its epoch unchanged', async () => {
  const { client, model, reload, setSocket, time, contents } = await start(withMessages)
  client.messages.open(1)
  await settle()
  const place = model.rooms.get(1)!
  const before = { room: place.room, messages: new Map(place.messages) }
  for (let n = 0; n < 5; n++) model.send(bob, 1, `lost ${n}`)
  await time.pass(2_000)
  const next = await reload(() => model.rewind(1, before))
  await setSocket('up')
  await time.pass(3_000)
  assert.equal(next.rooms.get(1).get()?.last_message?.content, 'two')
  next.messages.open(1)
  await settle()
  assert.deepEqual(contents(), ['one', 'two'])
})

test('when the server says that nobody is signed in, what is kept is removed and the screen asks who it is', async () => {
  let isSignedOut = false
  const { client, reload, setSocket, time, cache } = await start({
    ...withMessages,
    intercept: ({ path }) => {
      if (path === '/api/setup/') return { status: 200, body: { needed: false, code_required: false } }
      return isSignedOut && path !== '/api/csrf/'
        ? { status: 403, body: { detail: 'sign in', code: 'sign_in_required' } }
        : undefined
    },
  })
  client.messages.open(1)
  await time.pass(2_000)
  isSignedOut = true
  const next = await reload()
  assert.equal(next.session.get().status, 'signed_in')
  await setSocket('up')
  await settle()
  assert.equal(next.session.get().status, 'signed_out')
  assert.deepEqual(namesOf(next), [])
  assert.equal(cache.size, 0)
})

test('signing out leaves nothing behind, not even what was about to be written', async () => {
  const { client, model, hide, time, cache } = await start({
    ...withMessages,
    intercept: ({ path }) => (path === '/api/logout/' ? { status: 200, body: {} } : undefined),
  })
  client.messages.open(1)
  await time.pass(2_000)
  assert.ok(cache.size > 0)
  model.send(bob, 1, 'three')
  await client.session.signOut()
  hide()
  await time.pass(60_000)
  assert.equal(cache.size, 0)
})

test('what is kept of another is removed, even if it could not be read in time', async () => {
  const { cache, time, reload, setSocket } = await start(withMessages)
  await time.pass(2_000)
  const stored = cache.copy()
  const state = stored.state.get(0)!
  stored.state.set(0, { ...state, me: { ...state.me, id: bob } })
  const next = await reload(() => {
    cache.putBack(stored)
    cache.pause = () => new Promise((resolve) => void time.after(200, resolve))
  }, 500)
  assert.equal(next.session.get().status, 'signed_in')
  await setSocket('up')
  await time.pass(10_000)
  assert.equal(cache.copy().state.get(0)?.me.id, ann)
})

test('the divider stands where the reader was when the server was asked, and marks wait for it', async () => {
  const { client, model, reload, setSocket, timeline, time, callsTo } = await start(withMessages)
  client.messages.open(1)
  client.readMarkers.mark(1, 2)
  await time.pass(2_000)
  const next = await reload(() => {
    model.send(bob, 1, 'three')
    model.moveMarker(ann, 1, 3)
    model.send(bob, 1, 'four')
  })
  next.messages.open(1)
  next.readMarkers.mark(1, 2)
  await settle()
  assert.equal(timeline().dividerAfterSeq, null)
  await setSocket('up')
  assert.equal(timeline().dividerAfterSeq, 3)
  await time.pass(2_000)
  assert.deepEqual(callsTo('/api/rooms/1/read-marker/'), [])
})
