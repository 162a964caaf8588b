import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Cast, gatherCast, openRoom, type Role, roles } from '../testing/cast.ts'
import type { Answer } from '../testing/person.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

let server: TestServer
let cast: Cast
before(async () => {
  server = await startTestServer()
  cast = await gatherCast(server)
})
after(() => server.stop())

/** Statuses in the order of `roles`: visitor, outsider, member, room owner, installation owner, leaver. */
type Statuses = [number, number, number, number, number, number]
type Bodies = { body?: (role: Role) => unknown; query?: string }
type RoomRow = Bodies & { public: Statuses; private: Statuses }
type Row = Bodies & { path?: string; all: Statuses }

const membersOnly: Statuses = [403, 404, 200, 200, 404, 404]
/** What the cast's member wrote is the member's to change. */
const authorsOnly: Statuses = [403, 404, 200, 403, 404, 404]
const ownerOfRoom: Statuses = [403, 404, 403, 200, 404, 404]
const missing: Statuses = [403, 404, 404, 404, 404, 404]
const reads = (query = ''): RoomRow => ({ query, public: membersOnly, private: membersOnly })

/** Doors of one room. For a room that does not exist everyone gets `missing`. */
const roomRows: Record<string, RoomRow> = {
  'GET /api/rooms/:id/': reads(),
  'GET /api/rooms/:id/members/': reads(),
  'GET /api/rooms/:id/messages/': reads(),
  'GET /api/rooms/:id/changes/': reads('?since=0'),
  'POST /api/rooms/:id/messages/': {
    body: () => ({ content: 'hello' }),
    public: [403, 404, 201, 201, 404, 404],
    private: [403, 404, 201, 201, 404, 404],
  },
  'PATCH /api/rooms/:id/messages/:message_id/': {
    body: () => ({ content: 'hello again' }),
    public: authorsOnly,
    private: authorsOnly,
  },
  'DELETE /api/rooms/:id/messages/:message_id/': { public: membersOnly, private: membersOnly },
  'GET /api/rooms/:id/messages/:message_id/edits/': reads(),
  'GET /api/rooms/:id/messages/:message_id/reactions/': reads(),
  'PUT /api/rooms/:id/messages/:message_id/reactions/:emoji/': { public: membersOnly, private: membersOnly },
  'DELETE /api/rooms/:id/messages/:message_id/reactions/:emoji/': { public: membersOnly, private: membersOnly },
  'PATCH /api/rooms/:id/threads/:message_id/own/': {
    body: () => ({ is_following: true }),
    public: membersOnly,
    private: membersOnly,
  },
  'GET /api/rooms/:id/pins/': reads(),
  'PUT /api/rooms/:id/pins/:message_id/': { public: membersOnly, private: membersOnly },
  'DELETE /api/rooms/:id/pins/:message_id/': { public: membersOnly, private: membersOnly },
  'PATCH /api/rooms/:id/': { body: () => ({ topic: 'Tea' }), public: ownerOfRoom, private: ownerOfRoom },
  'POST /api/rooms/:id/archive/': { public: ownerOfRoom, private: ownerOfRoom },
  'POST /api/rooms/:id/restore/': { public: ownerOfRoom, private: ownerOfRoom },
  'PUT /api/rooms/:id/members/:user_id/': { public: membersOnly, private: ownerOfRoom },
  'PATCH /api/rooms/:id/members/:user_id/': {
    body: () => ({ role: 'admin' }),
    public: ownerOfRoom,
    private: ownerOfRoom,
  },
  // It is the member who goes, and then there is nobody to remove.
  'DELETE /api/rooms/:id/members/:user_id/': {
    public: [403, 404, 200, 404, 404, 404],
    private: [403, 404, 200, 404, 404, 404],
  },
  'POST /api/rooms/:id/join/': {
    public: [403, 200, 409, 409, 200, 200],
    private: [403, 404, 409, 409, 404, 404],
  },
  'POST /api/rooms/:id/leave/': { public: membersOnly, private: membersOnly },
  'PATCH /api/rooms/:id/own/': { body: () => ({ level: 'mentions' }), public: membersOnly, private: membersOnly },
  'GET /api/rooms/:id/messages/:message_id/seen/': reads(),
  'PUT /api/rooms/:id/read-marker/': { body: () => ({ seq: 0 }), public: membersOnly, private: membersOnly },
}

const everyone = (status: number): Statuses => [status, status, status, status, status, status]
const signedIn = (status: number): Statuses => [403, status, status, status, status, status]
const withToken = (status: number): Statuses => [401, status, status, status, status, status]
const ownerOnly = (status: number): Statuses => [403, 403, 403, 403, status, 403]
const account = (role: Role) => ({ username: `new-${role}`, password: 'a long password' })

/** Doors of the installation. */
const rows: Record<string, Row> = {
  'GET /health/live': { all: everyone(200) },
  'GET /health/ready': { all: everyone(200) },
  'GET /api/openapi.json': { all: everyone(200) },
  'GET /api/docs/': { all: everyone(200) },
  'GET /api/docs/style.css': { all: everyone(200) },
  'GET /api/csrf/': { all: everyone(200) },
  'POST /api/login/': { body: () => ({ username: 'nobody', password: 'guess' }), all: everyone(400) },
  'POST /api/logout/': { all: signedIn(200) },
  'GET /api/me/': { all: signedIn(200) },
  'PATCH /api/me/': { body: () => ({ title: 'Gardener' }), all: signedIn(200) },
  'POST /api/me/password/': { body: () => ({ current: 'a guess', next: 'a long password' }), all: signedIn(400) },
  'PUT /api/me/avatar/': { all: [403, 415, 415, 415, 415, 415] },
  'DELETE /api/me/avatar/': { all: signedIn(200) },
  'GET /api/avatars/:user_id/:version': { path: `/api/avatars/1/${'0'.repeat(16)}`, all: signedIn(404) },
  'GET /api/profiles/': { query: '?users=1,2,999999', all: signedIn(200) },
  'GET /api/users/:id/': { path: '/api/users/1/', all: signedIn(200) },
  'GET /api/sessions/': { all: signedIn(200) },
  'DELETE /api/sessions/': { all: signedIn(200) },
  'DELETE /api/sessions/:id/': { path: '/api/sessions/999999/', all: signedIn(404) },
  'GET /api/setup/': { all: everyone(200) },
  'POST /api/setup/': { body: account, all: everyone(409) },
  'GET /api/users/': { all: signedIn(200) },
  'POST /api/users/': { body: account, all: ownerOnly(201) },
  'POST /api/invites/': { all: ownerOnly(201) },
  'GET /api/invites/:code/': { path: '/api/invites/no-such-invite/', all: everyone(404) },
  'POST /api/invites/:code/': { path: '/api/invites/no-such-invite/', body: account, all: everyone(404) },
  'GET /api/rooms/': { all: signedIn(200) },
  'POST /api/rooms/': { body: () => ({ name: 'Mine', kind: 'private' }), all: signedIn(201) },
  'PUT /api/own/:kind/:key/': { path: '/api/own/setting/theme/', body: () => ({ value: 'dark' }), all: signedIn(200) },
  'DELETE /api/own/:kind/:key/': { path: '/api/own/setting/theme/', all: signedIn(200) },
  'POST /api/direct/': { body: () => ({ user_ids: [cast.member.id] }), all: signedIn(201) },
  'GET /api/search/messages/': { query: '?q=anything', all: signedIn(200) },
  'GET /api/threads/': { all: signedIn(200) },
  'GET /api/mentions/': { all: signedIn(200) },
  'GET /api/search/': { all: signedIn(200) },
  'POST /api/token/': { body: () => ({ channels: [] }), all: withToken(200) },
  'GET /api/token/connection/': { all: withToken(200) },
  'GET /api/token/subscription/': { query: '?channel=personal:999999', all: withToken(403) },
  'GET /api/presence/': { query: '?users=1,2,999999', all: signedIn(200) },
  'POST /api/receipts/': { body: () => ({ rooms: { 1: 1, 999999: 1 } }), all: signedIn(200) },
  'POST /api/sync/': { body: () => ({}), all: signedIn(200) },
  'GET /api/sync/head/': { all: signedIn(200) },
}

/** Files of the web app, there once it is built. */
const files = new Set(['/', '/*'])

test('every registered route stands in the matrix, and the matrix names no other', () => {
  const isFile = ({ url }: { url: string }) => files.has(url)
  const registered = server.app.routeList
    .filter((route) => route.method !== 'HEAD' && !isFile(route))
    .map(({ method, url }) => `${method} ${url}`)
  assert.deepEqual(registered.toSorted(), [...Object.keys(rows), ...Object.keys(roomRows)].toSorted())
})

test('a HEAD is let in where its GET is', () => {
  const heads = server.app.routeList.filter(({ method }) => method === 'HEAD').map(({ url }) => url)
  for (const url of heads) assert.ok(files.has(url) || rows[`GET ${url}`] || roomRows[`GET ${url}`], url)
})

test('the cast is who it says it is', async () => {
  const usernames = await Promise.all(roles.slice(1).map(async (role) => (await cast[role].me()).username))
  assert.deepEqual(usernames, ['bob', 'mia', 'rosa', 'olga', 'leo'])
  assert.equal((await cast.owner.me()).role, 'owner')
})

function ask(role: Role, route: string, path: string, { body, query = '' }: Bodies): Promise<Answer> {
  const method = route.split(' ')[0]!
  return cast[role].ask(method, path + query, body?.(role) ?? (/^(GET|HEAD)$/.test(method) ? undefined : {}))
}

for (const [route, row] of Object.entries(rows)) {
  // Signing out comes last: it ends the sessions of the cast.
  if (route === 'POST /api/logout/') continue
  test(`${route} answers each role as the matrix says`, async () => {
    for (const [i, role] of roles.entries()) {
      const answer = await ask(role, route, row.path ?? route.split(' ')[1]!, row)
      assert.equal(answer.status, row.all[i], `${role}: ${answer.text}`)
      if (route.startsWith('GET')) await assertHeadIsAlike(role, route, row.path ?? route.split(' ')[1]!, row, answer)
    }
  })
}

for (const [route, row] of Object.entries(roomRows)) {
  /** Of the message that the cast's member wrote in the room. */
  const pathOf = (id: number, messageId: number) =>
    route
      .split(' ')[1]!
      .replace(':id', String(id))
      .replace(':message_id', String(messageId))
      .replace(':user_id', String(cast.member.id))
      .replace(':emoji', encodeURIComponent('👍'))

  for (const kind of ['public', 'private'] as const) {
    test(`${route} of a ${kind} room answers each role as the matrix says`, async () => {
      const { id } = await openRoom(server, cast, kind)
      const path = pathOf(id, (await cast.member.send(id, 'said before')).id)
      for (const [i, role] of roles.entries()) {
        const answer = await ask(role, route, path, row)
        assert.equal(answer.status, row[kind][i], `${role}: ${answer.text}`)
        if (route.startsWith('GET')) await assertHeadIsAlike(role, route, path, row, answer)
      }
    })
  }

  test(`${route}: to outsiders a private room is the same as none`, async () => {
    const { id } = await openRoom(server, cast, 'private')
    const message = await cast.member.send(id, 'said before')
    for (const [i, role] of roles.entries()) {
      const toNothing = await ask(role, route, pathOf(id + 1_000_000, message.id), row)
      assert.equal(toNothing.status, missing[i], role)
      if (role === 'member' || role === 'roomOwner') continue
      const toPrivate = await ask(role, route, pathOf(id, message.id), row)
      assert.deepEqual(visible(toPrivate), visible(toNothing), role)
    }
  })
}

test('POST /api/logout/ answers each role as the matrix says', async () => {
  for (const [i, role] of roles.entries()) {
    const answer = await ask(role, 'POST /api/logout/', '/api/logout/', {})
    assert.equal(answer.status, rows['POST /api/logout/']!.all[i], role)
    if (role !== 'visitor') await cast[role].signIn(cast[role].username)
  }
})

async function assertHeadIsAlike(role: Role, route: string, path: string, bodies: Bodies, answer: Answer) {
  const head = await ask(role, route.replace('GET', 'HEAD'), path, { query: bodies.query ?? '' })
  assert.deepEqual([head.status, head.text], [answer.status, ''], `HEAD for ${role}`)
}

/** All that an answer tells: status, bytes and headers, but the time of day. */
function visible({ status, text, headers }: Answer) {
  return { status, text, headers: [...headers].filter(([name]) => name !== 'date') }
}

test('a private room cannot be seen through any other door', async () => {
  const { id } = await openRoom(server, cast, 'private')
  const none = id + 1_000_000
  const doors = (room: number): [status: number, method: string, path: string, body?: unknown][] => [
    [200, 'POST', '/api/sync/', { user_version: 1_000_000, rooms: { [room]: 1 }, open: [{ id: room, since: 0 }] }],
    [200, 'POST', '/api/token/', { channels: [`here:${room}`] }],
    [200, 'POST', '/api/token/', { channels: [`room:${room}`] }],
    [403, 'GET', `/api/token/subscription/?channel=here:${room}`],
    [403, 'GET', `/api/token/subscription/?channel=room:${room}`],
  ]
  for (const role of ['outsider', 'owner', 'leaver'] as const) {
    for (const [i, [status, method, path, body]] of doors(id).entries()) {
      const answer = await cast[role].ask(method, path, body)
      assert.equal(answer.status, status, `${role} ${path}`)
      const [, , otherPath, otherBody] = doors(none)[i]!
      const other = await cast[role].ask(method, otherPath, otherBody)
      assert.deepEqual(
        [answer.status, withoutWhatDiffers(answer.text, id)],
        [other.status, withoutWhatDiffers(other.text, none)],
        `${role} ${path}`,
      )
    }
    for (const path of ['/api/search/?q=private%20room', '/api/rooms/', '/api/sync/head/']) {
      const { status, text } = await cast[role].ask('GET', path)
      assert.equal(status, 200)
      assert.doesNotMatch(text.replace(/"next_s":\d+/, ''), new RegExp(`[":\\[]${id}[,"}]`), `${role} ${path}`)
    }
  }
  const found = await cast.member.get<{ results: { id: number }[] }>('/api/search/?q=private%20room')
  assert.ok(
    found.results.some((room) => room.id === id),
    'its member finds it',
  )
})

/** Tokens and intervals are random, and each answer repeats the id that was asked for. */
function withoutWhatDiffers(text: string, roomId: number): string {
  return text
    .replace(new RegExp(`(?<=[:\\["])${roomId}(?=[,\\]"])`, 'g'), 'ID')
    .replace(/"connection":"[^"]+"/, '')
    .replace(/"next_s":\d+/, '')
}
