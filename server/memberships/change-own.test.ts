import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { OwnMembership } from '@grandchat/contracts/memberships/schema'
import type { OwnRoom } from '@grandchat/contracts/rooms/schema'
import { assertRefused, fingerprint } from '../testing/bad-input.ts'
import { type Cast, gatherCast, openRoom } from '../testing/cast.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

let server: TestServer
let cast: Cast
let room: OwnRoom
before(async () => {
  server = await startTestServer()
  cast = await gatherCast(server)
  room = await openRoom(server, cast, 'private')
})
after(() => server.stop())

const change = (body: unknown, person = cast.member, roomId = room.id) =>
  person.ask<OwnMembership>('PATCH', `/api/rooms/${roomId}/own/`, body)

test('level and mute are changed apart, told to all devices and nobody else, and stay where nothing changes', async () => {
  const [phone, laptop, others] = [
    await server.listen(cast.member),
    await server.listen(cast.member),
    await server.listen(cast.roomOwner),
  ]
  const muted = (await change({ muted: true })).body
  const quiet = (await change({ level: 'mentions' })).body
  assert.deepEqual([muted.level, muted.muted], ['all', true])
  assert.deepEqual([quiet.level, quiet.muted, quiet.own_version], ['mentions', true, muted.own_version + 1])
  for (const body of [{}, { level: 'mentions' }, { muted: true, level: 'mentions' }]) {
    assert.deepEqual((await change(body)).body, quiet)
  }
  const loud = (await change({ level: 'all', muted: false })).body
  for (const device of [phone, laptop]) {
    await device.until((events) => events.length >= 3)
    assert.deepEqual(
      device.events.map(({ type, body }) => [type, 'memberships' in body && body.memberships]),
      [muted, quiet, loud].map((row) => ['own_changed', [row]]),
    )
  }
  assert.deepEqual(others.events, [])
  const { level, muted: isMuted, version } = await cast.member.get<OwnRoom>(`/api/rooms/${room.id}/`)
  assert.deepEqual([level, isMuted, version], ['all', false, await roomVersion()])
})

test('in a room that is not one’s own there is nothing to say', async () => {
  const before = await fingerprint(server.services)
  for (const person of [cast.outsider, cast.owner, cast.leaver]) {
    assertRefused(await change({ muted: true }, person), person.username, [404])
  }
  assertRefused(await change({ muted: true }, cast.member, room.id + 1_000), 'no room', [404])
  for (const body of [{ level: 'some' }, { level: null }, { muted: 'yes' }, { muted: 1 }]) {
    assertRefused(await change(body), JSON.stringify(body), [400])
  }
  assert.equal(await fingerprint(server.services), before)
})

const roomVersion = async () => (await cast.roomOwner.get<OwnRoom>(`/api/rooms/${room.id}/`)).version
