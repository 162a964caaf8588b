import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Message } from '@grandchat/contracts/messages/schema'
import type { DiscoveredRoom, OwnRoom } from '@grandchat/contracts/rooms/schema'
import type { Page } from '../http/paging.ts'
import type { Person } from '../testing/person.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

let server: TestServer
let ann: Person
let bob: Person

before(async () => {
  server = await startTestServer()
  ann = await server.member('ann')
  bob = await server.member('bob')
})
after(() => server.stop())

test('the maker of a room is its owner and first member, and it starts at version 1 with user_joined', async () => {
  const hears = await server.listen(ann)
  const room = await ann.createRoom('  New   room ')
  assert.equal(room.name, 'New room')
  assert.deepEqual([room.version, room.member_count, room.role, room.last_message], [1, 1, 'owner', null])
  await hears.until(() => hears.inRoom(room.id).length > 0)
  assert.deepEqual(
    hears.events.map(({ type }) => type),
    ['own_changed', 'user_joined'],
  )
  assert.equal(hears.inRoom(room.id)[0]!.body.room.version, 1)
})

test('rooms are listed newest activity first', async () => {
  const cat = await server.member('cat')
  const [one, two, three] = [await cat.createRoom('1'), await cat.createRoom('2'), await cat.createRoom('3')]
  await cat.send(one.id, 'up')
  const { results, count } = await cat.get<Page<OwnRoom>>('/api/rooms/')
  assert.equal(count, 3)
  assert.deepEqual(
    results.map(({ id }) => id),
    [one.id, three.id, two.id],
  )
})

test('lists page by hundreds with absolute links, with and without a trailing slash', async () => {
  const dan = await server.member('dan')
  for (let i = 0; i < 101; i++) await dan.createRoom(`Room ${i}`)
  const first = await dan.get<Page<OwnRoom>>('/api/rooms')
  assert.deepEqual([first.count, first.results.length, first.previous], [101, 100, null])
  assert.equal(first.next, `${server.url}/api/rooms?page=2`)
  const second = await dan.get<Page<OwnRoom>>(first.next.slice(server.url.length))
  assert.deepEqual([second.results.length, second.next], [1, null])
  await dan.get('/api/rooms/?page=3', 404)
  await dan.get('/api/rooms/?page=0', 400)
})

test('a room can be had by its members alone', async () => {
  const room = await ann.createRoom('Ours')
  assert.equal((await ann.get<OwnRoom>(`/api/rooms/${room.id}/`)).name, 'Ours')
  const refused = await bob.ask('GET', `/api/rooms/${room.id}/`)
  assert.deepEqual(refused.body, (await bob.ask('GET', '/api/rooms/999999/')).body)
})

test('rooms are found by any part of their name, whatever its case, and by their own signs', async () => {
  await ann.createRoom('100% Cotton_wool')
  for (const q of ['cotton', 'COTTON', '100%', '_wool', '%']) {
    const { results } = await bob.get<Page<DiscoveredRoom>>(`/api/search/?q=${encodeURIComponent(q)}`)
    const found = results.find(({ name }) => name === '100% Cotton_wool')
    assert.equal(found?.is_member, false, q)
  }
  assert.deepEqual((await bob.get<Page<DiscoveredRoom>>('/api/search/?q=no_such')).results, [])
})

test('history pages by message id without losing or repeating any', async () => {
  const room = await ann.createRoom('History')
  for (let i = 1; i <= 25; i++) await ann.send(room.id, `m${i}`)
  const path = `/api/rooms/${room.id}/messages/`
  type Run = { results: Message[]; version: number; more: boolean }
  let run = await ann.get<Run>(`${path}?limit=10`)
  assert.equal(run.version, 26)
  const seen = [...run.results]
  while (run.more) {
    run = await ann.get<Run>(`${path}?limit=10&before=${seen.at(-1)!.id}`)
    seen.push(...run.results)
  }
  assert.deepEqual(
    seen.map(({ content }) => content),
    [...Array.from({ length: 25 }, (_, i) => `m${25 - i}`), 'created the room'],
  )
  const newer = await ann.get<Run>(`${path}?limit=3&after=${seen.at(-2)!.id}`)
  assert.deepEqual(
    newer.results.map(({ content }) => content),
    ['m4', 'm3', 'm2'],
  )
  const seedPage = await ann.get<Page<Message>>(path)
  assert.equal(seedPage.count, 26)
  assert.deepEqual(seedPage.results[0]!.room, { id: room.id, version: 26, bumped_at: seen[0]!.created_at })
})
