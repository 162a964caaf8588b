import assert from 'node:assert/strict'
import { type TestContext, after, before, test } from 'node:test'
import { type TestServer, passwordOf, startTestServer } from '../server/testing/server.ts'
import type { Client, ClientOptions } from './index.ts'
import { openBrowser } from './testing/browser.ts'
import { eventually } from './testing/eventually.ts'

let server: TestServer
before(async () => {
  server = await startTestServer()
})
after(() => server.stop())

let people = 0

/** A new person in a browser of their own, signed in and live. */
async function arrive(t: TestContext, options: ClientOptions = {}): Promise<Client> {
  const username = `person${++people}`
  await server.member(username)
  const client = openBrowser(server.url, options)
  t.after(() => client.close())
  await client.session.start()
  assert.equal(client.session.get().status, 'signed_out')
  await client.session.signIn(username, passwordOf(username))
  const goal = options.WebSocket === undefined && 'WebSocket' in options ? 'polling' : 'live'
  await eventually(() => client.connection.get() === goal && client.rooms.list.get().status === 'ready')
  return client
}

const contents = (client: Client, roomId: number) =>
  client.messages
    .timeline(roomId)
    .get()
    .messages.filter(({ kind }) => kind === 'user')
    .map(({ content }) => content)

test('what one person writes appears at the other, in both directions, without asking', async (t) => {
  const [ann, bob] = [await arrive(t), await arrive(t)]
  const room = await ann.rooms.create({ name: 'Between two', kind: 'public' })
  const [found] = await bob.rooms.search('Between two')
  assert.equal(found?.id, room.id)
  await bob.rooms.join(room.id)
  for (const client of [ann, bob]) client.messages.open(room.id)
  await eventually(() => [ann, bob].every((client) => client.messages.timeline(room.id).get().status === 'ready'))
  ann.messages.send(room.id, 'hello')
  await eventually(() => contents(bob, room.id).length === 1)
  assert.equal(bob.rooms.get(room.id).get()?.unread, 1)
  bob.readMarkers.mark(room.id, 1)
  bob.messages.send(room.id, 'hello to you')
  await eventually(() => contents(ann, room.id).length === 2 && contents(bob, room.id).length === 2)
  assert.deepEqual(contents(ann, room.id), ['hello', 'hello to you'])
  assert.deepEqual(contents(bob, room.id), ['hello', 'hello to you'])
  assert.equal(bob.rooms.get(room.id).get()?.unread, 0)
  await eventually(() => ann.messages.timeline(room.id).get().pending.length === 0)
})

test('what is marked as unread is unread on the other device too', async (t) => {
  const [ann, bob] = [await arrive(t), await arrive(t)]
  const tablet = openBrowser(server.url)
  t.after(() => tablet.close())
  await tablet.session.start()
  const me = bob.session.get()
  assert.ok(me.status === 'signed_in')
  await tablet.session.signIn(me.me.username, passwordOf(me.me.username))
  const room = await ann.rooms.create({ name: 'Two devices', kind: 'public' })
  await bob.rooms.join(room.id)
  for (const content of ['one', 'two', 'three']) ann.messages.send(room.id, content)
  const unread = () => [bob, tablet].map((client) => client.rooms.get(room.id).get()?.unread)
  await eventually(() => unread().every((count) => count === 3))
  bob.readMarkers.markAll()
  await eventually(() => unread().every((count) => count === 0))
  bob.readMarkers.markUnread(room.id, 1)
  await eventually(() => unread().every((count) => count === 2))
})

test('many messages written at once arrive once each, in order', async (t) => {
  const [ann, bob] = [await arrive(t), await arrive(t)]
  const room = await ann.rooms.create({ name: 'Busy', kind: 'public' })
  await bob.rooms.join(room.id)
  bob.messages.open(room.id)
  const written = Array.from({ length: 60 }, (_, n) => `message ${n}`)
  for (const content of written) ann.messages.send(room.id, content)
  await eventually(() => contents(bob, room.id).length >= written.length)
  assert.deepEqual(contents(bob, room.id), written)
  const reader = await arrive(t)
  await reader.rooms.join(room.id)
  reader.messages.open(room.id)
  await eventually(() => reader.messages.timeline(room.id).get().hasOlder)
  await reader.messages.loadOlder(room.id)
  assert.deepEqual(contents(reader, room.id), written)
})

test('without a socket everything works, only later', async (t) => {
  const quick: ClientOptions = {
    WebSocket: undefined,
    after(ms, run) {
      const timer = setTimeout(run, ms / 10)
      return () => clearTimeout(timer)
    },
  }
  const [ann, bob] = [await arrive(t), await arrive(t, quick)]
  const room = await ann.rooms.create({ name: 'Slow', kind: 'public' })
  await bob.rooms.join(room.id)
  bob.messages.open(room.id)
  ann.messages.send(room.id, 'one')
  await eventually(() => contents(bob, room.id).length === 1)
  bob.messages.send(room.id, 'two')
  await eventually(() => bob.messages.timeline(room.id).get().pending.length === 0)
  assert.deepEqual(contents(bob, room.id), ['one', 'two'])
})

test('a room that was left is gone, and those who stay see it', async (t) => {
  const [ann, bob] = [await arrive(t), await arrive(t)]
  const room = await ann.rooms.create({ name: 'Leaving', kind: 'public' })
  await bob.rooms.join(room.id)
  ann.members.open(room.id)
  const names = () => ann.members.list(room.id).get().members.length
  await eventually(() => names() === 2)
  bob.messages.open(room.id)
  await bob.rooms.leave(room.id)
  assert.equal(bob.rooms.get(room.id).get(), undefined)
  assert.equal(bob.messages.timeline(room.id).get().status, 'gone')
  await eventually(() => names() === 1 && ann.rooms.get(room.id).get()?.member_count === 1)
})

test('someone who is invited makes an account and is signed in', async (t) => {
  await server.owner()
  const olga = openBrowser(server.url)
  t.after(() => olga.close())
  await olga.session.signIn('olga', passwordOf('olga'))
  const { url } = await olga.invites.create()
  const code = new URL(url).pathname.split('/').at(-1) ?? ''
  const guest = openBrowser(server.url)
  t.after(() => guest.close())
  assert.equal((await guest.invites.get(code)).invited_by.username, 'olga')
  await guest.invites.accept(code, { username: 'guest', password: 'a long password' })
  const state = guest.session.get()
  assert.equal(state.status === 'signed_in' && state.me.username, 'guest')
  await guest.session.signOut()
  assert.equal(guest.session.get().status, 'signed_out')
})

test('what someone writes in a tab does not go out in the name of whom another tab signed in', async (t) => {
  const [eve, jar] = [await arrive(t), { cookie: '' }]
  const room = await eve.rooms.create({ name: 'Shared computer', kind: 'public' })
  eve.messages.open(room.id)
  await server.member('one')
  await server.member('two')
  let isCutOff = false
  const tab = openBrowser(
    server.url,
    {},
    () => {
      if (isCutOff) throw new TypeError('no network')
    },
    jar,
  )
  const otherTab = openBrowser(server.url, {}, () => {}, jar)
  t.after(() => [tab, otherTab].forEach((client) => client.close()))
  const nameOf = (client: Client) => {
    const state = client.session.get()
    return state.status === 'signed_in' ? state.me.username : state.status
  }
  await tab.session.signIn('one', passwordOf('one'))
  await tab.rooms.join(room.id)
  // What is written waits, and meanwhile the browser changes hands.
  isCutOff = true
  tab.messages.send(room.id, 'by one')
  await otherTab.session.signIn('two', passwordOf('two'))
  await otherTab.rooms.join(room.id)
  assert.equal(nameOf(tab), 'one')
  isCutOff = false
  await eventually(() => nameOf(tab) === 'two')
  assert.deepEqual(tab.messages.timeline(room.id).get().pending, [])
  tab.messages.send(room.id, 'by two')
  await eventually(() => contents(eve, room.id).includes('by two'))
  await tab.session.signIn('one', passwordOf('one'))
  await eventually(() => contents(eve, room.id).includes('by one'))
  const written = eve.messages.timeline(room.id).get().messages
  assert.deepEqual(
    written.filter(({ kind }) => kind === 'user').map(({ user, content }) => [user.username, content]),
    [
      ['two', 'by two'],
      ['one', 'by one'],
    ],
  )
})
