import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { PresenceAnswer } from '@grandchat/contracts/presence/schema'
import { type Cast, gatherCast, openRoom } from '../testing/cast.ts'
import type { Person } from '../testing/person.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { Socket, subscribe, subscriptionToken } from '../testing/socket.ts'

let server: TestServer
let cast: Cast
before(async () => {
  server = await startTestServer()
  cast = await gatherCast(server)
  await openRoom(server, cast, 'private')
})
after(() => server.stop())

async function comeOnline(person: Person): Promise<Socket> {
  const socket = await Socket.of(person)
  const channel = `personal:${person.id}`
  assert.equal(await subscribe(socket, channel, await subscriptionToken(person, channel)), 'ok')
  return socket
}

async function onlineFor(person: Person, ...others: Person[]): Promise<number[] | null> {
  const ids = others.map(({ id }) => id).join(',')
  return (await person.get<PresenceAnswer>(`/api/presence/?users=${ids}`)).online
}

test('who shares a room sees who is connected; who does not, and who left, sees nobody', async () => {
  const { member, roomOwner, outsider, leaver, owner } = cast
  const socket = await comeOnline(member)
  assert.deepEqual(await onlineFor(roomOwner, member, outsider), [member.id])
  for (const person of [outsider, leaver, owner]) assert.deepEqual(await onlineFor(person, member), [], person.username)
  assert.deepEqual(await onlineFor(member, member, roomOwner), [member.id])
  socket.close()
})

test('whoever has gone is not online', async () => {
  const dan = await server.member('dan')
  const socket = await comeOnline(dan)
  socket.close()
  await socket.closed
  // The hub hears of the end of the connection a moment after we do.
  while ((await server.services.realTime.online([dan.id])).size > 0) await new Promise((next) => setImmediate(next))
  assert.deepEqual(await onlineFor(dan, dan), [])
})

test('the answer says when to ask again', async () => {
  const { next_s } = await cast.member.get<PresenceAnswer>('/api/presence/?users=1')
  assert.ok(next_s >= 25 && next_s <= 35)
})

test('what is no list of at most two hundred ids is refused', async () => {
  const many = (count: number) => Array.from({ length: count }, (_, i) => i + 1).join(',')
  for (const users of ['', '0', '-1', '1,', ',1', '1;2', 'ann', '1.5', '9999999999999999', many(201), '1&users=2']) {
    const { status } = await cast.member.ask('GET', `/api/presence/?users=${users}`)
    assert.equal(status, 400, users.slice(0, 30))
  }
  assert.equal((await cast.member.ask('GET', '/api/presence/')).status, 400)
  assert.equal((await cast.member.ask('GET', `/api/presence/?users=${many(200)}`)).status, 200)
})
