import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Membership } from '@grandchat/contracts/memberships/schema'
import type { HistoryPage } from '@grandchat/contracts/messages/schema'
import { channels } from '@grandchat/contracts/realtime/channels'
import type { Event } from '@grandchat/contracts/realtime/events'
import type { Tokens } from '@grandchat/contracts/realtime/schema'
import type { OwnRoom } from '@grandchat/contracts/rooms/schema'
import type { Person } from '../testing/person.ts'
import { afterwards } from '../testing/afterwards.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { Socket } from '../testing/socket.ts'
import { deliveryOf } from './delivery.ts'
import { settleDelivery } from './settle-delivery.ts'

/** Rooms of more than this many are large here. */
const limit = 5

async function start(t: TestContext, settings: Record<string, string> = {}): Promise<TestServer> {
  const server = await startTestServer({ LARGE_ROOM_MEMBERS: String(limit), ...settings })
  afterwards(t, () => server.stop())
  return server
}

/** A public room of the owner's with so many members in all. */
async function makeRoom(server: TestServer, size: number): Promise<{ room: OwnRoom; members: Person[] }> {
  const owner = await server.owner()
  const room = await owner.createRoom('Everybody')
  const members = [owner]
  for (let n = 2; n <= size; n++) members.push(await server.member(`m${n}`))
  for (const member of members.slice(1)) await member.join(room.id)
  return { room, members }
}

const said = (events: Event[]) =>
  events
    .filter((event) => 'room' in event.body)
    .map(({ type, body }) => `${type} ${'room' in body && 'delivery' in body.room ? body.room.delivery : ''}`)

async function tokens(person: Person, ...names: string[]): Promise<{ given: string[]; denied: string[] }> {
  const { subscriptions, denied } = await person.post<Tokens>('/api/token/', { channels: names })
  return { given: Object.keys(subscriptions), denied }
}

test('a room is large above the limit and small again below four fifths of it; private and direct ones never are', () => {
  const small = { kind: 'public', delivery: 'personal' } as const
  const large = { kind: 'public', delivery: 'room' } as const
  assert.equal(deliveryOf(small, 1_000, 1_000), 'personal')
  assert.equal(deliveryOf(small, 1_001, 1_000), 'room')
  assert.equal(deliveryOf(large, 800, 1_000), 'room')
  assert.equal(deliveryOf(large, 799, 1_000), 'personal')
  assert.equal(deliveryOf(large, 100_000, 0), 'personal')
  for (const kind of ['private', 'direct'] as const)
    assert.equal(deliveryOf({ kind, delivery: 'personal' }, 100_000, 1_000), 'personal')
})

test('the join that makes a room large is told both ways; what follows goes to its own channel alone', async (t) => {
  const server = await start(t)
  const { room, members } = await makeRoom(server, limit)
  const [owner, second] = members as [Person, Person]
  const personal = await server.listen(owner)
  assert.deepEqual(await tokens(owner, channels.room(room.id)), { given: [], denied: [channels.room(room.id)] })
  const last = await server.member('last')
  await last.join(room.id)
  await personal.until((events) => said(events).includes('user_joined room'))
  assert.deepEqual(await tokens(owner, channels.room(room.id), channels.here(room.id)), {
    given: [channels.room(room.id)],
    denied: [channels.here(room.id)],
  })
  const inRoom = await server.listen(second, channels.room(room.id))
  await second.send(room.id, 'to all')
  await inRoom.until((events) => said(events).includes('message_added room'))
  await server.services.announcer.drained()
  assert.deepEqual(said(personal.events), ['user_joined room'], 'nothing personal after the switch')
})

test('a large room’s timeline does not say who comes and goes', async (t) => {
  const server = await start(t)
  const { room, members } = await makeRoom(server, limit + 1)
  const late = await server.member('late')
  const { message } = await late.post<Membership>(`/api/rooms/${room.id}/join/`)
  assert.equal(message, null)
  assert.equal((await late.post<Membership>(`/api/rooms/${room.id}/leave/`)).message, null)
  const { results } = await members[0]!.get<HistoryPage>(`/api/rooms/${room.id}/messages/?limit=100`)
  assert.deepEqual(
    results.map(({ content }) => content),
    [...Array<string>(limit).fill('joined'), 'created the room'],
  )
})

test('who joins a large room, or leaves it, is told personally; the others by the channel', async (t) => {
  const server = await start(t)
  const { room, members } = await makeRoom(server, limit + 2)
  const [owner] = members as [Person]
  const guest = await server.member('guest')
  const toGuest = await server.listen(guest)
  const toOwner = await server.listen(owner)
  const inRoom = await server.listen(owner, channels.room(room.id))
  await guest.join(room.id)
  await toGuest.until((events) => said(events).includes('user_joined room'))
  assert.equal(toGuest.events[0]?.type, 'own_changed', 'the own row comes first')
  await guest.post(`/api/rooms/${room.id}/leave/`)
  await toGuest.until((events) => said(events).includes('user_left room'))
  await inRoom.until((events) => said(events).includes('user_left room'))
  assert.deepEqual(said(inRoom.events), ['user_joined room', 'user_left room'])
  assert.deepEqual(said(toOwner.events), [])
})

test('who left hears nothing more of a large room, neither live nor from its history, nor with the old token', async (t) => {
  const server = await start(t)
  const { room, members } = await makeRoom(server, limit + 2)
  const [owner, leaver] = members as [Person, Person]
  const channel = channels.room(room.id)
  const socket = await Socket.of(leaver)
  afterwards(t, () => socket.close())
  const { subscriptions } = await leaver.post<Tokens>('/api/token/', { channels: [channel] })
  const token = subscriptions[channel]
  const subscribed = (await socket.result('subscribe', { channel, token })) as { epoch: string; offset?: number }
  await leaver.post(`/api/rooms/${room.id}/leave/`)
  await socket.push((push) => push.unsubscribe !== undefined && push.channel === channel)
  await owner.send(room.id, 'the canary sings')
  await server.services.announcer.drained()
  const recover = { recover: true, epoch: subscribed.epoch, offset: subscribed.offset ?? 0 }
  assert.notEqual(await socket.ask('subscribe', { channel, token, ...recover }), 'ok')
  assert.doesNotMatch(JSON.stringify(socket.pushes), /canary/)
  assert.deepEqual(await tokens(leaver, channel), { given: [], denied: [channel] })
})

test('the leave that makes a room small again is told both ways; what follows is personal', async (t) => {
  const server = await start(t)
  const { room, members } = await makeRoom(server, limit + 1)
  const [owner] = members as [Person]
  const personal = await server.listen(owner)
  const inRoom = await server.listen(owner, channels.room(room.id))
  // Down to four fifths of the limit it stays large.
  for (const member of members.slice(4)) await member.post(`/api/rooms/${room.id}/leave/`)
  await inRoom.until((events) => events.length === 2)
  assert.deepEqual(said(personal.events), [])
  await members[3]!.post(`/api/rooms/${room.id}/leave/`)
  await personal.until((events) => said(events).includes('user_left personal'))
  await inRoom.until((events) => said(events).includes('user_left personal'))
  await owner.send(room.id, 'among us')
  await personal.until((events) => said(events).includes('message_added personal'))
  assert.deepEqual(said(inRoom.events), ['user_left room', 'user_left room', 'user_left personal'])
})

test('another limit is made good at start: one version and one nudge for each room, to those who listen either way', async (t) => {
  const server = await start(t)
  const { room, members } = await makeRoom(server, limit + 1)
  const [owner] = members as [Person]
  const before = await owner.get<OwnRoom>(`/api/rooms/${room.id}/`)
  assert.equal(before.delivery, 'room')
  const personal = await server.listen(owner)
  const inRoom = await server.listen(owner, channels.room(room.id))
  await settleDelivery({ ...server.services, largeRoomMembers: 0 })
  await personal.until((events) => said(events).includes('room_changed '))
  await inRoom.until((events) => said(events).includes('room_changed '))
  const after = await owner.get<OwnRoom>(`/api/rooms/${room.id}/`)
  assert.deepEqual([after.delivery, after.version], ['personal', before.version + 1])
  await settleDelivery({ ...server.services, largeRoomMembers: 0 })
  assert.equal((await owner.get<OwnRoom>(`/api/rooms/${room.id}/`)).version, after.version)
  await settleDelivery(server.services)
  assert.equal((await owner.get<OwnRoom>(`/api/rooms/${room.id}/`)).delivery, 'room')
})

test('with the limit 0 every room is delivered personally, however many it has', async (t) => {
  const server = await start(t, { LARGE_ROOM_MEMBERS: '0' })
  const { room, members } = await makeRoom(server, limit + 2)
  const toLast = await server.listen(members.at(-1)!)
  await members[0]!.send(room.id, 'one by one')
  await toLast.until((events) => said(events).includes('message_added personal'))
})
