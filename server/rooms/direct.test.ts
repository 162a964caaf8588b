import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Member } from '@grandchat/contracts/memberships/schema'
import type { OwnRoom } from '@grandchat/contracts/rooms/schema'
import type { Page } from '../http/paging.ts'
import type { Person } from '../testing/person.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

let server: TestServer
let ann: Person
let bob: Person
let cat: Person
before(async () => {
  server = await startTestServer()
  ann = await server.member('ann')
  bob = await server.member('bob')
  cat = await server.member('cat')
})
after(() => server.stop())

const open = (person: Person, ...others: Person[]) =>
  person.ask<OwnRoom>('POST', '/api/direct/', { user_ids: others.map(({ id }) => id) })
const users = (...people: Person[]) =>
  people.map(({ id, username }) => ({ id, username, display_name: null, avatar: null }))

test('a direct room is made once, whoever of its people asks and in whatever order they are named', async () => {
  const made = await open(ann, cat, bob)
  assert.equal(made.status, 201)
  const { kind, name, version, member_count, role, direct_users } = made.body
  assert.deepEqual([kind, name, version, member_count, role], ['direct', '', 1, 3, 'member'])
  assert.deepEqual(direct_users, users(ann, bob, cat))
  for (const [person, ...others] of [
    [ann, bob, cat],
    [bob, cat, ann, bob],
    [cat, cat, bob, ann],
  ] as [Person, ...Person[]][]) {
    const again = await open(person, ...others)
    assert.deepEqual([again.status, again.body], [200, made.body])
  }
  const pair = await open(ann, bob)
  assert.equal(pair.status, 201, 'of other people there is another')
  assert.notEqual(pair.body.id, made.body.id)
  const alone = await open(ann, ann)
  assert.deepEqual([alone.status, alone.body.direct_users], [201, users(ann)])
})

test('everybody in it hears of a new one in one event, after their own row', async () => {
  const [dan, eve] = [await server.member('dan'), await server.member('eve')]
  const heard = [await server.listen(dan), await server.listen(eve)]
  const { body: room } = await open(dan, eve)
  for (const hears of heard) {
    await hears.until(() => hears.inRoom(room.id).length > 0)
    const [own, joined] = hears.events
    assert.equal(own!.type, 'own_changed')
    assert.ok(joined?.type === 'user_joined')
    assert.deepEqual(joined.body.room.direct_users, users(dan, eve))
    assert.deepEqual(
      joined.body.members.map((row) => [row.user.username, row.role, row.version]),
      [
        ['dan', 'member', 1],
        ['eve', 'member', 1],
      ],
    )
  }
  const message = await dan.send(room.id, 'hello Eve')
  assert.deepEqual(message.room.direct_users, users(dan, eve))
  assert.equal((await eve.get<OwnRoom>(`/api/rooms/${room.id}/`)).last_seq, 1)
  const { results } = await eve.get<Page<Member>>(`/api/rooms/${room.id}/members/`)
  assert.equal(results.length, 2)
})

test('two hundred who ask at once, from both sides, get one room', async () => {
  const [fay, gil] = [await server.member('fay'), await server.member('gil')]
  const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => (i % 2 ? open(fay, gil) : open(gil, fay))))
  assert.deepEqual(
    answers.filter(({ status }) => status >= 500),
    [],
  )
  assert.equal(answers.filter(({ status }) => status === 201).length, 1)
  assert.equal(new Set(answers.map(({ body }) => body.id)).size, 1)
  const { count } = await fay.get<Page<OwnRoom>>('/api/rooms/')
  assert.equal(count, 1)
})

test('nobody else sees it, finds it or comes in', async () => {
  const { body: room } = await open(ann, bob)
  for (const [method, path] of [
    ['GET', `/api/rooms/${room.id}/`],
    ['GET', `/api/rooms/${room.id}/messages/`],
    ['POST', `/api/rooms/${room.id}/join/`],
    ['POST', `/api/rooms/${room.id}/leave/`],
  ] as const) {
    const refused = await cat.ask(method, path, method === 'POST' ? {} : undefined)
    const missing = await cat.ask(method, path.replace(String(room.id), '999999'), method === 'POST' ? {} : undefined)
    assert.deepEqual([refused.status, refused.text], [404, missing.text], path)
  }
  const { results } = await ann.get<Page<{ id: number }>>('/api/search/')
  assert.ok(!results.some(({ id }) => id === room.id))
})

test('its people cannot leave it, and of people who do not exist there is none', async () => {
  const { body: room } = await open(ann, bob)
  const refused = await ann.ask<{ code: string }>('POST', `/api/rooms/${room.id}/leave/`, {})
  assert.deepEqual([refused.status, refused.body.code], [403, 'permission_denied'])
  assert.equal((await ann.get<OwnRoom>(`/api/rooms/${room.id}/`)).version, 1)
  await ann.post('/api/direct/', { user_ids: [999_999] }, 404)
  await ann.post('/api/direct/', { user_ids: [] }, 400)
  await ann.post('/api/direct/', { user_ids: [1, 2, 3, 4, 5, 6, 7, 8, 9] }, 400)
})

test('nobody begins a room with who cannot come in any more; one that there is stays to be read', async () => {
  const gone = await server.member('gone')
  const { body: room } = await open(ann, gone)
  const { db } = server.services
  await db.updateTable('users').set({ disabled_at: '2026-11-22T09:00:00Z' }).where('id', '=', gone.id).execute()
  assert.equal((await open(bob, gone)).status, 404)
  assert.deepEqual((await open(ann, gone)).body.id, room.id)
  assert.equal(
    (await bob.ask('PUT', `/api/rooms/${(await bob.createRoom('b')).id}/members/${gone.id}/`, {})).status,
    404,
  )
})

test('a direct room has no doors by which somebody could be let in or made more', async () => {
  const { body: room } = await open(ann, bob)
  const path = `/api/rooms/${room.id}`
  for (const [method, url, body] of [
    ['PUT', `${path}/members/${cat.id}/`, {}],
    ['PATCH', `${path}/members/${ann.id}/`, { role: 'owner' }],
    ['DELETE', `${path}/members/${bob.id}/`, undefined],
    ['PATCH', `${path}/`, { name: 'ours' }],
    ['POST', `${path}/archive/`, {}],
  ] as const) {
    assert.equal((await ann.ask(method, url, body)).status, 403, `${method} ${url}`)
  }
  assert.equal((await ann.get<OwnRoom>(`${path}/`)).version, room.version)
})
