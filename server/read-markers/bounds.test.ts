import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ReadMarker } from '@grandchat/contracts/read-markers/schema'
import type { OwnRoom } from '@grandchat/contracts/rooms/schema'
import { type Cast, gatherCast, openRoom } from '../testing/cast.ts'
import { fingerprint } from '../testing/bad-input.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

let server: TestServer
let cast: Cast
let room: OwnRoom
before(async () => {
  server = await startTestServer()
  cast = await gatherCast(server)
  room = await openRoom(server, cast, 'private')
  for (const text of ['one', 'two', 'three']) await cast.roomOwner.send(room.id, text)
})
after(() => server.stop())

const move = (seq: unknown, person = cast.member, roomId = room.id) =>
  person.ask<ReadMarker>('PUT', `/api/rooms/${roomId}/read-marker/`, { seq })

const readSeq = async () => (await cast.member.get<OwnRoom>(`/api/rooms/${room.id}/`)).read_seq

test('a marker beyond the last message stops at it', async () => {
  for (const seq of [4, 1_000_000, Number.MAX_SAFE_INTEGER]) {
    const { status, body } = await move(seq)
    assert.deepEqual([status, body.read_seq, body.room_id], [200, 3, room.id])
    assert.equal(await readSeq(), 3)
  }
})

test('a marker may go back, which marks as unread', async () => {
  for (const seq of [2, 0, 1]) {
    assert.equal((await move(seq)).body.read_seq, seq)
    assert.equal(await readSeq(), seq)
  }
})

test('every move raises the version of the own state', async () => {
  const first = (await move(1)).body.user_version
  assert.equal((await move(1)).body.user_version, first + 1)
})

test('a marker that is no position moves nothing', async () => {
  const before = await fingerprint(server.services)
  for (const seq of [-1, 1.5, '1', null, true, [], {}, Number.MAX_SAFE_INTEGER + 1, 1e300, undefined]) {
    assert.equal((await move(seq)).status, 400, JSON.stringify(seq))
  }
  assert.equal(await fingerprint(server.services), before)
})

test("in somebody else's room there is nothing to mark", async () => {
  const before = await fingerprint(server.services)
  for (const person of [cast.outsider, cast.owner, cast.leaver]) assert.equal((await move(1, person)).status, 404)
  assert.equal((await move(1, cast.member, room.id + 1_000)).status, 404)
  assert.equal(await fingerprint(server.services), before)
})
