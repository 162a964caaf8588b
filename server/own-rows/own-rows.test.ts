import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { limits } from '@grandchat/contracts/limits'
import type { OwnRow } from '@grandchat/contracts/own-rows/schema'
import type { SyncAnswer } from '@grandchat/contracts/sync/schema'
import { sql } from 'kysely'
import { assertRefused, fingerprint } from '../testing/bad-input.ts'
import { type Cast, gatherCast, letIn, openRoom } from '../testing/cast.ts'
import type { Person } from '../testing/person.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

let server: TestServer
let cast: Cast
let roomId: number
let messageId: number
before(async () => {
  server = await startTestServer()
  cast = await gatherCast(server)
  roomId = (await openRoom(server, cast, 'private')).id
  messageId = (await cast.roomOwner.send(roomId, 'hello')).id
})
after(() => server.stop())

const now = '2026-11-22T09:00:00.000000Z'
const later = '2099-01-01T09:00:00.000000Z'
const section = randomUUID()
const ask = (person: Person, kind: string, key: string | number, value: unknown) =>
  person.ask<OwnRow>('PUT', `/api/own/${kind}/${key}/`, { value })
const put = async (person: Person, kind: string, key: string | number, value: unknown) => {
  const { status, body } = await ask(person, kind, key, value)
  assert.equal(status, 200, JSON.stringify(body))
  return body
}
const remove = (person: Person, kind: string, key: string | number) =>
  person.ask<OwnRow>('DELETE', `/api/own/${kind}/${key}/`)
const sync = (person: Person, user_version = 0) => person.post<SyncAnswer>('/api/sync/', { user_version })

/** What a member of the room may keep, of every kind. */
const rows = (): [kind: string, key: string | number, value: object | string][] => [
  ['draft', roomId, { content: ' I was about to\u202e ', updated_at: now }],
  ['draft', `${roomId}.${messageId}`, { content: 'x'.repeat(5_000), updated_at: now }],
  ['saved', messageId, { room_id: roomId, message_id: messageId, saved_at: now }],
  ['scheduled', randomUUID(), { room_id: roomId, content: 'later', send_at: later }],
  ['section', section, { name: 'Work', position: 1 }],
  ['placement', roomId, { section: 'favourites', position: 0.5 }],
  ['setting', 'theme', 'dark'],
]

test('each kind is kept, told to all devices and nobody else, and read by who starts from nothing', async () => {
  const mia = await server.member('mia-2')
  await letIn(server, roomId, mia)
  const others = await server.listen(cast.roomOwner)
  const devices = [await server.listen(mia), await server.listen(mia)]
  let { user_version } = await sync(mia)
  const kept: OwnRow[] = []
  for (const [kind, key, value] of rows()) {
    const row = await put(mia, kind, key, value)
    assert.deepEqual(row, { kind, key: String(key), value, own_version: ++user_version })
    kept.push(row)
  }
  await server.services.announcer.drained()
  for (const device of devices) {
    await device.until((events) => events.length >= kept.length)
    const expected = kept.map((row) => ({
      type: 'own_changed',
      body: { user_version: row.own_version, memberships: [], rows: [row] },
    }))
    assert.deepEqual(device.events, expected)
  }
  assert.deepEqual((await sync(mia)).own.rows, kept)
  assert.equal((await sync(mia)).user_version, user_version)
  assert.deepEqual(others.events, [])
})

test('what is written again unchanged raises no version and is told to nobody', async () => {
  const first = await put(cast.member, 'section', section, { name: 'Home', position: 3 })
  const phone = await server.listen(cast.member)
  for (const value of [
    { position: 3, name: 'Home' },
    { name: ' Home ', position: 3, more: 1 },
  ]) {
    assert.deepEqual(await put(cast.member, 'section', section, value), first)
  }
  const next = await put(cast.member, 'section', section, { name: 'Home', position: 4 })
  assert.equal(next.own_version, first.own_version + 1)
  await phone.until((events) => events.length > 0)
  assert.deepEqual(
    phone.events.map(({ body }) => body),
    [{ user_version: next.own_version, memberships: [], rows: [next] }],
  )
})

test('what is taken away is told as such, and once', async () => {
  const { own_version } = await put(cast.member, 'setting', 'density', 'compact')
  const gone = { kind: 'setting', key: 'density', value: null, own_version: own_version + 1 }
  for (let again = 0; again < 2; again++) {
    const { status, body } = await remove(cast.member, 'setting', 'density')
    assert.deepEqual([status, body], [200, gone])
  }
  assert.deepEqual((await sync(cast.member, own_version)).own.rows, [gone])
  assert.ok(!(await sync(cast.member)).own.rows.some(({ key }) => key === 'density'), 'no trace for a new device')
  const never = await remove(cast.member, 'saved', 999_999)
  assert.deepEqual(never.body, { kind: 'saved', key: '999999', value: null, own_version: 0 })
  assert.equal((await sync(cast.member)).user_version, own_version + 1)
})

test('what one was about to do in a room stays after leaving it, and cannot be changed, only taken away', async () => {
  const room = await openRoom(server, cast, 'public')
  const draft = await put(cast.member, 'draft', room.id, { content: 'so', updated_at: now })
  await cast.member.post(`/api/rooms/${room.id}/leave/`)
  assert.equal((await ask(cast.member, 'draft', room.id, { content: 'so what', updated_at: now })).status, 404)
  assert.ok((await sync(cast.member)).own.rows.some((row) => row.own_version === draft.own_version))
  assert.equal((await remove(cast.member, 'draft', room.id)).body.value, null)
})

test("rows that name somebody else's room or message are those of nothing", async () => {
  const otherRoom = await openRoom(server, cast, 'private')
  const otherMessage = (await cast.roomOwner.send(otherRoom.id, 'elsewhere')).id
  const before = await fingerprint(server.services)
  const naming = rows().filter(([kind]) => !['section', 'setting'].includes(kind))
  for (const person of [cast.outsider, cast.owner, cast.leaver]) {
    for (const [kind, key, value] of naming) assertRefused(await ask(person, kind, key, value), kind, [404])
  }
  const wrong: [kind: string, key: string | number, value: object][] = [
    ['draft', `${roomId}.${otherMessage}`, { content: 'x', updated_at: now }],
    ['draft', roomId + 1_000_000, { content: 'x', updated_at: now }],
    ['saved', otherMessage, { room_id: roomId, message_id: otherMessage, saved_at: now }],
    ['scheduled', section, { room_id: roomId, thread_id: otherMessage, content: 'x', send_at: later }],
    ['scheduled', section, { room_id: roomId, reply_to: otherMessage, content: 'x', send_at: later }],
    ['placement', roomId + 1_000_000, { section: 'favourites', position: 1 }],
  ]
  for (const [kind, key, value] of wrong) assertRefused(await ask(cast.member, kind, key, value), kind, [404])
  assert.equal(await fingerprint(server.services), before)
})

test('what has no name of a row is not found, what has no form of its kind is refused; neither leaves a trace', async () => {
  const before = await fingerprint(server.services)
  const message = { room_id: roomId, content: 'x', send_at: later }
  const nameless: [kind: string, key: string | number, value: unknown][] = [
    ['thread', messageId, { room_id: roomId, is_following: true, read_seq: 0 }],
    ['session', 1, 'x'],
    ['__proto__', 1, 'x'],
    ['draft', 'x', { content: 'x', updated_at: now }],
    ['draft', `${roomId}.`, { content: 'x', updated_at: now }],
    ['draft', '9999999999999999', { content: 'x', updated_at: now }],
    ['section', 'favourites', { name: 'x', position: 1 }],
    ['section', randomUUID().toUpperCase(), { name: 'x', position: 1 }],
    ['setting', 'constructor', 'x'],
    ['setting', 'x'.repeat(101), 'x'],
    ['setting', '%00', 'x'],
  ]
  for (const [kind, key, value] of nameless) assertRefused(await ask(cast.member, kind, key, value), kind, [404])
  const formless: [kind: string, key: string | number, value: unknown][] = [
    ['draft', roomId, { content: '', updated_at: now }],
    ['draft', roomId, { content: 'a\u0000b', updated_at: now }],
    ['draft', roomId, { content: '\ud800', updated_at: now }],
    ['draft', roomId, { content: 'x'.repeat(5_001), updated_at: now }],
    ['draft', roomId, { content: 'x', updated_at: 'now' }],
    ['draft', roomId, null],
    ['draft', roomId, undefined],
    ['saved', messageId, { room_id: roomId, message_id: messageId + 1, saved_at: now }],
    ['scheduled', section, { ...message, send_at: '2099-02-30T09:00:00.000000Z' }],
    ['scheduled', section, { ...message, send_at: '2099-01-01T25:00:00.000000Z' }],
    ['scheduled', section, { ...message, send_at: '0000-01-01T00:00:00.000000Z' }],
    ['scheduled', section, { ...message, content: ' \u200b ' }],
    ['section', section, { name: '\u200b', position: 1 }],
    ['section', section, { name: 'x'.repeat(51), position: 1 }],
    ['section', section, { name: 'a\nb', position: 1 }],
    ['section', section, { name: 'x', position: 1e300 }],
    ['placement', roomId, { section: 'best', position: 1 }],
    ['closing', roomId, { seq: 0 }],
    ['closing', roomId, { seq: -1 }],
    ['closing', roomId, {}],
    ['setting', 'theme', 'pink'],
    ['setting', 'motion', 'wild'],
    ['setting', 'quiet_until', -1],
    ['setting', 'quiet_until', 1e300],
    ['setting', 'language', '../../etc'],
    ['setting', 'collapsed', Array.from({ length: 201 }, () => 'x')],
  ]
  for (const [kind, key, value] of formless) {
    assertRefused(await ask(cast.member, kind, key, value), `${kind} ${JSON.stringify(value)}`, [400])
  }
  assert.equal(await fingerprint(server.services), before)
})

test('writes of one person at once get versions without gaps, each with one event', async () => {
  const max = await server.member('max')
  const phone = await server.listen(max)
  const count = 40
  await Promise.all(
    Array.from({ length: count }, (_, i) => put(max, 'section', randomUUID(), { name: `n${i}`, position: i })),
  )
  await phone.until((events) => events.length >= count)
  const versions = phone.events.map(({ body }) => ('user_version' in body ? body.user_version : 0))
  assert.deepEqual(
    versions.toSorted((a, b) => a - b),
    Array.from({ length: count }, (_, i) => i + 1),
  )
  const { own, user_version } = await sync(max)
  assert.deepEqual([own.rows.length, user_version], [count, count])
})

test('nobody keeps more than the bounds, and taking something away makes room', async () => {
  const kim = await server.member('kim')
  for (let i = 0; i < 100; i++) await put(kim, 'section', randomUUID(), { name: `n${i}`, position: i })
  assertRefused(await ask(kim, 'section', section, { name: 'one more', position: 1 }), 'section', [409])
  const [first] = (await sync(kim)).own.rows
  await put(kim, 'section', first!.key, { name: 'renamed', position: 1 })
  await remove(kim, 'section', first!.key)
  await put(kim, 'section', section, { name: 'one more', position: 1 })
  await fill(kim.id, limits.ownRows - 100)
  assertRefused(await ask(kim, 'setting', 'theme', 'dark'), 'setting', [409])
})

test('when many traces have gone, who was last here before reads everything anew, in an instant', async () => {
  const lou = await server.member('lou')
  await put(lou, 'setting', 'theme', 'dark')
  const { user_version: then } = await sync(lou)
  await sql`update users set version = version + 4000 where id = ${lou.id}`.execute(server.services.db)
  await sql`
    insert into own_rows (user_id, kind, key, own_version)
    select ${lou.id}, 'saved', n::text, ${then} + n from generate_series(1, 4000) n`.execute(server.services.db)
  assert.equal((await sync(lou, then)).own.rows.length, 4_000)
  await put(lou, 'setting', 'density', 'compact')
  const gone = (await remove(lou, 'setting', 'density')).body
  const late = await sync(lou, then)
  assert.deepEqual([late.own.is_whole, late.own.rows.map(({ key }) => key)], [true, ['theme']])
  const recent = await sync(lou, gone.own_version - 1)
  assert.deepEqual([recent.own.is_whole, recent.own.rows], [false, [gone]])
  const { rows: left } = await sql<{ count: number }>`
    select count(*) from own_rows where user_id = ${lou.id} and value is null`.execute(server.services.db)
  assert.equal(left[0]!.count, 2_000)
})

async function fill(userId: number, count: number): Promise<void> {
  await sql`
    insert into own_rows (user_id, kind, key, value, own_version)
    select ${userId}, 'placement', n::text, '{}', 1 from generate_series(1, ${count}::integer) n`.execute(
    server.services.db,
  )
}
