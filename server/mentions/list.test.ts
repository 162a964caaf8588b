import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import type { MentionsPage } from '@grandchat/contracts/mentions/list'
import type { MessageAdded } from '@grandchat/contracts/messages/schema'
import { type Cast, gatherCast, letIn, openRoom } from '../testing/cast.ts'
import type { Person } from '../testing/person.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

let server: TestServer
let cast: Cast
before(async () => {
  server = await startTestServer()
  cast = await gatherCast(server)
})
after(() => server.stop())

const messages = (roomId: number) => `/api/rooms/${roomId}/messages/`
const list = (person: Person, query = '') => person.get<MentionsPage>(`/api/mentions/${query}`)
/** What the list has of one room: the tests share the people. */
const textsIn = async (person: Person, roomId: number) =>
  (await list(person, '?limit=50')).results.filter(({ room_id }) => room_id === roomId).map(({ content }) => content)
const mentionOf = async (person: Person, roomId: number) =>
  (await list(person)).results.find(({ room_id }) => room_id === roomId)

test('members find what mentions them or all of their room, the newest first, and nobody what they said themselves', async () => {
  const { member, roomOwner, outsider, leaver } = cast
  const room = await openRoom(server, cast, 'private')
  const first = await roomOwner.send(room.id, 'one for @mia, @bob and @leo')
  await roomOwner.send(room.id, 'for nobody, `@mia`')
  await roomOwner.send(room.id, '@all and @mia')
  await member.send(room.id, '@all: mine')
  assert.deepEqual(await textsIn(member, room.id), ['@all and @mia', 'one for @mia, @bob and @leo'])
  assert.deepEqual(await textsIn(roomOwner, room.id), ['@all: mine'])
  for (const person of [outsider, leaver]) assert.deepEqual(await textsIn(person, room.id), [])
  const shown = (await list(member)).results.find(({ id }) => id === first.id)
  const { room: _, ...row } = first
  assert.deepEqual(shown, row)
})

test('threads are listed beside rooms', async () => {
  const { member, roomOwner } = cast
  const room = await openRoom(server, cast, 'public')
  const root = await roomOwner.send(room.id, 'root')
  const body = { content: 'what does @mia say?', thread_id: root.id }
  const answer = await roomOwner.post<MessageAdded>(messages(room.id), body, 201)
  const shown = await mentionOf(member, room.id)
  assert.deepEqual([shown?.id, shown?.thread_id, shown?.seq], [answer.id, root.id, 1])
})

test('an edit decides anew, and what was deleted is gone', async () => {
  const { member, roomOwner } = cast
  const room = await openRoom(server, cast, 'public')
  const said = await roomOwner.send(room.id, 'hello')
  const edit = (content: string) => roomOwner.patch(`${messages(room.id)}${said.id}/`, { content })
  assert.deepEqual(await textsIn(member, room.id), [])
  await edit('hello @mia')
  assert.deepEqual(await textsIn(member, room.id), ['hello @mia'])
  await edit('hello')
  assert.deepEqual(await textsIn(member, room.id), [])
  await edit('hello @all')
  assert.deepEqual(await textsIn(member, room.id), ['hello @all'])
  await roomOwner.remove(`${messages(room.id)}${said.id}/`)
  assert.deepEqual(await textsIn(member, room.id), [])
})

test('who left a room, or was put out, finds nothing of it until they are back', async () => {
  const { leaver, roomOwner } = cast
  const [left, closed] = [await openRoom(server, cast, 'public'), await openRoom(server, cast, 'private')]
  for (const { id } of [left, closed]) {
    await letIn(server, id, leaver)
    await roomOwner.send(id, '@leo')
    assert.deepEqual(await textsIn(leaver, id), ['@leo'])
  }
  await leaver.post(`/api/rooms/${left.id}/leave/`)
  await roomOwner.remove(`/api/rooms/${closed.id}/members/${leaver.id}/`)
  for (const { id } of [left, closed]) assert.deepEqual(await textsIn(leaver, id), [])
  await leaver.join(left.id)
  assert.deepEqual(await textsIn(leaver, left.id), ['@leo'])
})

test('pages follow each other without a gap or a repeat, over rooms and over both kinds of mentions', async () => {
  const reader = await server.member('page-reader')
  const rooms = [await openRoom(server, cast, 'public'), await openRoom(server, cast, 'public')]
  for (const { id } of rooms) await letIn(server, id, reader)
  const said: number[] = []
  for (let n = 0; n < 9; n++) {
    const content = ['@page-reader', '@all', '@all and @page-reader'][n % 3]!
    said.unshift((await cast.roomOwner.send(rooms[n % 2]!.id, content)).id)
  }
  const read: number[] = []
  for (let page = await list(reader, '?limit=4'); ; page = await list(reader, `?limit=4&before=${read.at(-1)}`)) {
    read.push(...page.results.map(({ id }) => id))
    assert.equal(page.more, read.length < said.length)
    if (!page.more) break
  }
  assert.deepEqual(read, said)
  assert.deepEqual(await list(reader, `?before=${said.at(-1)}`), { results: [], more: false })
})

test('a query that is none is refused', async () => {
  for (const query of [
    '?limit=0',
    '?limit=51',
    '?limit=x',
    '?before=0',
    '?before=-1',
    '?before=99999999999999999999',
  ]) {
    await cast.member.get(`/api/mentions/${query}`, 400)
  }
})

type Plan = { 'Shared Hit Blocks': number; 'Shared Read Blocks': number }

/** Pages of the database that a page of the list looks at. */
async function pagesRead(reader: Person): Promise<number> {
  const { rows } = await sql<{ 'QUERY PLAN': [{ Plan: Plan }] }>`explain (analyze, buffers, format json)
    select * from messages_mentioning(${reader.id}, ${Number.MAX_SAFE_INTEGER}, 31)`.execute(server.services.db)
  const { Plan } = rows[0]!['QUERY PLAN'][0]
  return Plan['Shared Hit Blocks'] + Plan['Shared Read Blocks']
}

test('a list costs as much as its page, however many messages mention its reader, others and all', async () => {
  const { db } = server.services
  const reader = await server.member('plan-reader')
  const [room, left] = [await openRoom(server, cast, 'public'), await openRoom(server, cast, 'public')]
  for (const { id } of [room, left]) await letIn(server, id, reader)
  await reader.post(`/api/rooms/${left.id}/leave/`)
  await sql`alter table mentions disable trigger all`.execute(db)
  await sql`insert into mentions (message_id, room_id, thread_id, seq, user_id, author_id)
      select 1000000 + n, case n % 4 when 0 then ${room.id} when 1 then ${left.id} else 1000000 + n % 50 end, 0, n,
        case n % 3 when 0 then null when 1 then ${reader.id} else 1000000 + n % 500 end, ${cast.roomOwner.id}
      from generate_series(1, 100000) n`.execute(db)
  await sql`analyze mentions`.execute(db)
  await pagesRead(reader)
  const pages = await pagesRead(reader)
  // Each row of either kind may lie in another page, beside the ways down the indexes; all are more than a thousand.
  assert.ok(pages > 0 && pages < 150, `${pages} pages`)
})
