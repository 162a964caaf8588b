import assert from 'node:assert/strict'
import { type TestContext, after, before, test } from 'node:test'
import type { RoomEventType } from '@grandchat/contracts/realtime/events'
import { type TestServer, startTestServer } from '../server/testing/server.ts'
import { eventually } from './testing/eventually.ts'
import { arrive, assertConverged, openObserver, setStage, showRoom, type Stage } from './testing/observers.ts'

/**
 * Convergence: whoever was there and heard the events has the same as whoever comes and fetches. The observers here
 * cannot fetch anything while the change happens, so it is the events alone that make them right.
 */
let server: TestServer
before(async () => {
  server = await startTestServer()
})
after(() => server.stop())

/** `rows_changed` has its own, by what it carries (beside each slice). */
const cases: Record<
  Exclude<RoomEventType, 'rows_changed'> | 'own_changed',
  (t: TestContext, on: Stage) => Promise<void>
> = {
  async message_added(t, { ann, bob, roomId, version }) {
    const before = version()
    ann.client.messages.send(roomId, 'from ann')
    await eventually(() => bob.client.rooms.get(roomId).get()?.version === before + 1)
    await assertConverged(t, server, bob, roomId)
  },
  async user_joined(t, { ann, bob, roomId, version }) {
    const cat = await arrive(t, server)
    const before = version()
    await cat.client.rooms.join(roomId)
    await eventually(() => [ann, bob].every(({ client }) => client.rooms.get(roomId).get()?.version === before + 1))
    await assertConverged(t, server, ann, roomId)
    await assertConverged(t, server, bob, roomId)
  },
  async user_left(t, { ann, bob, roomId, version }) {
    const before = version()
    // The last owner goes, so Bob becomes one.
    await ann.client.rooms.leave(roomId)
    await eventually(() => bob.client.rooms.get(roomId).get()?.version === before + 1)
    await eventually(() => bob.client.rooms.get(roomId).get()?.role === 'owner')
    await assertConverged(t, server, bob, roomId)
  },
  async own_changed(t, { bob, roomId }) {
    const phone = await openObserver(t, server, bob.username)
    await showRoom(phone, roomId)
    phone.stopFetching()
    bob.client.readMarkers.mark(roomId, 1)
    await eventually(() => phone.client.rooms.get(roomId).get()?.unread === 0)
    await assertConverged(t, server, phone, roomId)
  },
}

for (const [type, play] of Object.entries(cases)) {
  test(`${type}: who heard the event has what a fresh client fetches`, async (t) => {
    const on = await setStage(t, server)
    for (const observer of [on.ann, on.bob]) observer.stopFetching()
    await play(t, on)
  })
}

test('making and leaving a room on one device changes the list on the other', async (t) => {
  const ann = await arrive(t, server)
  const phone = await openObserver(t, server, ann.username)
  phone.stopFetching()
  const { id } = await ann.client.rooms.create({ name: 'On my laptop', kind: 'private' })
  await eventually(() => phone.client.rooms.get(id).get() !== undefined)
  assert.deepEqual(phone.client.rooms.list.get(), ann.client.rooms.list.get())
  await ann.client.rooms.leave(id)
  await eventually(() => phone.client.rooms.get(id).get() === undefined)
  assert.deepEqual(phone.client.rooms.list.get().rooms, [])
})
