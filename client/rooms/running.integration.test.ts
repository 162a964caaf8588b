import assert from 'node:assert/strict'
import { type TestContext, after, before, test } from 'node:test'
import { startTestServer, type TestServer } from '../../server/testing/server.ts'
import { eventually } from '../testing/eventually.ts'
import {
  arrive,
  assertConverged,
  type Observer,
  openObserver,
  setStage,
  showRoom,
  type Stage,
} from '../testing/observers.ts'

let server: TestServer
before(async () => {
  server = await startTestServer()
})
after(() => server.stop())

const meId = ({ client }: Observer) => {
  const session = client.session.get()
  assert.ok(session.status === 'signed_in')
  return session.me.id
}

/** What Ann does, which Bob must know from the events alone. */
const changes: Record<string, (on: Stage) => Promise<void>> = {
  'a new name and topic': ({ ann, roomId }) => ann.client.rooms.update(roomId, { name: 'Tea room', topic: 'Green' }),
  'an announcement room': ({ ann, roomId }) => ann.client.rooms.update(roomId, { posting: 'admins' }),
  'an archived room': ({ ann, roomId }) => ann.client.rooms.archive(roomId),
  'an own new role': ({ ann, bob, roomId }) => ann.client.members.setRole(roomId, meId(bob), 'admin'),
}

for (const [what, change] of Object.entries(changes)) {
  test(`${what}: who heard of it has what a fresh client fetches, and so has who did it`, async (t) => {
    const on = await setStage(t, server)
    const { ann, bob, roomId, version } = on
    for (const observer of [ann, bob]) observer.stopFetching()
    const before = version()
    await change(on)
    assert.equal(version(), before + 1, 'an answer is shown at once')
    await eventually(() => bob.client.rooms.get(roomId).get()?.version === before + 1)
    await eventually(() => what !== 'an own new role' || bob.client.rooms.get(roomId).get()?.role === 'admin')
    for (const observer of [ann, bob]) await assertConverged(t, server, observer, roomId)
  })
}

test('a restored room can be written in again', async (t) => {
  const { ann, bob, roomId, version } = await setStage(t, server)
  for (const observer of [ann, bob]) observer.stopFetching()
  await ann.client.rooms.archive(roomId)
  await ann.client.rooms.restore(roomId)
  await eventually(() => bob.client.rooms.get(roomId).get()?.version === version())
  assert.equal(bob.client.rooms.get(roomId).get()?.archived_at, null)
  bob.client.messages.send(roomId, 'open again')
  await eventually(() => ann.client.rooms.get(roomId).get()?.last_seq === 2)
  await assertConverged(t, server, bob, roomId)
})

test('who is added has the room, and who is removed has it no longer, on all devices', async (t) => {
  const { ann, bob, roomId } = await setStage(t, server)
  const cat = await arrive(t, server)
  const phone = await openObserver(t, server, cat.username)
  await ann.client.members.add(roomId, meId(cat))
  for (const { client } of [cat, phone]) await eventually(() => client.rooms.get(roomId).get() !== undefined)
  await showRoom(phone, roomId)
  for (const observer of [ann, bob, phone]) observer.stopFetching()
  await ann.client.members.remove(roomId, meId(cat))
  assert.deepEqual(names(ann, roomId), names(bob, roomId, 2))
  for (const { client } of [cat, phone]) await eventually(() => client.rooms.get(roomId).get() === undefined)
  assert.equal(phone.client.messages.timeline(roomId).get().status, 'gone')
  await eventually(() => names(bob, roomId).length === 2)
  await assertConverged(t, server, bob, roomId)
  await ann.client.members.remove(roomId, meId(cat))
  await ann.client.members.add(roomId, meId(cat))
  await eventually(() => phone.client.rooms.get(roomId).get()?.member_count === 3)
})

const names = ({ client }: Observer, roomId: number, first?: number) =>
  client.members
    .list(roomId)
    .get()
    .members.slice(0, first)
    .map(({ user }) => user.username)

test('what was written for a room before its author was removed is refused, and shown as not sent', async (t) => {
  const { ann, bob, roomId } = await setStage(t, server)
  await ann.client.members.remove(roomId, meId(bob))
  bob.client.messages.send(roomId, 'too late')
  await eventually(() => bob.client.messages.unsent.get().some(({ state }) => state === 'failed'))
  assert.equal(ann.client.rooms.get(roomId).get()?.last_seq, 1)
})

test('a direct room is there for both at once, each calls it by the other, and names follow', async (t) => {
  const [ann, bob] = [await arrive(t, server), await arrive(t, server)]
  const phone = await openObserver(t, server, ann.username)
  for (const observer of [bob, phone]) observer.stopFetching()
  const { id } = await ann.client.rooms.openDirect([meId(bob)])
  assert.equal((await ann.client.rooms.openDirect([meId(bob)])).id, id)
  const title = ({ client }: Observer) => client.rooms.get(id).get()?.title
  for (const observer of [ann, bob, phone]) await eventually(() => title(observer) !== undefined)
  assert.deepEqual([title(ann), title(phone), title(bob)], [bob.username, bob.username, ann.username])
  ann.client.messages.send(id, 'hello')
  await eventually(() => bob.client.rooms.get(id).get()?.unread === 1)
  assert.equal(title(bob), ann.username, 'a message tells who is in the room, too')
  await bobHasTheSameFresh(t, bob, id)
})

async function bobHasTheSameFresh(t: TestContext, bob: Observer, id: number): Promise<void> {
  const fresh = await openObserver(t, server, bob.username)
  assert.deepEqual(bob.client.rooms.get(id).get(), fresh.client.rooms.get(id).get())
}

test('archived rooms are looked for apart', async (t) => {
  const ann = await arrive(t, server)
  const { id } = await ann.client.rooms.create({ name: 'Put away', kind: 'public', topic: 'Old', posting: 'admins' })
  await ann.client.rooms.archive(id)
  const ids = async (archived: boolean) =>
    (await ann.client.rooms.search('Put away', { archived })).map((room) => room.id)
  assert.deepEqual([await ids(false), await ids(true)], [[], [id]])
})
