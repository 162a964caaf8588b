import assert from 'node:assert/strict'
import { type TestContext, after, before, test } from 'node:test'
import type { RoomEventType } from '@grandchat/contracts/realtime/events'
import { type TestServer, passwordOf, startTestServer } from '../server/testing/server.ts'
import type { Client } from './index.ts'
import { openBrowser } from './testing/browser.ts'
import { eventually } from './testing/eventually.ts'

/**
 * Convergence: whoever was there and heard the events has the same as whoever comes and fetches. The observers here
 * cannot fetch anything while the change happens, so it is the events alone that make them right.
 */
let server: TestServer
before(async () => {
  server = await startTestServer()
})
after(() => server.stop())

type Observer = { client: Client; username: string; stopFetching: () => void }
let people = 0

async function open(t: TestContext, username: string): Promise<Observer> {
  let mayFetch = true
  const client = openBrowser(server.url, {}, (method, path) => {
    const isFetch = path !== '/api/csrf/' && (method === 'GET' || path.startsWith('/api/sync/'))
    if (isFetch && !mayFetch) throw new TypeError('this observer may not fetch')
  })
  t.after(() => client.close())
  await client.session.start()
  await client.session.signIn(username, passwordOf(username))
  await eventually(() => client.connection.get() === 'live' && client.rooms.list.get().status === 'ready')
  return {
    client,
    username,
    stopFetching() {
      mayFetch = false
    },
  }
}

async function arrive(t: TestContext): Promise<Observer> {
  const username = `person${++people}`
  await server.member(username)
  return open(t, username)
}

/** All that a client shows of a room, without what only it was there for. */
function shown(client: Client, roomId: number) {
  const { messages, hasOlder, status } = client.messages.timeline(roomId).get()
  const { members, status: membersStatus } = client.members.list(roomId).get()
  return {
    list: client.rooms.list.get(),
    room: client.rooms.get(roomId).get(),
    timeline: { messages, hasOlder, status },
    members: { members, status: membersStatus },
  }
}

async function show({ client }: Observer, roomId: number): Promise<void> {
  client.messages.open(roomId)
  client.members.open(roomId)
  await eventually(() => {
    const { status } = client.messages.timeline(roomId).get()
    const members = client.members.list(roomId).get().status
    return status === 'gone' || (status === 'ready' && members === 'ready')
  })
}

type Stage = { ann: Observer; bob: Observer; roomId: number; version: () => number }

/** Ann's room with Bob in it, on both screens. */
async function stage(t: TestContext): Promise<Stage> {
  const [ann, bob] = [await arrive(t), await arrive(t)]
  const { id: roomId } = await ann.client.rooms.create({ name: 'Stage', kind: 'public' })
  await bob.client.rooms.join(roomId)
  ann.client.messages.send(roomId, 'first')
  await eventually(() => [ann, bob].every(({ client }) => client.rooms.get(roomId).get()?.last_seq === 1))
  for (const observer of [ann, bob]) await show(observer, roomId)
  return { ann, bob, roomId, version: () => ann.client.rooms.get(roomId).get()?.version ?? 0 }
}

/** The observer, who fetched nothing, has what a fresh client of the same person fetches. */
async function converged(t: TestContext, observer: Observer, roomId: number): Promise<void> {
  const fresh = await open(t, observer.username)
  await show(fresh, roomId)
  assert.deepEqual(shown(observer.client, roomId), shown(fresh.client, roomId))
}

/** `rows_changed` has its own, by what it carries (beside each slice). */
const cases: Record<
  Exclude<RoomEventType, 'rows_changed'> | 'own_changed',
  (t: TestContext, on: Stage) => Promise<void>
> = {
  async message_added(t, { ann, bob, roomId, version }) {
    const before = version()
    ann.client.messages.send(roomId, 'from ann')
    await eventually(() => bob.client.rooms.get(roomId).get()?.version === before + 1)
    await converged(t, bob, roomId)
  },
  async user_joined(t, { ann, bob, roomId, version }) {
    const cat = await arrive(t)
    const before = version()
    await cat.client.rooms.join(roomId)
    await eventually(() => [ann, bob].every(({ client }) => client.rooms.get(roomId).get()?.version === before + 1))
    await converged(t, ann, roomId)
    await converged(t, bob, roomId)
  },
  async user_left(t, { ann, bob, roomId, version }) {
    const before = version()
    // The last owner goes, so Bob becomes one.
    await ann.client.rooms.leave(roomId)
    await eventually(() => bob.client.rooms.get(roomId).get()?.version === before + 1)
    await eventually(() => bob.client.rooms.get(roomId).get()?.role === 'owner')
    await converged(t, bob, roomId)
  },
  async own_changed(t, { bob, roomId }) {
    const phone = await open(t, bob.username)
    await show(phone, roomId)
    phone.stopFetching()
    bob.client.readMarkers.mark(roomId, 1)
    await eventually(() => phone.client.rooms.get(roomId).get()?.unread === 0)
    await converged(t, phone, roomId)
  },
}

for (const [type, play] of Object.entries(cases)) {
  test(`${type}: who heard the event has what a fresh client fetches`, async (t) => {
    const on = await stage(t)
    for (const observer of [on.ann, on.bob]) observer.stopFetching()
    await play(t, on)
  })
}

test('making and leaving a room on one device changes the list on the other', async (t) => {
  const ann = await arrive(t)
  const phone = await open(t, ann.username)
  phone.stopFetching()
  const { id } = await ann.client.rooms.create({ name: 'On my laptop', kind: 'private' })
  await eventually(() => phone.client.rooms.get(id).get() !== undefined)
  assert.deepEqual(phone.client.rooms.list.get(), ann.client.rooms.list.get())
  await ann.client.rooms.leave(id)
  await eventually(() => phone.client.rooms.get(id).get() === undefined)
  assert.deepEqual(phone.client.rooms.list.get().rooms, [])
})
