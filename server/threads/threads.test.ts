import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import type { FollowedThreads, HistoryPage, MessageAdded } from '@grandchat/contracts/messages/schema'
import { type FollowedThread, ownKinds } from '@grandchat/contracts/own-rows/kinds'
import type { OwnRow } from '@grandchat/contracts/own-rows/schema'
import type { RowsChanged } from '@grandchat/contracts/realtime/rows-changed'
import type { OwnRoom } from '@grandchat/contracts/rooms/schema'
import type { RoomChanges, SyncAnswer } from '@grandchat/contracts/sync/schema'
import { type Cast, gatherCast, openRoom } from '../testing/cast.ts'
import type { Person } from '../testing/person.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

let server: TestServer
let cast: Cast
before(async () => {
  server = await startTestServer()
  cast = await gatherCast(server)
})
after(() => server.stop())

type Stage = { roomId: number; root: MessageAdded; messages: string; own: string }

/** A room in which the member said something that a thread may hang from. */
async function stage(kind: 'public' | 'private' = 'public'): Promise<Stage> {
  const room = await openRoom(server, cast, kind)
  const root = await cast.member.send(room.id, 'What do you think?', randomUUID())
  const messages = `/api/rooms/${room.id}/messages/`
  return { roomId: room.id, root, messages, own: `/api/rooms/${room.id}/threads/${root.id}/own/` }
}

function answerIn(
  { messages, root }: Stage,
  person: Person,
  content: string,
  key: string = randomUUID(),
  status = 201,
) {
  return person.post<MessageAdded>(messages, { content, thread_id: root.id, client_message_id: key }, status)
}

const room = (person: Person, id: number) => person.get<OwnRoom>(`/api/rooms/${id}/`)
const sync = (person: Person, body: object = {}) => person.post<SyncAnswer>('/api/sync/', body)

async function following(person: Person, { root }: Stage): Promise<FollowedThread | undefined> {
  const { own } = await sync(person)
  const row = own.rows.find(({ kind, key }) => kind === 'thread' && key === String(root.id))
  return row?.value as FollowedThread | undefined
}

test('a message of a thread is numbered there, and the room stays where it was', async () => {
  const on = await stage()
  const before = await room(cast.member, on.roomId)
  const hears = await server.listen(cast.member)
  const first = await answerIn(on, cast.roomOwner, 'Good')
  const second = await answerIn(on, cast.member, 'Thanks')
  assert.deepEqual([first.seq, second.seq, first.thread_id], [1, 2, on.root.id])
  const now = await room(cast.member, on.roomId)
  assert.equal(now.version, before.version + 2)
  assert.deepEqual(
    [now.last_seq, now.bumped_at, now.last_message],
    [before.last_seq, before.bumped_at, before.last_message],
  )
  await hears.until(() => hears.inRoom(on.roomId).length === 2)
  const [event] = hears.inRoom(on.roomId)
  assert.equal(event!.type, 'rows_changed')
  const { messages, threads } = event!.body
  assert.deepEqual(
    messages?.map(({ content }) => content),
    ['Good'],
  )
  assert.deepEqual(
    threads?.map(({ id, last_seq, message_count, version, users }) => [
      id,
      last_seq,
      message_count,
      version,
      users.length,
    ]),
    [[on.root.id, 1, 1, before.version + 1, 1]],
  )
  const timeline = await cast.member.get<HistoryPage>(`${on.messages}?limit=10`)
  assert.deepEqual(
    timeline.results.filter(({ kind }) => kind === 'user').map(({ content }) => content),
    [on.root.content],
  )
  assert.deepEqual(
    timeline.threads.map(({ last_seq, users }) => [last_seq, users.map(({ id }) => id)]),
    [[2, [cast.member.id, cast.roomOwner.id]]],
  )
  const thread = await cast.roomOwner.get<HistoryPage>(`${on.messages}?thread=${on.root.id}&limit=1`)
  assert.deepEqual([thread.results.map(({ content }) => content), thread.more], [['Thanks'], true])
})

test('a retry is answered with the first message, and is told to nobody', async () => {
  const on = await stage()
  const key = randomUUID()
  const first = await answerIn(on, cast.member, 'Once', key)
  const again = await answerIn(on, cast.member, ' Once ', key, 200)
  assert.deepEqual([again.id, again.room.version], [first.id, first.room.version])
  await answerIn(on, cast.member, 'Twice', key, 422)
  const elsewhere = { content: 'Once', client_message_id: key }
  await cast.member.post(on.messages, { ...elsewhere, thread_id: (await cast.member.send(on.roomId, 'other')).id }, 422)
})

test('parallel answers are numbered without gaps, each version once', async () => {
  const on = await stage()
  const { version } = await room(cast.member, on.roomId)
  const people = [cast.member, cast.roomOwner]
  const sent = await Promise.all(Array.from({ length: 12 }, (_, i) => answerIn(on, people[i % 2]!, `answer ${i}`)))
  const numbers = (pick: (message: MessageAdded) => number) => sent.map(pick).sort((a, b) => a - b)
  assert.deepEqual(
    numbers(({ seq }) => seq!),
    Array.from({ length: 12 }, (_, i) => i + 1),
  )
  assert.deepEqual(
    numbers((message) => message.version),
    Array.from({ length: 12 }, (_, i) => version + i + 1),
  )
})

test('who writes follows and has read it, who began follows and has not', async () => {
  const on = await stage()
  await answerIn(on, cast.roomOwner, 'Good')
  assert.deepEqual(await following(cast.roomOwner, on), { room_id: on.roomId, is_following: true, read_seq: 1 })
  assert.deepEqual(await following(cast.member, on), { room_id: on.roomId, is_following: true, read_seq: 0 })
  assert.equal(await following(cast.outsider, on), undefined)
  const hears = await server.listen(cast.member)
  const row = await cast.member.patch<OwnRow>(on.own, { read_seq: 99, is_following: false })
  assert.deepEqual(row.value, { room_id: on.roomId, is_following: false, read_seq: 1 })
  await hears.until(() => hears.events.length > 0)
  assert.deepEqual(hears.events.at(-1), {
    type: 'own_changed',
    body: { user_version: row.own_version, memberships: [], rows: [row] },
  })
  assert.deepEqual(await cast.member.patch<OwnRow>(on.own, { is_following: false }), row, 'a repeat changes nothing')
  await answerIn(on, cast.roomOwner, 'Still there?')
  assert.equal((await following(cast.member, on))?.is_following, false, 'who has ceased to follow is left alone')
})

test('followed threads are listed, the newest first, and none of rooms that are not one’s own', async () => {
  const ann = await server.member('thread-reader')
  const stages = [await stage(), await stage()]
  for (const on of stages) {
    await ann.join(on.roomId)
    await answerIn(on, ann, 'Here')
  }
  const [older, newer] = stages as [Stage, Stage]
  const list = () => ann.get<FollowedThreads>('/api/threads/')
  assert.deepEqual(
    (await list()).threads.map(({ id }) => id),
    [newer.root.id, older.root.id],
  )
  await answerIn(older, cast.member, 'And here')
  const page = await ann.get<FollowedThreads>('/api/threads/?limit=1')
  assert.deepEqual([page.threads.map(({ id }) => id), page.more], [[older.root.id], true])
  assert.deepEqual(
    page.messages.map(({ content }) => content),
    [older.root.content, 'Here', 'And here'],
  )
  assert.equal(page.threads[0]?.last_message_id, page.messages.at(-1)?.id)
  const next = await ann.get<FollowedThreads>(`/api/threads/?before=${page.threads[0]!.last_message_at}`)
  assert.deepEqual(
    next.threads.map(({ id }) => id),
    [newer.root.id],
  )
  await ann.post(`/api/rooms/${older.roomId}/leave/`)
  assert.deepEqual(
    (await list()).threads.map(({ id }) => id),
    [newer.root.id],
  )
  assert.deepEqual(
    (await sync(ann)).threads.map(({ id }) => id),
    [newer.root.id],
  )
})

test('a sync tells of followed threads that went on, and a repair of a thread brings its messages', async () => {
  const on = await stage()
  await answerIn(on, cast.member, 'one')
  const known = await sync(cast.member)
  const { version } = await room(cast.member, on.roomId)
  await answerIn(on, cast.roomOwner, 'two')
  const rooms = Object.fromEntries(known.rooms.map(({ id, version }) => [id, version]))
  const { user_version, workspace_version, epoch } = known
  const answer = await sync(cast.member, { epoch, user_version, workspace_version, rooms })
  assert.deepEqual(
    answer.threads.map(({ id, last_seq }) => [id, last_seq]),
    [[on.root.id, 2]],
  )
  const path = `/api/rooms/${on.roomId}/changes/?since=${version}`
  const inThread = await cast.member.get<RoomChanges>(`${path}&thread=${on.root.id}`)
  assert.deepEqual(
    inThread.messages.map(({ content }) => content),
    ['two'],
  )
  assert.deepEqual([inThread.threads.map(({ last_seq }) => last_seq), inThread.members], [[2], null])
  const inRoom = await cast.member.get<RoomChanges>(path)
  assert.deepEqual([inRoom.messages, inRoom.threads.length], [[], 1])
})

test('a deleted answer is counted no more, and a thread outlives what it hangs from', async () => {
  const on = await stage()
  const first = await answerIn(on, cast.member, 'one')
  const answer = await answerIn(on, cast.roomOwner, 'two')
  const removed = await cast.member.ask<RowsChanged>('DELETE', `${on.messages}${first.id}/`)
  assert.deepEqual(
    removed.body.threads?.map((row) => [row.message_count, row.last_seq, row.version]),
    [[1, 2, removed.body.room.version]],
  )
  const second = await cast.roomOwner.ask<RowsChanged>('DELETE', `${on.messages}${answer.id}/`)
  assert.deepEqual(
    [removed, second].map(({ body }) => body.threads?.[0]?.last_message_id),
    [answer.id, null],
  )
  await cast.member.ask('DELETE', `${on.messages}${on.root.id}/`)
  assert.equal((await answerIn(on, cast.roomOwner, 'three')).seq, 3)
})

test('a thread hangs from a message of its own room, and of no other', async () => {
  const on = await stage()
  const other = await stage('private')
  const answer = await answerIn(on, cast.member, 'one')
  const line = (await cast.member.get<HistoryPage>(`${on.messages}?limit=50`)).results.find(
    ({ kind }) => kind === 'system',
  )
  const roots = [other.root.id, answer.id, 999_999, ...(line ? [line.id] : [])]
  for (const thread_id of roots) {
    const refused = await cast.member.ask('POST', on.messages, { content: 'hello', thread_id })
    assert.deepEqual([refused.status, Object.keys((refused.body as { fields: object }).fields)], [400, ['thread_id']])
    await cast.member.ask('PATCH', `/api/rooms/${on.roomId}/threads/${thread_id}/own/`, {}).then(({ status }) => {
      assert.equal(status, 404)
    })
  }
  const gone = await stage()
  await cast.member.ask('DELETE', `${gone.messages}${gone.root.id}/`)
  await answerIn(gone, cast.roomOwner, 'too late', randomUUID(), 400)
})

test('to outsiders and to who has left there is no thread', async () => {
  const on = await stage()
  await answerIn(on, cast.member, 'among us')
  for (const person of [cast.outsider, cast.leaver, cast.owner]) {
    await answerIn(on, person, 'me too', randomUUID(), 404)
    const missing = await person.ask('PATCH', '/api/rooms/999999/threads/1/own/', { read_seq: 1 })
    const foreign = await person.ask('PATCH', on.own, { read_seq: 1 })
    assert.deepEqual([foreign.status, foreign.text], [404, missing.text])
    await person.get(`${on.messages}?thread=${on.root.id}`, 404)
    await person.get(`/api/rooms/${on.roomId}/changes/?since=0&thread=${on.root.id}`, 404)
    assert.deepEqual((await person.get<FollowedThreads>('/api/threads/')).threads, [])
  }
})

test('who is brought into very many threads follows the last of them, and keeps place for what is theirs', async () => {
  const victim = await server.member('victim')
  const on = await stage()
  await victim.join(on.roomId)
  const { maxRows } = ownKinds.thread
  const { db } = server.services
  const value = JSON.stringify({ room_id: on.roomId, is_following: true, read_seq: 0 })
  await sql`
    insert into own_rows (user_id, kind, key, value, own_version)
    select ${victim.id}, 'thread', (1000000 + n)::text, ${value}::jsonb, n from generate_series(1, ${maxRows}) n`.execute(
    db,
  )
  await sql`update users set version = ${maxRows} where id = ${victim.id}`.execute(db)
  const hears = await server.listen(victim)
  await answerIn(on, victim, 'and another')
  await hears.until((events) => events.some(({ type }) => type === 'own_changed'))
  const told = hears.events.flatMap((event) => (event.type === 'own_changed' ? (event.body.rows ?? []) : []))
  assert.deepEqual(
    told.map((row) => [row.key, row.value === null]),
    [
      [String(on.root.id), false],
      ['1000001', true],
    ],
  )
  const { own } = await sync(victim)
  assert.equal(own.rows.length, maxRows)
  assert.ok(!own.rows.some(({ key }) => key === '1000001'))
  const draft = { value: { content: 'mine', updated_at: '2026-11-22T09:00:00.000000Z' } }
  await victim.put(`/api/own/draft/${on.roomId}/`, draft)
})
