import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { limits } from '@grandchat/contracts/limits'
import type { HistoryPage, MessageAdded, MessageEdits } from '@grandchat/contracts/messages/schema'
import type { RowsChanged } from '@grandchat/contracts/realtime/rows-changed'
import type { OwnRoom } from '@grandchat/contracts/rooms/schema'
import { type Cast, gatherCast, openRoom } from '../testing/cast.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

let server: TestServer
let cast: Cast
before(async () => {
  server = await startTestServer()
  cast = await gatherCast(server)
})
after(() => server.stop())

const path = (roomId: number, messageId: number) => `/api/rooms/${roomId}/messages/${messageId}/`
const version = async (roomId: number) => (await cast.member.get<OwnRoom>(`/api/rooms/${roomId}/`)).version

/** A room in which the member said something. */
async function said(content = 'frist') {
  const room = await openRoom(server, cast, 'public')
  const message = await cast.member.send(room.id, content, randomUUID())
  return { roomId: room.id, message, url: path(room.id, message.id) }
}

test('an edit is told with the room, shows everywhere, and keeps what was said before', async () => {
  const { roomId, message, url } = await said()
  const hears = await server.listen(cast.roomOwner)
  const edited = await cast.member.patch<RowsChanged>(url, { content: ' first ' })
  const [row] = edited.messages!
  assert.deepEqual([row!.content, row!.seq, row!.version], ['first', message.seq, message.version + 1])
  assert.ok(row!.edited_at! > message.created_at)
  assert.deepEqual([edited.room.version, edited.room.last_message!.content], [row!.version, 'first'])
  assert.equal(edited.room.bumped_at, message.room.bumped_at)
  await hears.until(() => hears.inRoom(roomId).length > 0)
  assert.deepEqual(hears.inRoom(roomId), [{ type: 'rows_changed', body: edited }])
  const { results } = await cast.roomOwner.get<HistoryPage>(`/api/rooms/${roomId}/messages/?limit=1`)
  assert.equal(results[0]!.content, 'first')
  await cast.member.patch(url, { content: 'First' })
  const edits = await cast.roomOwner.get<MessageEdits>(`${url}edits/`)
  assert.deepEqual(edits.results, [
    { content: 'frist', created_at: message.created_at },
    { content: 'first', created_at: row!.edited_at },
  ])
})

test('of many earlier texts the newest are kept', async () => {
  const { url } = await said('0')
  for (let n = 1; n <= limits.messageEdits + 3; n++) await cast.member.patch(url, { content: String(n) })
  const { results } = await cast.member.get<MessageEdits>(`${url}edits/`)
  assert.deepEqual(
    results.map(({ content }) => Number(content)),
    Array.from({ length: limits.messageEdits }, (_, n) => n + 3),
  )
})

test('an edit that changes nothing is answered with the message, and nobody is told', async () => {
  const { roomId, message, url } = await said('same')
  const answer = await cast.member.patch<RowsChanged>(url, { content: ' same\r\n' })
  assert.deepEqual([answer.messages![0]!.edited_at, answer.room.version], [null, message.version])
  assert.equal(await version(roomId), message.version)
  assert.deepEqual((await cast.member.get<MessageEdits>(`${url}edits/`)).results, [])
})

test('nobody changes what another said, and to outsiders it is not there', async () => {
  const { roomId, message, url } = await said()
  const attempts = { roomOwner: 403, outsider: 404, owner: 404, leaver: 404, visitor: 403 } as const
  for (const [role, status] of Object.entries(attempts)) {
    await cast[role as keyof typeof attempts].patch(url, { content: 'mine now' }, status)
  }
  assert.equal(await version(roomId), message.version)
  assert.equal((await cast.member.patch<RowsChanged>(url, { content: 'still mine' })).room.version, message.version + 1)
})

test('a message of another room, one that never was, and one that was deleted cannot be edited, all alike', async () => {
  const [here, there] = [await said(), await said()]
  await cast.member.remove(here.url)
  const paths = [path(here.roomId, there.message.id), path(here.roomId, 9_999_999), here.url]
  const answers = await Promise.all(
    paths.flatMap((url) => [cast.member.ask('PATCH', url, { content: 'x' }), cast.member.ask('GET', `${url}edits/`)]),
  )
  assert.deepEqual(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size, 1)
  assert.equal(answers[0]!.status, 404)
})

test('a text that could not be sent cannot be edited in', async () => {
  const { url } = await said()
  for (const content of ['', '  ', 'a\u0000b', 'x'.repeat(5_001), undefined]) {
    await cast.member.patch(url, { content }, 400)
  }
})

test('a deleted message is empty for everyone, and its retry does not bring it back', async () => {
  const { roomId, message, url } = await said('regrettable')
  await cast.member.patch(url, { content: 'regrettable too' })
  const hears = await server.listen(cast.roomOwner)
  const gone = await cast.member.remove<RowsChanged>(url)
  const [row] = gone.messages!
  assert.deepEqual([row!.content, row!.forwarded, row!.seq, row!.version], ['', null, message.seq, gone.room.version])
  assert.ok(row!.deleted_at)
  await hears.until(() => hears.inRoom(roomId).length > 0)
  assert.deepEqual(hears.inRoom(roomId), [{ type: 'rows_changed', body: gone }])
  const again = await cast.member.remove<RowsChanged>(url)
  assert.deepEqual([again.messages, again.room], [gone.messages, gone.room])
  await cast.member.get(`${url}edits/`, 404)
  const retry = await cast.member.ask<MessageAdded>('POST', `/api/rooms/${roomId}/messages/`, {
    content: 'regrettable',
    client_message_id: message.client_message_id,
  })
  assert.deepEqual([retry.status, retry.body.content, retry.body.deleted_at], [200, '', row!.deleted_at])
  const { text } = await cast.roomOwner.ask('GET', `/api/rooms/${roomId}/messages/`)
  assert.doesNotMatch(text, /regrettable/)
  const { text: changes } = await cast.roomOwner.ask('GET', `/api/rooms/${roomId}/changes/?since=0`)
  assert.doesNotMatch(changes, /regrettable/)
})

test('a room shows the message before its deleted last one, stays in its place, and numbers on', async () => {
  const { roomId, message, url } = await said('one')
  const last = await cast.roomOwner.send(roomId, 'two')
  const gone = await cast.roomOwner.remove<RowsChanged>(path(roomId, last.id))
  assert.deepEqual(gone.room.last_message, message.room.last_message)
  assert.deepEqual([gone.room.bumped_at, gone.room.last_seq], [last.created_at, 2])
  const empty = await cast.member.remove<RowsChanged>(url)
  assert.equal(empty.room.last_message, null)
  const next = await cast.member.send(roomId, 'three')
  assert.deepEqual([next.seq, next.room.last_message!.content], [3, 'three'])
})

test('who runs the room may delete what others said; other members may not', async () => {
  const { roomId, url } = await said()
  await server.member('dora').then(async (dora) => {
    await dora.join(roomId)
    await dora.remove(url, 403)
  })
  const own = await cast.roomOwner.send(roomId, 'from the owner')
  await cast.member.remove(path(roomId, own.id), 403)
  for (const role of ['outsider', 'owner', 'leaver'] as const) await cast[role].remove(url, 404)
  await cast.roomOwner.remove(url)
})

test('changed and deleted at once it is gone in the end, empty and without what it said before', async () => {
  for (let round = 0; round < 20; round++) {
    const { roomId, message, url } = await said('a')
    const asks = [
      () => cast.member.ask('PATCH', url, { content: 'b' }),
      () => cast.roomOwner.ask('DELETE', url),
      () => cast.member.ask('PATCH', url, { content: 'c' }),
    ]
    const at = round % asks.length
    const answers = await Promise.all([...asks.slice(at), ...asks.slice(0, at)].map((ask) => ask()))
    for (const { status, text } of answers) assert.ok([200, 404].includes(status), text)
    const { results } = await cast.member.get<HistoryPage>(`/api/rooms/${roomId}/messages/?ids=${message.id}`)
    assert.deepEqual([results[0]!.content, results[0]!.deleted_at !== null], ['', true])
    const { db } = server.services
    const kept = await db.selectFrom('message_edits').select('id').where('message_id', '=', message.id).execute()
    assert.deepEqual(kept, [])
  }
})
