import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { OwnRoom } from '@grandchat/contracts/rooms/schema'
import { type Cast, gatherCast, openRoom } from '../testing/cast.ts'
import type { Person } from '../testing/person.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { Socket, subscribe, subscriptionToken } from '../testing/socket.ts'

let server: TestServer
let cast: Cast
let room: OwnRoom
before(async () => {
  server = await startTestServer()
  cast = await gatherCast(server)
  room = await openRoom(server, cast, 'private')
})
after(() => server.stop())

const here = () => `here:${room.id}`
const typing = { type: 'typing' }

async function comeIn(person: Person): Promise<Socket> {
  const socket = await Socket.of(person)
  assert.equal(await subscribe(socket, here(), await subscriptionToken(person, here())), 'ok')
  return socket
}

test('a publication says who made it by the server, whatever it says itself', async () => {
  const { member, roomOwner } = cast
  const [writer, reader] = [await comeIn(member), await comeIn(roomOwner)]
  const data = { ...typing, user: { id: roomOwner.id, username: 'rosa' }, info: { user: '1' } }
  assert.equal(await writer.ask('publish', { channel: here(), data }), 'ok')
  const { pub } = await reader.push(({ channel }) => channel === here())
  assert.deepEqual(
    [pub?.info?.user, pub?.info],
    [String(member.id), { ...pub?.info, chan_info: { username: 'mia', display_name: null } }],
  )
  assert.deepEqual(pub?.data, data)
  for (const socket of [writer, reader]) socket.close()
})

test('whoever is in no such room neither publishes nor hears', async () => {
  const socket = await Socket.of(cast.outsider)
  assert.equal(await socket.ask('publish', { channel: here(), data: typing }), 103)
  assert.equal(await subscribe(socket, here()), 103)
  assert.equal(await socket.ask('presence_stats', { channel: here() }), 103)
  socket.close()
})

test('who leaves the room loses its channel at once, and cannot come back with the token they had', async () => {
  const eve = await server.member('eve')
  const open = await server.member('ben')
  const { id } = await open.createRoom('Passing through')
  await eve.join(id)
  const channel = `here:${id}`
  const token = await subscriptionToken(eve, channel)
  const socket = await Socket.of(eve)
  assert.equal(await subscribe(socket, channel, token), 'ok')
  await eve.post(`/api/rooms/${id}/leave/`)
  await socket.push((push) => push.channel === channel && push.unsubscribe !== undefined)
  assert.equal(await socket.ask('publish', { channel, data: typing }), 103)
  assert.notEqual(await subscribe(socket, channel, token), 'ok')
  socket.close()
})

test('a publication of a megabyte, or what is no JSON, ends the connection of who sent it and of nobody else', async () => {
  const [writer, reader] = [await comeIn(cast.member), await comeIn(cast.roomOwner)]
  writer.send(JSON.stringify({ id: 99, publish: { channel: here(), data: 'x'.repeat(1024 * 1024) } }))
  await writer.closed
  const other = await comeIn(cast.member)
  other.send('{"id":1,"publish":{"channel":')
  await other.closed
  assert.equal(await reader.ask('presence_stats', { channel: here() }), 'ok')
  assert.deepEqual(reader.pushes, [])
  reader.close()
})

test('whoever floods the channel is disconnected', async () => {
  const writer = await comeIn(cast.member)
  for (let i = 0; i < 2_000; i++)
    writer.send(JSON.stringify({ id: i + 10, publish: { channel: here(), data: typing } }))
  assert.equal(await writer.closed, 3013)
})
