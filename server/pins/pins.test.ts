import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ErrorBody } from '@grandchat/contracts/errors'
import { limits } from '@grandchat/contracts/limits'
import type { HistoryPage } from '@grandchat/contracts/messages/schema'
import type { RowsChanged } from '@grandchat/contracts/realtime/rows-changed'
import type { OwnRoom } from '@grandchat/contracts/rooms/schema'
import type { RoomChanges } from '@grandchat/contracts/sync/schema'
import { sql } from 'kysely'
import { type Cast, gatherCast, openRoom } from '../testing/cast.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

let server: TestServer
let cast: Cast
before(async () => {
  server = await startTestServer()
  cast = await gatherCast(server)
})
after(() => server.stop())

const path = (roomId: number, messageId: number) => `/api/rooms/${roomId}/pins/${messageId}/`
const version = async (roomId: number) => (await cast.member.get<OwnRoom>(`/api/rooms/${roomId}/`)).version
const pinned = async (roomId: number) => cast.member.get<HistoryPage>(`/api/rooms/${roomId}/pins/`)

async function said() {
  const { id: roomId } = await openRoom(server, cast, 'public')
  const message = await cast.roomOwner.send(roomId, 'the Wi-Fi is called Teapot')
  return { roomId, message, url: path(roomId, message.id) }
}

test('a pin is told with a line of the timeline in the same version, and comes with every page', async () => {
  const { roomId, message, url } = await said()
  const hears = await server.listen(cast.roomOwner)
  const answer = await cast.member.put<RowsChanged>(url)
  const [pin, line] = [answer.pins![0]!, answer.messages![0]!]
  assert.deepEqual([pin.message_id, pin.user.id, pin.unpinned_at], [message.id, cast.member.id, null])
  assert.deepEqual([pin.version, line.version, answer.room.version], Array(3).fill(message.version + 1))
  assert.deepEqual(
    [line.system, line.user.id, line.seq],
    [{ type: 'pinned', message_id: message.id }, cast.member.id, null],
  )
  assert.deepEqual([answer.room.last_message!.id, answer.room.last_seq], [message.id, 1])
  await hears.until(() => hears.inRoom(roomId).length > 0)
  assert.deepEqual(hears.inRoom(roomId), [{ type: 'rows_changed', body: answer }])
  const page = await cast.roomOwner.get<HistoryPage>(`/api/rooms/${roomId}/messages/?limit=2`)
  const changes = await cast.roomOwner.get<RoomChanges>(`/api/rooms/${roomId}/changes/?since=${message.version}`)
  assert.deepEqual([page.pins, changes.pins, changes.messages], [[pin], [pin], [line]])
  const list = await pinned(roomId)
  assert.deepEqual([list.results.map(({ id }) => id), list.pins, list.version], [[message.id], [pin], pin.version])
})

test('whoever is a member unpins; pinned or unpinned again changes nothing', async () => {
  const { roomId, message, url } = await said()
  const first = await cast.member.put<RowsChanged>(url)
  const again = await cast.roomOwner.put<RowsChanged>(url)
  assert.deepEqual([again.pins, again.room], [first.pins, first.room])
  const away = await cast.roomOwner.remove<RowsChanged>(url)
  assert.ok(away.pins![0]!.unpinned_at)
  assert.deepEqual(await cast.member.remove<RowsChanged>(url), away)
  assert.equal(await version(roomId), message.version + 2)
  assert.deepEqual((await pinned(roomId)).results, [])
  const { pins } = await cast.member.get<RoomChanges>(`/api/rooms/${roomId}/changes/?since=${message.version}`)
  assert.deepEqual(pins, away.pins, 'what was taken away says so')
  const back = await cast.roomOwner.put<RowsChanged>(url)
  assert.deepEqual([back.pins![0]!.user.id, back.pins![0]!.unpinned_at], [cast.roomOwner.id, null])
})

test('the newest pin comes first, whenever the messages were written', async () => {
  const { roomId, message, url } = await said()
  const later = await cast.member.send(roomId, 'and the printer Kettle')
  await cast.member.put(path(roomId, later.id))
  await cast.member.put(url)
  assert.deepEqual(
    (await pinned(roomId)).results.map(({ id }) => id),
    [message.id, later.id],
  )
})

test('a room holds a hundred pins', async () => {
  const { roomId, message, url } = await said()
  await sql`
    with written as (
      insert into messages (room_id, seq, version, user_id, content, created_at)
      select ${roomId}, 100 + n, 1, ${cast.member.id}, 'm' || n, now() from generate_series(1, ${limits.pins}) n returning id
    )
    insert into pins (message_id, room_id, user_id, pinned_at, version)
    select id, ${roomId}, ${cast.member.id}, now(), 1 from written`.execute(server.services.db)
  const { status, body } = await cast.member.ask<ErrorBody>('PUT', url)
  assert.deepEqual([status, body.code], [409, 'too_many_pins'])
  assert.equal(await version(roomId), message.version)
  const { results } = await pinned(roomId)
  assert.equal(results.length, limits.pins)
  await cast.member.remove(path(roomId, results[0]!.id))
  await cast.member.put(url)
})

test('a deleted message is pinned no longer, in the same change', async () => {
  const { roomId, message, url } = await said()
  await cast.member.put(url)
  const gone = await cast.roomOwner.remove<RowsChanged>(`/api/rooms/${roomId}/messages/${message.id}/`)
  assert.deepEqual([gone.pins![0]!.version, gone.pins![0]!.unpinned_at !== null], [gone.room.version, true])
  assert.deepEqual((await pinned(roomId)).results, [])
})

test('system lines, deleted messages, those of other rooms and those that never were cannot be pinned, all alike', async () => {
  const [here, there] = [await said(), await said()]
  await cast.roomOwner.remove(`/api/rooms/${here.roomId}/messages/${here.message.id}/`)
  const { results } = await cast.member.get<HistoryPage>(`/api/rooms/${here.roomId}/messages/?limit=100`)
  const line = results.find(({ kind }) => kind === 'system')!
  const answers = await Promise.all(
    [line.id, here.message.id, there.message.id, 9_999_999].flatMap((id) =>
      ['PUT', 'DELETE'].map((method) => cast.member.ask(method, path(here.roomId, id))),
    ),
  )
  assert.deepEqual(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size, 1)
  assert.equal(answers[0]!.status, 404)
})

test('outsiders neither pin nor see what is pinned', async () => {
  const { roomId, url } = await said()
  await cast.member.put(url)
  for (const person of [cast.outsider, cast.owner, cast.leaver]) {
    await person.put(url, {}, 404)
    await person.remove(url, 404)
    await person.get(`/api/rooms/${roomId}/pins/`, 404)
  }
})
