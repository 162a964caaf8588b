import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Membership } from '@grandchat/contracts/memberships/schema'
import type { RowsChanged } from '@grandchat/contracts/realtime/rows-changed'
import type { OwnRoom } from '@grandchat/contracts/rooms/schema'
import type { Person } from '../testing/person.ts'
import { askEach, gatherRoomCast, openRoomOf, type RoomCast } from '../testing/room-roles.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { Socket, subscribe, subscriptionToken, tokensOf } from '../testing/socket.ts'

let server: TestServer
let cast: RoomCast
let guest: Person
before(async () => {
  server = await startTestServer()
  cast = await gatherRoomCast(server)
  guest = await server.member('guest')
})
after(() => server.stop())

const pathOf = (room: OwnRoom, person: Person) => `/api/rooms/${room.id}/members/${person.id}/`
const versionOf = async (room: OwnRoom) => (await cast.owner.get<OwnRoom>(`/api/rooms/${room.id}/`)).version

test('who may add somebody, in the order owner, admin, member, leaver, outsider', async () => {
  const add = (person: Person, room: OwnRoom) => person.ask('PUT', pathOf(room, guest), {})
  assert.deepEqual(await askEach(cast, 'public', add), [200, 200, 200, 404, 404])
  assert.deepEqual(await askEach(cast, 'private', add), [200, 200, 403, 404, 404])
})

test('who may remove a member, an admin and an owner, in the order owner, admin, member, leaver, outsider', async () => {
  const { owner } = cast
  for (const kind of ['public', 'private'] as const) {
    const remove = (role: 'member' | 'admin' | 'owner') => async (person: Person, room: OwnRoom) => {
      await owner.put(pathOf(room, guest), {})
      await owner.patch(pathOf(room, guest), { role })
      return person.ask('DELETE', pathOf(room, guest), {})
    }
    assert.deepEqual(await askEach(cast, kind, remove('member')), [200, 200, 403, 404, 404], kind)
    assert.deepEqual(await askEach(cast, kind, remove('admin')), [200, 200, 403, 404, 404], kind)
    assert.deepEqual(await askEach(cast, kind, remove('owner')), [200, 403, 403, 404, 404], kind)
  }
})

test('who may give roles, in the order owner, admin, member, leaver, outsider', async () => {
  const promote = (person: Person, room: OwnRoom) => person.ask('PATCH', pathOf(room, cast.member), { role: 'admin' })
  assert.deepEqual(await askEach(cast, 'public', promote), [200, 403, 403, 404, 404])
  assert.deepEqual(await askEach(cast, 'private', promote), [200, 403, 403, 404, 404])
})

test('who is added is told their own row first, and everyone hears who added whom', async () => {
  const { admin, member } = cast
  const room = await openRoomOf(cast, 'private')
  const [toGuest, toMember] = [await server.listen(guest), await server.listen(member)]
  const added = await admin.put<Membership>(pathOf(room, guest), {})
  assert.deepEqual([added.room.version, added.room.member_count], [room.version + 1, 4])
  assert.deepEqual(
    [added.user.id, added.message?.user.id, added.message?.system, added.message?.seq],
    [guest.id, admin.id, { type: 'added', user: added.user }, null],
  )
  await toGuest.until((events) => events.length >= 2)
  assert.deepEqual(
    toGuest.events.map(({ type }) => type),
    ['own_changed', 'user_joined'],
  )
  await toMember.until((events) => events.length > 0)
  assert.deepEqual(toMember.events, [{ type: 'user_joined', body: added }])
  const again = await admin.put<Membership>(pathOf(room, guest), {})
  assert.deepEqual([again.room.version, again.message], [added.room.version, null], 'adding twice changes nothing')
  await guest.send(room.id, 'thank you')
})

test('nobody who does not exist can be added, given a role or removed', async () => {
  const { owner, outsider } = cast
  const room = await openRoomOf(cast)
  await owner.put(`/api/rooms/${room.id}/members/999999/`, {}, 404)
  await owner.patch(pathOf(room, outsider), { role: 'admin' }, 404)
  assert.equal((await owner.ask('DELETE', pathOf(room, outsider))).status, 404)
  assert.equal(await versionOf(room), room.version)
})

test('who is removed loses the room at once: its socket, its tokens and all of its doors', async () => {
  const { admin, member, owner } = cast
  const room = await openRoomOf(cast, 'private')
  const channel = `here:${room.id}`
  const token = await subscriptionToken(member, channel)
  const socket = await Socket.of(member)
  assert.equal(await subscribe(socket, channel, token), 'ok')
  const hears = await server.listen(member)
  const answer = await admin.ask<Membership>('DELETE', pathOf(room, member))
  assert.equal(answer.status, 200)
  const removed = answer.body
  assert.deepEqual(
    [removed.message?.user.id, removed.message?.system],
    [admin.id, { type: 'removed', user: removed.user }],
  )
  const { unsubscribe } = await socket.push((push) => push.channel === channel && push.unsubscribe !== undefined)
  assert.equal(unsubscribe?.code, 2000)
  assert.equal(await subscribe(socket, channel, token), 109)
  assert.deepEqual((await tokensOf(member, channel)).denied, [channel])
  await hears.until(() => hears.inRoom(room.id).length > 0)
  assert.deepEqual(hears.inRoom(room.id), [{ type: 'user_left', body: removed }])
  for (const [method, path, body] of [
    ['GET', '', undefined],
    ['GET', 'messages/', undefined],
    ['GET', 'changes/?since=0', undefined],
    ['POST', 'messages/', { content: 'still here' }],
    ['POST', 'join/', {}],
  ] as const)
    assert.equal((await member.ask(method, `/api/rooms/${room.id}/${path}`, body)).status, 404, path)
  await owner.send(room.id, 'without you')
  await member.createRoom('Elsewhere')
  await hears.until((events) => events.some((event) => event.type === 'user_joined'))
  assert.equal(hears.inRoom(room.id).length, 1, 'nothing arrives after it')
  socket.close()
})

test('who is removed does nothing any more with what they said: not read, change, delete, pin, answer or react', async () => {
  const { admin, member } = cast
  const room = await openRoomOf(cast, 'private')
  const { id } = await member.send(room.id, 'mine')
  await admin.remove(pathOf(room, member))
  const message = `messages/${id}/`
  const reaction = `${message}reactions/${encodeURIComponent('👍')}/`
  for (const [method, path, body] of [
    ['PATCH', message, { content: 'changed' }],
    ['DELETE', message, undefined],
    ['GET', `${message}edits/`, undefined],
    ['GET', `${message}reactions/`, undefined],
    ['PUT', reaction, undefined],
    ['DELETE', reaction, undefined],
    ['PUT', `pins/${id}/`, undefined],
    ['DELETE', `pins/${id}/`, undefined],
    ['GET', 'pins/', undefined],
    ['GET', `messages/?thread=${id}`, undefined],
    ['GET', `messages/?around=${id}`, undefined],
    ['GET', `messages/?ids=${id}`, undefined],
    ['POST', 'messages/', { content: 'answered', thread_id: id }],
    ['PATCH', `threads/${id}/own/`, { is_following: true }],
    ['PUT', 'read-marker/', { seq: 1 }],
    ['PATCH', 'own/', { muted: true }],
    ['GET', 'members/', undefined],
    ['PUT', `members/${member.id}/`, { role: 'owner' }],
  ] as const) {
    const asks = (roomId: number) => member.ask(method, `/api/rooms/${roomId}/${path}`, body)
    const [refused, missing] = [await asks(room.id), await asks(999_999)]
    assert.deepEqual([refused.status, refused.text], [404, missing.text], `${method} ${path}`)
  }
  const forward = { forward: { room_id: room.id, message_id: id } }
  const elsewhere = await member.createRoom('Elsewhere')
  assert.equal((await member.ask('POST', `/api/rooms/${elsewhere.id}/messages/`, forward)).status, 400)
  const saved = { value: { room_id: room.id, message_id: id, saved_at: '2026-11-22T09:00:00.000000Z' } }
  assert.equal((await member.ask('PUT', `/api/own/saved/${id}/`, saved)).status, 404)
})

test('who is brought in is a member, whatever the request says', async () => {
  const { owner } = cast
  const room = await openRoomOf(cast)
  const { members } = await owner.put<Membership>(pathOf(room, guest), { role: 'owner', user_id: owner.id })
  assert.deepEqual(
    members.map(({ user, role }) => [user.id, role]),
    [[guest.id, 'member']],
  )
})

test('of two owners who remove each other at once one stays, and owns the room', async () => {
  const { owner, admin } = cast
  for (let round = 0; round < 10; round++) {
    const room = await openRoomOf(cast)
    await owner.patch(pathOf(room, admin), { role: 'owner' })
    const removals = [() => owner.ask('DELETE', pathOf(room, admin)), () => admin.ask('DELETE', pathOf(room, owner))]
    const answers = await Promise.all((round % 2 ? removals.toReversed() : removals).map((remove) => remove()))
    assert.deepEqual(
      answers.map(({ status }) => status).toSorted((a, b) => a - b),
      [200, 404],
    )
    const [stayed] = (
      await Promise.all([owner, admin].map((person) => person.ask<OwnRoom>('GET', `/api/rooms/${room.id}/`)))
    ).filter(({ status }) => status === 200)
    assert.equal(stayed?.body.role, 'owner')
  }
})

test('removing oneself is leaving', async () => {
  const { member } = cast
  const room = await openRoomOf(cast)
  const { status, body } = await member.ask<Membership>('DELETE', pathOf(room, member))
  assert.deepEqual([status, body.user.id, body.message?.system], [200, member.id, { type: 'left' }])
})

test('a role changes for everyone and for the one who has it, and a repeat changes nothing', async () => {
  const { owner, member, admin } = cast
  const room = await openRoomOf(cast)
  const [toMember, toAdmin] = [await server.listen(member), await server.listen(admin)]
  const changed = await owner.patch<RowsChanged>(pathOf(room, member), { role: 'admin' })
  assert.deepEqual(
    changed.members!.map((row) => [row.user.id, row.role, row.version]),
    [[member.id, 'admin', room.version + 1]],
  )
  await toMember.until((events) => events.length >= 2)
  const [own] = toMember.events
  assert.ok(own?.type === 'own_changed')
  assert.equal(own.body.memberships[0]!.role, 'admin')
  await toAdmin.until((events) => events.length > 0)
  assert.deepEqual(toAdmin.events, [{ type: 'rows_changed', body: changed }])
  const again = await owner.patch<RowsChanged>(pathOf(room, member), { role: 'admin' })
  assert.deepEqual([again.room.version, again.members], [changed.room.version, changed.members])
  await owner.patch(pathOf(room, member), { role: 'emperor' }, 400)
})

test('the last owner cannot step down; with another one they can', async () => {
  const { owner, member } = cast
  const room = await openRoomOf(cast)
  const refused = await owner.ask<{ code: string }>('PATCH', pathOf(room, owner), { role: 'member' })
  assert.deepEqual([refused.status, refused.body.code], [409, 'last_owner'])
  await owner.patch(pathOf(room, member), { role: 'owner' })
  await owner.patch(pathOf(room, owner), { role: 'member' })
  const roles = await Promise.all(
    [owner, member].map(async (person) => (await person.get<OwnRoom>(`/api/rooms/${room.id}/`)).role),
  )
  assert.deepEqual(roles, ['member', 'owner'])
})

test('two owners who step down at once leave one of them', async () => {
  const { owner, member } = cast
  for (let round = 0; round < 20; round++) {
    const room = await openRoomOf(cast)
    await owner.patch(pathOf(room, member), { role: 'owner' })
    const answers = await Promise.all(
      [owner, member].map((person) => person.ask('PATCH', pathOf(room, person), { role: 'member' })),
    )
    assert.deepEqual(
      answers.map(({ status }) => status).toSorted((a, b) => a - b),
      [200, 409],
    )
  }
})

test('nobody is added to a direct room, removed from it or given a role in it', async () => {
  const { owner, member } = cast
  const room = await owner.post<OwnRoom>('/api/direct/', { user_ids: [member.id] }, 201)
  const refused: [string, string, unknown][] = [
    ['PUT', pathOf(room, guest), {}],
    ['PATCH', pathOf(room, member), { role: 'admin' }],
    ['DELETE', pathOf(room, member), {}],
    ['DELETE', pathOf(room, owner), {}],
    ['PATCH', `/api/rooms/${room.id}/`, { name: 'Ours' }],
    ['POST', `/api/rooms/${room.id}/archive/`, {}],
    ['POST', `/api/rooms/${room.id}/restore/`, {}],
    ['POST', `/api/rooms/${room.id}/leave/`, {}],
  ]
  for (const [method, path, body] of refused) {
    assert.equal((await owner.ask(method, path, body)).status, 403, `${method} ${path}`)
    assert.equal((await guest.ask(method, path, body)).status, 404, `${method} ${path}`)
  }
  assert.equal(await versionOf(room), 1)
})
