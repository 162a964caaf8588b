import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Member, Membership } from '@grandchat/contracts/memberships/schema'
import type { HistoryPage } from '@grandchat/contracts/messages/schema'
import type { OwnRoom } from '@grandchat/contracts/rooms/schema'
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

const members = async (person: Person, roomId: number) =>
  (await person.get<{ results: Member[] }>(`/api/rooms/${roomId}/members/`)).results.map(
    ({ user, role }) => `${user.username} ${role}`,
  )

test('joining counts, bumps the version once and tells everyone, the new member included', async () => {
  const room = await ann.createRoom('Joining')
  const [annHears, bobHears] = [await server.listen(ann), await server.listen(bob)]
  const membership = await bob.post<Membership>(`/api/rooms/${room.id}/join/`)
  assert.equal(membership.room.version, 2)
  assert.equal(membership.room.member_count, 2)
  assert.deepEqual(membership.user, { id: bob.id, username: 'bob', display_name: null, avatar: null })
  for (const hears of [annHears, bobHears]) {
    await hears.until(() => hears.inRoom(room.id).length > 0)
    assert.deepEqual(hears.inRoom(room.id), [{ type: 'user_joined', body: membership }])
  }
  assert.deepEqual(await members(ann, room.id), ['ann owner', 'bob member'])
})

test('coming and going are lines of the timeline, in the version that they tell of, which nobody has to read', async () => {
  const room = await ann.createRoom('Lines')
  const said = await ann.send(room.id, 'before')
  const joined = await bob.post<Membership>(`/api/rooms/${room.id}/join/`)
  const left = await bob.post<Membership>(`/api/rooms/${room.id}/leave/`)
  for (const [{ message, room: after }, type] of [
    [joined, 'joined'],
    [left, 'left'],
  ] as const) {
    assert.deepEqual([message!.kind, message!.seq, message!.user.id, message!.content], ['system', null, bob.id, type])
    assert.deepEqual([message!.system, message!.version], [{ type }, after.version])
    assert.deepEqual([after.last_seq, after.bumped_at], [1, said.created_at])
    assert.deepEqual(after.last_message, said.room.last_message)
  }
  const { results } = await ann.get<HistoryPage>(`/api/rooms/${room.id}/messages/?limit=9`)
  assert.deepEqual(
    results.map(({ system, content, version }) => [system?.type ?? content, version]),
    [
      ['left', 4],
      ['joined', 3],
      ['before', 2],
      ['created', 1],
    ],
  )
  assert.equal((await ann.get<OwnRoom>(`/api/rooms/${room.id}/`)).read_seq, 1)
})

test('who joined is told their own row first', async () => {
  const room = await ann.createRoom('Own row')
  const hears = await server.listen(bob)
  await bob.join(room.id)
  await hears.until((events) => events.length === 2)
  const [own, joined] = hears.events
  assert.equal(joined!.type, 'user_joined')
  assert.ok(own?.type === 'own_changed')
  const [row] = own.body.memberships
  assert.deepEqual([row!.room_id, row!.role, row!.left_at], [room.id, 'member', null])
})

test('joining twice is 409 and bumps nothing', async () => {
  const room = await ann.createRoom('Twice')
  await bob.join(room.id)
  await bob.post(`/api/rooms/${room.id}/join/`, {}, 409)
  assert.equal((await bob.get<{ version: number }>(`/api/rooms/${room.id}/`)).version, 2)
})

test('a hundred parallel joins of one person make one membership', async () => {
  const room = await ann.createRoom('Parallel joins')
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => bob.ask('POST', `/api/rooms/${room.id}/join/`, {})),
  )
  assert.equal(answers.filter(({ status }) => status === 200).length, 1)
  // On a slow machine some may have waited too long for their turn.
  assert.equal(answers.filter(({ status }) => status === 409 || status === 503).length, 99)
  const { version, member_count } = await bob.get<{ version: number; member_count: number }>(`/api/rooms/${room.id}/`)
  assert.deepEqual([version, member_count], [2, 2])
})

test('leaving ends membership, tells the leaver too, and leaving again is 404', async () => {
  const room = await ann.createRoom('Leaving')
  await bob.join(room.id)
  const hears = await server.listen(bob)
  const left = await bob.post<Membership>(`/api/rooms/${room.id}/leave/`)
  assert.equal(left.room.member_count, 1)
  await hears.until(() => hears.inRoom(room.id).length > 0)
  assert.deepEqual(hears.inRoom(room.id), [{ type: 'user_left', body: left }])
  await bob.post(`/api/rooms/${room.id}/leave/`, {}, 404)
  await bob.get(`/api/rooms/${room.id}/messages/`, 404)
  await ann.send(room.id, 'not for bob')
  await bob.send((await bob.createRoom('Elsewhere')).id, 'a later event')
  await hears.until((events) => events.some((event) => event.type === 'message_added'))
  assert.equal(hears.inRoom(room.id).length, 1, 'nothing of the room arrives after leaving')
})

test('a last owner who leaves passes the role to the longest-standing member in the same change', async () => {
  const room = await ann.createRoom('Heirs')
  await bob.join(room.id)
  await cat.join(room.id)
  const hears = await server.listen(bob)
  const left = await ann.post<Membership>(`/api/rooms/${room.id}/leave/`)
  assert.equal(left.room.version, 4)
  assert.deepEqual(
    left.members.map(({ user, role, left_at }) => `${user.username} ${role} ${left_at === null}`).toSorted(),
    ['ann owner false', 'bob owner true'],
  )
  await hears.until((events) => events.some((event) => event.type === 'own_changed'))
  const own = hears.events.find((event) => event.type === 'own_changed')
  assert.equal(own!.body.memberships[0]!.role, 'owner')
  assert.deepEqual(await members(bob, room.id), ['bob owner', 'cat member'])
})

test('who comes back to an empty room owns it and finds its history', async () => {
  const room = await ann.createRoom('Empty')
  await ann.send(room.id, 'remember this')
  await ann.post(`/api/rooms/${room.id}/leave/`)
  await bob.join(room.id)
  assert.deepEqual(await members(bob, room.id), ['bob owner'])
  const { results } = await bob.get<{ results: { content: string }[] }>(`/api/rooms/${room.id}/messages/`)
  assert.deepEqual(
    results.map(({ content }) => content),
    ['joined', 'left', 'remember this', 'created the room'],
  )
  assert.equal(
    (await bob.get<{ read_seq: number }>(`/api/rooms/${room.id}/`)).read_seq,
    1,
    'old messages are not unread',
  )
})

test('a private room is not there for outsiders: not to join, to leave, to see, to find', async () => {
  const room = await ann.createRoom('Secret plans', 'private')
  await bob.post(`/api/rooms/${room.id}/join/`, {}, 404)
  await bob.post(`/api/rooms/${room.id}/leave/`, {}, 404)
  await bob.get(`/api/rooms/${room.id}/members/`, 404)
  const { results } = await bob.get<{ results: unknown[] }>('/api/search/?q=secret')
  assert.deepEqual(results, [])
  const own = await ann.get<{ results: { is_member: boolean }[] }>('/api/search/?q=secret')
  assert.equal(own.results[0]!.is_member, true)
})

test('while many join, leave and send at once, every version has one event and they arrive in order', async () => {
  const room = await ann.createRoom('Busy')
  const hears = await server.listen(ann)
  const people = [bob, cat]
  const work = people.map(async (person) => {
    for (let i = 0; i < 15; i++) {
      await person.join(room.id)
      await Promise.all([person.send(room.id, `a${i}`), person.send(room.id, `b${i}`), ann.send(room.id, `c${i}`)])
      await person.post(`/api/rooms/${room.id}/leave/`)
    }
  })
  await Promise.all(work)
  const { version } = await ann.get<{ version: number }>(`/api/rooms/${room.id}/`)
  assert.equal(version, 1 + 2 * 15 * 5)
  await hears.until(() => hears.inRoom(room.id).at(-1)?.body.room.version === version)
  assert.deepEqual(
    hears.inRoom(room.id).map((event) => event.body.room.version),
    Array.from({ length: version - 1 }, (_, i) => i + 2),
  )
})

test('members are found by a part of their names, whatever its case, and letters that mean something to SQL mean nothing', async () => {
  const owner = await server.owner()
  const room = await owner.createRoom('Found by name')
  const people = await Promise.all(['per_cent', 'percent', 'Zoë-Marie'].map((name) => server.member(name)))
  for (const person of people) await person.join(room.id)
  const found = async (q: string) => {
    const answer = await owner.get<{ count: number; results: Member[] }>(
      `/api/rooms/${room.id}/members/?q=${encodeURIComponent(q)}`,
    )
    assert.equal(answer.count, answer.results.length)
    return answer.results.map(({ user }) => user.username)
  }
  assert.deepEqual(new Set(await found('PERC')), new Set(['percent']))
  assert.deepEqual(await found('per_'), ['per_cent'])
  assert.deepEqual(await found('zoë'), ['Zoë-Marie'])
  assert.deepEqual(await found('%'), [])
  assert.equal((await found(' ')).length, 4)
  const stranger = await server.member('stranger')
  await stranger.get(`/api/rooms/${room.id}/members/?q=p`, 404)
})
