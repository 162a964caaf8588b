import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { RowsChanged } from '@grandchat/contracts/realtime/rows-changed'
import type { OwnRoom } from '@grandchat/contracts/rooms/schema'
import { askEach, gatherRoomCast, openRoomOf, type RoomCast } from '../testing/room-roles.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

let server: TestServer
let cast: RoomCast
before(async () => {
  server = await startTestServer()
  cast = await gatherRoomCast(server)
})
after(() => server.stop())

test('those who run a room may change it, in the order owner, admin, member, leaver, outsider', async () => {
  for (const kind of ['public', 'private'] as const) {
    const asked = await askEach(cast, kind, (person, { id }) =>
      person.ask('PATCH', `/api/rooms/${id}/`, { name: 'New' }),
    )
    assert.deepEqual(asked, [200, 200, 403, 404, 404], kind)
  }
})

test('name, topic and who may write change in one version, each told by a line, and everyone hears the same', async () => {
  const room = await openRoomOf(cast)
  const hears = await server.listen(cast.member)
  const update = { name: '  Tea   room ', topic: 'Green and black', posting: 'admins' }
  const changed = await cast.admin.patch<RowsChanged>(`/api/rooms/${room.id}/`, update)
  assert.equal(changed.room.version, room.version + 1)
  assert.deepEqual(
    [changed.room.name, changed.room.topic, changed.room.posting],
    ['Tea room', 'Green and black', 'admins'],
  )
  assert.equal(changed.room.bumped_at, room.bumped_at, 'the room does not move up')
  assert.deepEqual(
    changed.messages!.map(({ system, user, seq, version }) => [system!.type, user.username, seq, version]),
    ['renamed', 'topic', 'posting'].map((type) => [type, 'the.admin', null, room.version + 1]),
  )
  await hears.until(() => hears.inRoom(room.id).length > 0)
  assert.deepEqual(hears.inRoom(room.id), [{ type: 'rows_changed', body: changed }])
  const { results } = await cast.member.get<{ results: unknown[] }>(`/api/rooms/${room.id}/messages/?limit=3`)
  assert.equal(results.length, 3, 'its lines stand in the history')
})

test('what is the same already changes nothing, and what is left out stays', async () => {
  const room = await openRoomOf(cast)
  const { owner } = cast
  const path = `/api/rooms/${room.id}/`
  const same = await owner.patch<RowsChanged>(path, { name: room.name, topic: '', posting: 'all' })
  assert.equal(same.room.version, room.version)
  const topic = await owner.patch<RowsChanged>(path, { topic: 'Only this' })
  assert.deepEqual([topic.room.name, topic.room.topic, topic.messages!.length], [room.name, 'Only this', 1])
  await owner.patch(path, {}, 400)
  await owner.patch(path, { name: ' ' }, 400)
  await owner.patch(path, { topic: 'x'.repeat(251) }, 400)
  await owner.patch(path, { posting: 'nobody' }, 400)
})

test('in an announcement room those who run it write, and the others read', async () => {
  const { owner, admin, member } = cast
  const room = await owner.post<OwnRoom>('/api/rooms/', { name: 'News', kind: 'public', posting: 'admins' }, 201)
  assert.equal(room.posting, 'admins')
  for (const person of [admin, member]) await person.join(room.id)
  await owner.patch(`/api/rooms/${room.id}/members/${admin.id}/`, { role: 'admin' })
  const path = `/api/rooms/${room.id}/messages/`
  const said = await owner.send(room.id, 'from the owner')
  assert.equal(said.room.posting, 'admins')
  await admin.send(room.id, 'from the admin')
  const refused = await member.ask<{ code: string }>('POST', path, { content: 'from a member' })
  assert.deepEqual([refused.status, refused.body.code], [403, 'permission_denied'])
  const { results, version } = await member.get<{ results: { kind: string }[]; version: number }>(`${path}?limit=10`)
  const messages = results.filter(({ kind }) => kind === 'user')
  assert.deepEqual([messages.length, version], [2, said.room.version + 1], 'a refusal leaves no trace')
  await owner.patch(`/api/rooms/${room.id}/`, { posting: 'all' })
  await member.send(room.id, 'now')
})

test('a message that was sent before the room was closed to its author stays sent', async () => {
  const { owner, member } = cast
  const room = await openRoomOf(cast)
  const key = crypto.randomUUID()
  const sent = await member.send(room.id, 'in time', key)
  await owner.patch(`/api/rooms/${room.id}/`, { posting: 'admins' })
  const again = await member.ask<{ id: number }>('POST', `/api/rooms/${room.id}/messages/`, {
    content: 'in time',
    client_message_id: key,
  })
  assert.deepEqual([again.status, again.body.id], [200, sent.id])
})
