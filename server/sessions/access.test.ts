import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openRaw, readAnswer } from '../testing/raw.ts'
import { passwordOf, startTestServer, type TestServer } from '../testing/server.ts'
import { Socket } from '../testing/socket.ts'

let server: TestServer
before(async () => {
  server = await startTestServer()
})
after(() => server.stop())

test('a page that means to act for somebody else than its browser is signed in as is refused', async () => {
  const [ann, bob] = [await server.member('ann'), await server.member('bob')]
  const room = await bob.createRoom('Bob alone')
  const say = (userId: number) =>
    bob.ask('POST', `/api/rooms/${room.id}/messages/`, { content: 'hello' }, { 'x-user-id': String(userId) })
  const refused = await say(ann.id)
  assert.deepEqual([refused.status, refused.body], [403, { detail: 'sign in first', code: 'sign_in_required' }])
  assert.equal((await bob.ask('POST', '/api/token/', {}, { 'x-user-id': String(ann.id) })).status, 401)
  assert.equal((await say(bob.id)).status, 201)
})

test('a body that is held back until the session has ended is refused', async () => {
  const carl = await server.member('carl')
  const room = await carl.createRoom('Late')
  const body = JSON.stringify({ content: 'too late' })
  const socket = openRaw(server.url)
  const answer = readAnswer(socket)
  socket.write(
    `POST /api/rooms/${room.id}/messages/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: ${carl.cookie}\r\n` +
      `X-CSRFToken: ${await carl.csrf()}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
  )
  await server.until(({ active }) => active > 0)
  await carl.post('/api/logout/')
  socket.write(body)
  assert.equal((await answer).status, 403)
  const { count } = await server.services.db
    .selectFrom('messages')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('room_id', '=', room.id)
    .where('kind', '=', 'user')
    .executeTakeFirstOrThrow()
  assert.equal(count, 0)
})

test('signing in anew in the same browser ends the old session and its sockets', async () => {
  const dora = await server.member('dora')
  const socket = await Socket.of(dora)
  const old = server.visitor()
  old.cookie = dora.cookie
  await dora.signIn('dora', passwordOf('dora'))
  assert.equal(await socket.closed, 3014)
  await old.get('/api/me/', 403)
  await dora.me()
})

test('the oldest of too many sessions end, and their sockets with them', async () => {
  const first = await server.member('erna')
  const socket = await Socket.of(first)
  for (let i = 0; i < 50; i++) await server.visitor().signIn('erna')
  assert.equal(await socket.closed, 3014)
  await first.get('/api/me/', 403)
})
