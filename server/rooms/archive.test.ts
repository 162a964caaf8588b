import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { RowsChanged } from '@grandchat/contracts/realtime/rows-changed'
import type { DiscoveredRoom, OwnRoom } from '@grandchat/contracts/rooms/schema'
import type { Page } from '../http/paging.ts'
import type { Person } from '../testing/person.ts'
import { askEach, gatherRoomCast, openRoomOf, type RoomCast } from '../testing/room-roles.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

let server: TestServer
let cast: RoomCast
before(async () => {
  server = await startTestServer()
  cast = await gatherRoomCast(server)
})
after(() => server.stop())

test('owners alone archive and restore, in the order owner, admin, member, leaver, outsider', async () => {
  for (const kind of ['public', 'private'] as const) {
    for (const what of ['archive', 'restore'] as const) {
      const asked = await askEach(cast, kind, (person, { id }) => person.ask('POST', `/api/rooms/${id}/${what}/`, {}))
      assert.deepEqual(asked, [200, 403, 403, 404, 404], `${what} ${kind}`)
    }
  }
})

test('archiving and restoring raise the version by one each, with a line and one event; repeats do not', async () => {
  const { owner, member } = cast
  const room = await openRoomOf(cast)
  const hears = await server.listen(member)
  const archived = await owner.post<RowsChanged>(`/api/rooms/${room.id}/archive/`)
  assert.equal(archived.room.version, room.version + 1)
  assert.ok(archived.room.archived_at)
  assert.deepEqual(
    archived.messages!.map(({ system }) => system),
    [{ type: 'archived' }],
  )
  const again = await owner.post<RowsChanged>(`/api/rooms/${room.id}/archive/`)
  assert.deepEqual(again, { room: archived.room })
  const restored = await owner.post<RowsChanged>(`/api/rooms/${room.id}/restore/`)
  assert.deepEqual([restored.room.version, restored.room.archived_at], [room.version + 2, null])
  await hears.until(() => hears.inRoom(room.id).length >= 2)
  assert.deepEqual(hears.inRoom(room.id), [
    { type: 'rows_changed', body: archived },
    { type: 'rows_changed', body: restored },
  ])
})

test('an archived room is read as before, and nothing in it changes', async () => {
  const { owner, member, outsider } = cast
  const room = await openRoomOf(cast)
  const message = await owner.send(room.id, 'said before')
  await owner.post(`/api/rooms/${room.id}/archive/`)
  const path = `/api/rooms/${room.id}`
  const before = await member.get<OwnRoom>(`${path}/`)
  const refused: [Person, string, string, unknown][] = [
    [owner, 'POST', `${path}/messages/`, { content: 'too late' }],
    [owner, 'PATCH', `${path}/messages/${message.id}/`, { content: 'changed' }],
    [owner, 'DELETE', `${path}/messages/${message.id}/`, {}],
    [member, 'PUT', `${path}/messages/${message.id}/reactions/${encodeURIComponent('👍')}/`, {}],
    [member, 'PUT', `${path}/pins/${message.id}/`, {}],
    [owner, 'PATCH', `${path}/`, { name: 'Another' }],
    [owner, 'PUT', `${path}/members/${outsider.id}/`, {}],
    [owner, 'PATCH', `${path}/members/${member.id}/`, { role: 'admin' }],
    [outsider, 'POST', `${path}/join/`, {}],
  ]
  for (const [person, method, url, body] of refused) {
    const answer = await person.ask<{ code: string }>(method, url, body)
    assert.deepEqual([answer.status, answer.body.code], [403, 'room_archived'], `${method} ${url}`)
  }
  assert.deepEqual(await member.get<OwnRoom>(`${path}/`), before)
  const { results } = await member.get<{ results: { content: string }[] }>(`${path}/messages/`)
  assert.ok(results.some(({ content }) => content === 'said before'))
  await member.put(`${path}/read-marker/`, { seq: 1 })
  await member.post(`${path}/leave/`)
  await owner.post(`${path}/restore/`)
  await owner.send(room.id, 'open again')
})

test('an archived private room is still no room for outsiders', async () => {
  const { owner, outsider } = cast
  const room = await openRoomOf(cast, 'private')
  await owner.post(`/api/rooms/${room.id}/archive/`)
  for (const what of ['join', 'archive', 'restore']) {
    const refused = await outsider.ask('POST', `/api/rooms/${room.id}/${what}/`, {})
    assert.deepEqual(
      [refused.status, refused.text],
      [404, (await outsider.ask('POST', `/api/rooms/999999/${what}/`, {})).text],
    )
  }
})

test('archived rooms are found by their members alone, where they look for them', async () => {
  const { owner, member, outsider } = cast
  const room = await openRoomOf(cast)
  const found = async (person: Person, archived: 0 | 1) => {
    const { results } = await person.get<Page<DiscoveredRoom>>(`/api/search/?archived=${archived}`)
    return results
      .filter(({ id }) => id === room.id)
      .map(({ is_member, archived_at }) => [is_member, archived_at !== null])
  }
  assert.deepEqual([await found(outsider, 0), await found(outsider, 1)], [[[false, false]], []])
  await owner.post(`/api/rooms/${room.id}/archive/`)
  assert.deepEqual([await found(member, 0), await found(member, 1)], [[], [[true, true]]])
  assert.deepEqual([await found(outsider, 0), await found(outsider, 1)], [[], []])
  await owner.get('/api/search/?archived=yes', 400)
})
