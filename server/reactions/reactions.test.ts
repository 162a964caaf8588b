import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ErrorBody } from '@grandchat/contracts/errors'
import { limits } from '@grandchat/contracts/limits'
import type { HistoryPage } from '@grandchat/contracts/messages/schema'
import { isEmoji } from '@grandchat/contracts/reactions/emoji'
import type { Reactions } from '@grandchat/contracts/reactions/schema'
import type { RowsChanged } from '@grandchat/contracts/realtime/rows-changed'
import type { OwnRoom } from '@grandchat/contracts/rooms/schema'
import type { RoomChanges } from '@grandchat/contracts/sync/schema'
import { sql } from 'kysely'
import pg from 'pg'
import { AppError } from '../errors.ts'
import { changeRoom } from '../rooms/change-room.ts'
import { type Cast, gatherCast, openRoom } from '../testing/cast.ts'
import type { Person } from '../testing/person.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { setReactions } from './set-batch.ts'

let server: TestServer
let cast: Cast
before(async () => {
  server = await startTestServer()
  cast = await gatherCast(server)
})
after(() => server.stop())

const path = (roomId: number, messageId: number, emoji: string) =>
  `/api/rooms/${roomId}/messages/${messageId}/reactions/${encodeURIComponent(emoji)}/`

async function said() {
  const { id: roomId } = await openRoom(server, cast, 'public')
  const message = await cast.member.send(roomId, 'cake in the kitchen')
  return { roomId, message, url: (emoji: string) => path(roomId, message.id, emoji) }
}
const version = async (roomId: number) => (await cast.member.get<OwnRoom>(`/api/rooms/${roomId}/`)).version

test('reacting and taking it back are told whole, with everybody in the order in which they reacted', async () => {
  const { roomId, message, url } = await said()
  const hears = await server.listen(cast.roomOwner)
  const one = await cast.roomOwner.put<RowsChanged>(url('🎂'))
  const two = await cast.member.put<RowsChanged>(url('🎂'))
  const row = { message_id: message.id, emoji: '🎂' }
  assert.deepEqual(one.reactions, [{ ...row, count: 1, user_ids: [cast.roomOwner.id], version: message.version + 1 }])
  const both = { ...row, count: 2, user_ids: [cast.roomOwner.id, cast.member.id], version: message.version + 2 }
  assert.deepEqual([two.reactions, two.room.version], [[both], both.version])
  assert.deepEqual([two.room.bumped_at, two.room.last_seq], [message.created_at, 1])
  const [page, changes] = [
    await cast.member.get<HistoryPage>(`/api/rooms/${roomId}/messages/?limit=1`),
    await cast.member.get<RoomChanges>(`/api/rooms/${roomId}/changes/?since=${message.version}`),
  ]
  assert.deepEqual([page.reactions, changes.reactions, changes.messages], [[both], [both], []])
  const who = await cast.member.get<Reactions>(`/api/rooms/${roomId}/messages/${message.id}/reactions/`)
  const [rosa, mia] = ['rosa', 'mia'].map((username) => ({ username, display_name: null, avatar: null }))
  assert.deepEqual(who.results, [
    {
      emoji: '🎂',
      users: [
        { id: cast.roomOwner.id, ...rosa },
        { id: cast.member.id, ...mia },
      ],
    },
  ])
  await cast.roomOwner.remove(url('🎂'))
  const none = await cast.member.remove<RowsChanged>(url('🎂'))
  assert.deepEqual(none.reactions, [{ ...row, count: 0, user_ids: [], version: message.version + 4 }])
  await hears.until(() => hears.inRoom(roomId).length === 4)
  assert.deepEqual(hears.inRoom(roomId).at(-1), { type: 'rows_changed', body: none })
  assert.deepEqual(
    hears.inRoom(roomId).map(({ body }) => body.room.version),
    [1, 2, 3, 4].map((n) => message.version + n),
  )
})

test('doing so twice, or taking back what is not there, changes nothing', async () => {
  const { roomId, message, url } = await said()
  const nothing = await cast.member.remove<RowsChanged>(url('👍'))
  assert.deepEqual([nothing.reactions, nothing.room.version], [[], message.version])
  const once = await cast.member.put<RowsChanged>(url('👍'))
  assert.deepEqual(await cast.member.put<RowsChanged>(url('👍')), once)
  await cast.member.remove(url('👍'))
  const gone = await cast.member.remove<RowsChanged>(url('👍'))
  assert.deepEqual([gone.reactions![0]!.count, gone.room.version], [0, message.version + 2])
  assert.equal(await version(roomId), message.version + 2)
})

test('only one emoji, written in full, is one', async () => {
  const { roomId, message, url } = await said()
  const accepted = ['👍', '👍🏽', '❤️', '👨‍👩‍👧‍👦', '🇺🇳', '1️⃣', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🏳️‍🌈']
  const refused = ['a', '1', '👍👍', '👍 ', ' ', '❤', ':+1:', '\u200d', '\ufe0f', '👍'.repeat(20), '<b>', '%00', '🏽🏽']
  for (const emoji of accepted)
    assert.equal((await cast.member.put<RowsChanged>(url(emoji))).reactions![0]!.emoji, emoji)
  const before = await version(roomId)
  for (const emoji of refused) {
    for (const method of ['PUT', 'DELETE']) {
      const { status, body } = await cast.member.ask<ErrorBody>(method, url(emoji))
      assert.deepEqual([status, body.fields], [400, { emoji: 'is not one emoji' }], `${method} ${emoji}`)
    }
  }
  assert.equal(await version(roomId), before)
  assert.equal(isEmoji('\ud83d'), false)
  await cast.member.ask('PUT', `/api/rooms/${roomId}/messages/${message.id}/reactions/%ff/`).then(({ status }) => {
    assert.equal(status, 400)
  })
})

const emoji = (n: number) => String.fromCodePoint(0x1f600 + n)

test('a message takes twenty different emoji; those it has may be joined, and one taken away makes place', async () => {
  const { roomId, url } = await said()
  for (let n = 0; n < limits.reactionsPerMessage; n++) await cast.member.put(url(emoji(n)))
  const before = await version(roomId)
  const { status, body } = await cast.roomOwner.ask<ErrorBody>('PUT', url(emoji(20)))
  assert.deepEqual([status, body.code], [409, 'too_many_reactions'])
  assert.equal(await version(roomId), before)
  await cast.roomOwner.put(url(emoji(3)))
  await cast.member.remove(url(emoji(0)))
  await cast.roomOwner.put(url(emoji(20)))
})

test('turning reactions on and off does not fill a message with rows', async () => {
  const { roomId, message, url } = await said()
  const statuses = []
  for (let n = 0; n < 70; n++)
    statuses.push(
      (await cast.member.ask('PUT', url(emoji(n)))).status,
      await cast.member.remove(url(emoji(n))).then(
        () => 200,
        () => 0,
      ),
    )
  await sql`
    insert into reaction_rows (message_id, emoji, room_id, version, count)
    select ${message.id}, 'x' || n, ${roomId}, 1, 0 from generate_series(1, 30) n`.execute(server.services.db)
  assert.deepEqual(new Set(statuses), new Set([200]))
  await cast.member.put(url('👍'), {}, 409)
  await cast.member.put(url(emoji(5)))
})

test('system lines, deleted messages, those of other rooms and those that never were take no reactions, all alike', async () => {
  const [here, there] = [await said(), await said()]
  await cast.member.remove(`/api/rooms/${here.roomId}/messages/${here.message.id}/`)
  const { results } = await cast.member.get<HistoryPage>(`/api/rooms/${here.roomId}/messages/?limit=100`)
  const line = results.find(({ kind }) => kind === 'system')!
  const answers = await Promise.all(
    [line.id, here.message.id, there.message.id, 9_999_999].flatMap((id) => [
      cast.member.ask('PUT', path(here.roomId, id, '👍')),
      cast.member.ask('DELETE', path(here.roomId, id, '👍')),
      cast.member.ask('GET', `/api/rooms/${here.roomId}/messages/${id}/reactions/`),
    ]),
  )
  assert.deepEqual(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size, 1)
  assert.equal(answers[0]!.status, 404)
})

test('outsiders do not react, and who left takes nothing back', async () => {
  const { roomId, message, url } = await said()
  await cast.leaver.join(roomId)
  await cast.leaver.put(url('👍'))
  await cast.leaver.post(`/api/rooms/${roomId}/leave/`)
  const before = await version(roomId)
  for (const person of [cast.outsider, cast.owner, cast.leaver]) {
    await person.put(url('👍'), {}, 404)
    await person.remove(url('👍'), 404)
    await person.get(`/api/rooms/${roomId}/messages/${message.id}/reactions/`, 404)
  }
  assert.equal(await version(roomId), before)
})

test('a deleted message loses its reactions in the same change', async () => {
  const { roomId, message, url } = await said()
  await cast.member.put(url('👍'))
  await cast.roomOwner.put(url('🎉'))
  const gone = await cast.member.remove<RowsChanged>(`/api/rooms/${roomId}/messages/${message.id}/`)
  assert.deepEqual(
    gone
      .reactions!.toSorted((a, b) => (a.emoji < b.emoji ? -1 : 1))
      .map(({ emoji, count, user_ids, version }) => [emoji, count, user_ids, version]),
    [
      ['🎉', 0, [], gone.room.version],
      ['👍', 0, [], gone.room.version],
    ],
  )
  const { reactions } = await cast.member.get<RoomChanges>(`/api/rooms/${roomId}/changes/?since=${message.version}`)
  assert.deepEqual(
    reactions.map(({ count }) => count),
    [0, 0],
  )
})

test('a thousand parallel toggles of twenty people leave exact rows, and every version has one event', async () => {
  const { roomId, message, url } = await said()
  const people: Person[] = []
  for (let n = 0; n < 20; n++) people.push(await server.member(`toggler${n}`))
  for (const person of people) await person.join(roomId)
  const before = await version(roomId)
  const hears = await server.listen(cast.roomOwner)
  const untilAnswered = async (person: Person, method: string, emoji: string) => {
    // On a slow machine some wait too long for their turn.
    for (;;) if ((await person.ask(method, url(emoji))).status === 200) return
  }
  const kinds = ['👍', '🎉', '❤️']
  await Promise.all(
    people.flatMap((person, who) =>
      Array.from({ length: 50 }, (_, n) =>
        untilAnswered(person, (n + who) % 3 === 0 ? 'DELETE' : 'PUT', kinds[n % kinds.length]!),
      ),
    ),
  )
  const after = await version(roomId)
  await hears.until(() => hears.inRoom(roomId).at(-1)?.body.room.version === after)
  assert.deepEqual(
    hears.inRoom(roomId).map(({ body }) => body.room.version),
    Array.from({ length: after - before }, (_, n) => before + n + 1),
  )
  const { reactions } = await cast.member.get<HistoryPage>(`/api/rooms/${roomId}/messages/?ids=${message.id}`)
  for (const row of reactions) {
    assert.equal(row.count, row.user_ids.length)
    assert.equal(new Set(row.user_ids).size, row.count)
    const told = hears.inRoom(roomId).flatMap(({ body }) => ('reactions' in body && body.reactions) || [])
    assert.deepEqual(
      told.findLast(({ emoji }) => emoji === row.emoji),
      row,
    )
  }
  const { rows } = await sql<{
    count: number
  }>`select count(*) from reactions where message_id = ${message.id}`.execute(server.services.db)
  assert.equal(
    rows[0]!.count,
    reactions.reduce((sum, { count }) => sum + count, 0),
  )
})

test('a batch is one change and one event, and everyone in it is answered for themselves', async () => {
  const { roomId, message } = await said()
  const hears = await server.listen(cast.member)
  const by = (userId: number, emoji: string, isOn = true, messageId = message.id) => ({
    userId,
    messageId,
    emoji,
    isOn,
  })
  const batch = [
    by(cast.roomOwner.id, '👍'),
    by(cast.outsider.id, '👍'),
    by(cast.member.id, '👍'),
    by(cast.member.id, '👍'),
    by(cast.member.id, '👍', true, 9_999_999),
    by(cast.member.id, '🎉'),
    by(cast.member.id, '🎉', false),
    by(cast.roomOwner.id, '😂', false),
  ]
  const answers = await changeRoom(server.services, roomId, (tx, room) => setReactions(tx, room, batch))
  const version = message.version + 1
  const thumbs = {
    message_id: message.id,
    emoji: '👍',
    count: 2,
    user_ids: [cast.roomOwner.id, cast.member.id],
    version,
  }
  const party = { message_id: message.id, emoji: '🎉', count: 0, user_ids: [], version }
  assert.deepEqual(
    answers.map((answer) => (answer instanceof AppError ? answer.status : answer.reactions)),
    [[thumbs], 404, [thumbs], [thumbs], 404, [party], [party], []],
  )
  await hears.until(() => hears.inRoom(roomId).length > 0)
  const [event] = hears.inRoom(roomId)
  assert.ok(event?.type === 'rows_changed')
  assert.equal(event.body.room.version, version)
  assert.deepEqual(
    event.body.reactions?.toSorted((a, b) => b.count - a.count),
    [thumbs, party],
  )
})

test('a batch in which nothing changes is told to nobody', async () => {
  const { roomId, message } = await said()
  const none = { userId: cast.member.id, messageId: message.id, emoji: '👍', isOn: false }
  const lost = { ...none, userId: cast.outsider.id, isOn: true }
  await changeRoom(server.services, roomId, (tx, room) => setReactions(tx, room, [none, lost]))
  assert.equal(await version(roomId), message.version)
})

test('a locked room refuses what waits to be tried again, and goes on afterwards', async () => {
  const { roomId, url } = await said()
  const blocker = new pg.Client({ connectionString: server.databaseUrl })
  await blocker.connect()
  await blocker.query('begin')
  await blocker.query('select 1 from rooms where id = $1 for no key update', [roomId])
  const answers = await Promise.all(['👍', '🎉', '😂'].map((emoji) => cast.member.ask('PUT', url(emoji))))
  for (const { status, headers } of answers) assert.deepEqual([status, headers.get('retry-after')], [503, '1'])
  await blocker.query('rollback')
  await blocker.end()
  assert.equal((await cast.member.put<RowsChanged>(url('👍'))).reactions![0]!.count, 1)
})

test('a row names a thousand people at most, and counts them all', async () => {
  const { roomId, message, url } = await said()
  await sql`
    with people as (
      insert into users (username, username_folded) select 'fan' || n, 'fan' || n from generate_series(1, 1100) n returning id
    )
    insert into reactions (message_id, emoji, user_id) select ${message.id}, '👍', id from people`.execute(
    server.services.db,
  )
  await sql`
    insert into reaction_rows values (${message.id}, '👍', ${roomId}, ${message.version}, 1100)`.execute(
    server.services.db,
  )
  const { reactions } = await cast.member.put<RowsChanged>(url('👍'))
  assert.deepEqual([reactions![0]!.count, reactions![0]!.user_ids.length], [1_101, limits.reactionUsers])
})
