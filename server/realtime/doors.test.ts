import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import type { OwnRoom } from '@grandchat/contracts/rooms/schema'
import { type Cast, gatherCast, openRoom } from '../testing/cast.ts'
import type { Person } from '../testing/person.ts'
import { openRaw } from '../testing/raw.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { type Outcome, Socket, subscribe, subscriptionToken, tokensOf } from '../testing/socket.ts'

let server: TestServer
let cast: Cast
let room: OwnRoom
let member: Person
let outsider: Person
before(async () => {
  server = await startTestServer()
  cast = await gatherCast(server)
  room = await openRoom(server, cast, 'private')
  ;({ member, outsider } = cast)
})
after(() => server.stop())

const here = () => `here:${room.id}`
const personal = (person: Person) => `personal:${person.id}`

/** Subscribed as its user may be. */
async function subscribed(person: Person, channel: string): Promise<Socket> {
  const socket = await Socket.of(person)
  assert.equal(await subscribe(socket, channel, await subscriptionToken(person, channel)), 'ok')
  return socket
}

test('a member connects, reads the own channel and is there in the room', async () => {
  const socket = await Socket.of(member)
  for (const channel of [personal(member), here(), 'workspace']) {
    assert.equal(await subscribe(socket, channel, await subscriptionToken(member, channel)), 'ok', channel)
  }
  await cast.roomOwner.send(room.id, 'hello')
  const { pub } = await socket.push(({ pub }) => (pub?.data as { type?: string })?.type === 'message_added')
  assert.equal((pub!.data as { body: { content: string } }).body.content, 'hello')
  socket.close()
})

test('nobody gets a token for what is not theirs to read', async () => {
  const channels = [
    personal(member),
    here(),
    `room:${room.id}`,
    'here:999999',
    'personal:',
    'everyone',
    '*',
    'personal:*',
  ]
  const { subscriptions, denied } = await tokensOf(outsider, ...channels)
  assert.deepEqual([subscriptions, denied], [{}, channels])
  for (const channel of channels) {
    const answer = await outsider.ask('GET', `/api/token/subscription/?channel=${encodeURIComponent(channel)}`)
    assert.equal(answer.status, 403, channel)
    assert.deepEqual(answer.body, { detail: 'permission denied', code: 'permission_denied' })
  }
})

test('a token for one thing opens no other', async () => {
  const { connection } = await tokensOf(member)
  const toHere = await subscriptionToken(member, here())
  const toPersonal = await subscriptionToken(member, personal(member))

  const asConnection = await Socket.open(server.url)
  assert.equal(await asConnection.ask('connect', { token: toHere }), 3500, 'a subscription token does not connect')
  const wrong: [what: string, channel: string, token: string | undefined, outcome: Outcome][] = [
    ['no token', personal(member), undefined, 103],
    ["somebody else's channel, no token", personal(outsider), undefined, 103],
    ['a connection token', personal(member), connection, 103],
    ["somebody else's channel", personal(outsider), toPersonal, 3500],
    ['another own channel', personal(member), toHere, 3500],
    ['the channel of another room', 'here:999999', toHere, 3500],
    ['the own channel of a room that has none', `room:${room.id}`, toHere, 3500],
    ['another namespace', `secret:${room.id}`, undefined, 102],
    ['a channel without a namespace', 'everything', undefined, 103],
    ['a channel of 256 characters', `personal:${'1'.repeat(256)}`, undefined, 107],
    ['a channel that is not ASCII', 'personal:ä', undefined, 107],
    ['a channel for two users', `personal:${member.id}#${outsider.id}`, undefined, 103],
    ['a private channel', `$${personal(member)}`, undefined, 103],
  ]
  for (const [what, channel, token, outcome] of wrong) {
    const socket = await Socket.of(member)
    assert.equal(await subscribe(socket, channel, token), outcome, what)
    socket.close()
  }
})

test("with somebody else's token one's own socket opens nothing", async () => {
  const toHere = await subscriptionToken(member, here())
  const socket = await Socket.of(outsider)
  assert.equal(await subscribe(socket, here(), toHere), 3500)
  const other = await Socket.of(outsider)
  assert.equal(await subscribe(other, personal(member), await subscriptionToken(member, personal(member))), 3500)
})

test('sockets know tokens alone: no cookie and no address lets anyone in', async () => {
  const { connection } = await tokensOf(member)
  const path = `/connection/websocket?token=${connection}&cf_connect=${encodeURIComponent(`{"token":"${connection}"}`)}`
  const socket = await Socket.open(server.url, path, { cookie: member.cookie, authorization: `Bearer ${connection}` })
  assert.equal(await socket.ask('connect', {}), 3501)
  const hasty = await Socket.open(server.url, path, { cookie: member.cookie })
  assert.equal(await hasty.ask('subscribe', { channel: personal(member) }), 3501)
})

test('after signing out the socket is cut and neither the old token nor the old cookie opens another', async () => {
  const browser = await server.visitor().signIn('mia')
  const { connection } = await tokensOf(browser)
  const socket = await Socket.open(server.url)
  assert.equal(await socket.ask('connect', { token: connection }), 'ok')
  const copy = server.visitor()
  copy.cookie = browser.cookie
  await browser.post('/api/logout/')
  assert.equal(await socket.closed, 3014)
  const again = await Socket.open(server.url)
  assert.equal(await again.ask('connect', { token: connection }), 109)
  again.close()
  assert.equal((await copy.ask('POST', '/api/token/', {})).status, 401)
  assert.equal(await (await Socket.of(member)).ask('presence', { channel: here() }), 103, 'other sessions connect anew')
})

test('who leaves a room is taken out of it at once, and the old token opens it no more', async () => {
  const { id } = await member.createRoom('Only for a while', 'private')
  const channel = `here:${id}`
  const token = await subscriptionToken(member, channel)
  const socket = await Socket.of(member)
  assert.equal(await subscribe(socket, channel, token), 'ok')
  await member.post(`/api/rooms/${id}/leave/`)
  const { unsubscribe } = await socket.push((push) => push.channel === channel && push.unsubscribe !== undefined)
  assert.equal(unsubscribe?.code, 2000)
  assert.equal(await socket.ask('publish', { channel, data: {} }), 103)
  assert.equal(await subscribe(socket, channel, token), 109)
  assert.deepEqual((await tokensOf(member, channel)).denied, [channel])
  socket.close()
})

test('who types in a room is who the server says', async () => {
  const [mia, rosa] = [await subscribed(member, here()), await subscribed(cast.roomOwner, here())]
  const claim = { type: 'typing', user: outsider.id, info: { user: String(outsider.id) } }
  assert.equal(await mia.ask('publish', { channel: here(), data: claim, info: { user: String(outsider.id) } }), 'ok')
  const { pub } = await rosa.push(({ channel, pub }) => channel === here() && pub !== undefined)
  assert.equal(pub?.info?.user, String(member.id))
  for (const socket of [mia, rosa]) socket.close()
})

test('a forged position brings nobody anything that is not theirs', async () => {
  const positions = [
    { offset: 0, epoch: '' },
    { offset: 0, epoch: 'forged' },
    { offset: 1_000_000, epoch: '' },
    { offset: 18_446_744_073_709_552_000, epoch: '' },
    { offset: -1, epoch: '' },
    { offset: 1.5, epoch: '' },
    { offset: '1', epoch: 5 },
  ]
  for (const position of positions) {
    const socket = await Socket.of(outsider)
    const token = await subscriptionToken(outsider, personal(outsider))
    const result = await socket.result('subscribe', { channel: personal(outsider), token, recover: true, ...position })
    assert.ok(!JSON.stringify(result ?? {}).includes('hello'), JSON.stringify(position))
    socket.close()
  }
  await member.me()
})

const garbage = [
  '',
  'x',
  '{',
  '[]',
  'null',
  '42',
  '"connect"',
  '{"id":1}',
  '{"id":-1,"connect":{}}',
  '{"id":1,"nothing":{}}',
  '{"id":1,"connect":[]}',
  '{"id":1,"connect":{"token":{}}}',
  '{"__proto__":{"connect":{}}}',
  '['.repeat(10_000),
  '\u0000',
  '{}\n{}\n{',
]
test('garbage ends the socket that said it, and no other', async () => {
  const bystander = await subscribed(member, personal(member))
  for (const text of garbage) {
    const socket = await Socket.open(server.url)
    socket.send(text)
    // Whatever the hub made of it, this comes too early.
    socket.send('{"id":9,"subscribe":{"channel":"workspace"}}')
    assert.ok([3500, 3501].includes(await socket.closed), JSON.stringify(text.slice(0, 40)))
  }
  assert.equal(await bystander.ask('presence', { channel: personal(member) }), 103)
  bystander.close()
})

test('a handshake that is broken off takes nothing down', async () => {
  for (let i = 0; i < 10; i++) {
    const socket = openRaw(server.url)
    await once(socket, 'connect')
    socket.write(
      'GET /connection/websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        `Sec-WebSocket-Version: ${i % 2 ? 13 : 99}\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n${'x'.repeat(50_000)}`,
    )
    socket.resetAndDestroy()
  }
  await member.me()
})
