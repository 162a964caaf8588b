import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { assertAlive, assertAnswered, assertRefused, fingerprint } from '../testing/bad-input.ts'
import { type Cast, gatherCast, openRoom } from '../testing/cast.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import type { RouteName } from './route-list.ts'

let server: TestServer
let cast: Cast
let roomId: number
let messageId: number
before(async () => {
  server = await startTestServer()
  cast = await gatherCast(server)
  roomId = (await openRoom(server, cast, 'public')).id
  messageId = (await cast.member.send(roomId, 'the first word')).id
})
after(() => server.stop())

const account = { username: 'zoe', password: 'a long password', email: 'zoe@example.com' }
const uuid = '0d3b7a54-1f0e-4a43-9c39-5a3a5bb2f9a5'

/** What each route reads, in a form that it would take; a route that changes things and is missing here fails a test. */
const bodies: Record<string, Record<string, unknown>> = {
  'POST /api/login/': { username: 'nobody', password: 'a long password' },
  'POST /api/logout/': { device_id: 'phone' },
  'POST /api/setup/': { ...account, code: 'AAAAA-AAAAA' },
  'PATCH /api/me/': {
    display_name: 'Olga',
    title: 'Gardener',
    pronouns: 'she/her',
    time_zone: 'Europe/Berlin',
    status: { emoji: '🌱', text: 'Planting', until: null },
  },
  'POST /api/me/password/': { current: 'a long password', next: 'another long password' },
  'PUT /api/me/avatar/': {},
  'DELETE /api/me/avatar/': {},
  'DELETE /api/sessions/': {},
  'DELETE /api/sessions/:id/': {},
  'POST /api/users/': account,
  'POST /api/invites/': {},
  'POST /api/invites/:code/': account,
  'POST /api/rooms/': { name: 'Kitchen', kind: 'public' },
  'POST /api/direct/': { user_ids: [1] },
  'PATCH /api/rooms/:id/': { name: 'Kitchen', topic: 'Tea', posting: 'all' },
  'POST /api/rooms/:id/archive/': {},
  'POST /api/rooms/:id/restore/': {},
  'PUT /api/rooms/:id/members/:user_id/': {},
  'PATCH /api/rooms/:id/members/:user_id/': { role: 'admin' },
  'DELETE /api/rooms/:id/members/:user_id/': {},
  'POST /api/rooms/:id/join/': {},
  'POST /api/rooms/:id/leave/': {},
  'POST /api/rooms/:id/messages/': { content: 'hello', client_message_id: uuid },
  'PATCH /api/rooms/:id/messages/:message_id/': { content: 'hello again' },
  'DELETE /api/rooms/:id/messages/:message_id/': {},
  'PUT /api/rooms/:id/messages/:message_id/reactions/:emoji/': {},
  'DELETE /api/rooms/:id/messages/:message_id/reactions/:emoji/': {},
  'PUT /api/rooms/:id/pins/:message_id/': {},
  'DELETE /api/rooms/:id/pins/:message_id/': {},
  'PUT /api/rooms/:id/read-marker/': { seq: 1 },
  'PATCH /api/rooms/:id/own/': { level: 'mentions', muted: false },
  'PATCH /api/rooms/:id/threads/:message_id/own/': { is_following: true, read_seq: 1 },
  'PUT /api/own/:kind/:key/': { value: 'dark' },
  'DELETE /api/own/:kind/:key/': {},
  'POST /api/token/': { channels: ['workspace'] },
  'POST /api/receipts/': { rooms: { 1: 1 } },
  'POST /api/sync/': { epoch: 'x', user_version: 0, workspace_version: 0, rooms: {}, open: [] },
}

const name = ({ method, url }: RouteName) => `${method} ${url}`
const writing = () => server.app.routeList.filter(({ method }) => !/GET|HEAD/.test(method))

test('every route that changes things has a body to try', () => {
  assert.deepEqual(writing().map(name).toSorted(), Object.keys(bodies).toSorted())
})

test('what is stored shows in the fingerprint', async () => {
  const before = await fingerprint(server.services)
  assert.equal(await fingerprint(server.services), before)
  await cast.member.send(roomId, 'hello')
  assert.notEqual(await fingerprint(server.services), before)
})

function send(route: RouteName, body: unknown, headers?: Record<string, string>) {
  const path = route.url
    .replace(':id', String(roomId))
    .replace(':code', 'A'.repeat(24))
    .replace(':kind/:key', 'setting/theme')
    .replace(':message_id', String(messageId))
    .replace(':user_id', String(cast.roomOwner.id))
    .replace(':emoji', encodeURIComponent('👍'))
  // The owner of the installation may do the most; in the room it is the member.
  const person = route.url.startsWith('/api/rooms/:id/') ? cast.member : cast.owner
  return person.ask(route.method, path, body, headers)
}

/** Runs `attack` on every route and sees that nothing of it was stored and the server lives on. */
async function onEveryRoute(attack: (route: RouteName) => Promise<void>): Promise<void> {
  const before = await fingerprint(server.services)
  for (const route of writing()) await attack(route)
  assert.equal(await fingerprint(server.services), before, 'something was stored')
  await assertAlive(cast.member)
}

const nested = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth)
const keys = (count: number) => `{${Array.from({ length: count }, (_, i) => `"k${i}":1`).join(',')}}`

const unreadable: [what: string, body: string, statuses: number[]][] = [
  ['half an object', '{"username":', [400]],
  ['no JSON', 'username=ann&password=x', [400]],
  ['single quotes', "{'username':'ann'}", [400]],
  ['a comment', '{} // done', [400]],
  ['two objects', '{}{}', [400]],
  ['a number that is none', '{"a":NaN}', [400]],
  ['a raw newline in a string', '{"username":"a\nb"}', [400]],
  ['a raw NUL', '{"username":"a\u0000b"}', [400]],
  ['a dangerous key', '{"__proto__":{"role":"owner"}}', [400]],
  ['a dangerous key, escaped', '{"\\u005f\\u005fproto\\u005f\\u005f":{"role":"owner"}}', [400]],
  ['a dangerous key, deep inside', '{"rooms":{"a":[{"__proto__":1}]}}', [400]],
  ['a constructor with a prototype', '{"constructor":{"prototype":{"role":"owner"}}}', [400]],
  ['a list 60,000 deep that never ends', '['.repeat(60_000), [400]],
  ['a list 400,000 deep', nested('[', ']', 400_000), [413]],
  ['100,000 keys', keys(100_000), [413]],
  ['1 MB of spaces', ' '.repeat(1_048_576), [413]],
  ['1 MB of text', JSON.stringify({ content: 'x'.repeat(1_048_576) }), [413]],
]

for (const [what, body, statuses] of unreadable) {
  test(`a body that is ${what} is refused on every route`, async () => {
    await onEveryRoute(async (route) => {
      // One route takes longer bodies than the others.
      const isForBytes = name(route) === 'PUT /api/me/avatar/'
      const expected = isForBytes ? [413, 415] : route.url === '/api/sync/' ? [400, 413] : statuses
      assertRefused(await send(route, body), `${name(route)} ${what}`, expected)
    })
  })
}

/** These take nothing from their body, whatever it is. */
const readsNothing = new Set(
  Object.keys(bodies).filter((route) => Object.keys(bodies[route]!).length === 0 && route !== 'POST /api/logout/'),
)

const noObjects: [what: string, body: string][] = [
  ['a list', '[]'],
  ['a string', '"hello"'],
  ['a number', '42'],
  ['true', 'true'],
  ['a list 60,000 deep', nested('[', ']', 60_000)],
]
for (const [what, body] of noObjects) {
  test(`a body that is ${what} and no object is refused on every route`, async () => {
    await onEveryRoute(async (route) => {
      if (readsNothing.has(name(route))) return
      assertRefused(await send(route, body), `${name(route)} ${what}`, [400])
    })
  })
}

test('what is not asked for is left out, however deep it is', async () => {
  const body = `{"content":"hello","more":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}`
  const answer = await cast.member.ask('POST', `/api/rooms/${roomId}/messages/`, body)
  assert.equal(answer.status, 201, answer.text.slice(0, 200))
})

const otherTypes = [
  'application/x-www-form-urlencoded',
  'text/plain',
  'text/plain; charset=utf-8',
  'multipart/form-data; boundary=x',
  'application/xml',
  'application/jsonp',
  'application/octet-stream',
  'nonsense',
  ';',
  '__proto__',
]
for (const type of otherTypes) {
  test(`a body that says it is ${type} is not read on any route`, async () => {
    await onEveryRoute(async (route) => {
      const body = JSON.stringify(bodies[name(route)])
      assertRefused(await send(route, body, { 'content-type': type }), name(route), [415])
    })
  })
}

test('a compressed body is not unpacked', async () => {
  const bomb = gzipSync(Buffer.alloc(8 * 1024 * 1024, ' ')).toString('latin1')
  await onEveryRoute(async (route) => {
    assertRefused(await send(route, bomb, { 'content-encoding': 'gzip' }), name(route), [400, 413, 415])
  })
})

const wrongTypes: unknown[] = [null, true, -1, 1.5, 1e300, [], [1], {}, { $ne: null }, [['x']], { toString: 'x' }]
/** JSON has no infinity, but a parser makes one of this. */
const infinite = '@1e400'

/** Values of a wrong type that are right for this field. */
const right: Record<string, unknown[]> = {
  channels: [[]],
  user_ids: [[1]],
  rooms: [{}],
  open: [[]],
  muted: [true],
  is_following: [true],
  display_name: [null],
  time_zone: [null],
  status: [null],
}

test('a field of a wrong type is refused on every route', async () => {
  await onEveryRoute(async (route) => {
    const sample = bodies[name(route)]!
    for (const field of Object.keys(sample)) {
      const isNumber = typeof sample[field] === 'number'
      const values = [...wrongTypes, infinite, isNumber ? 'x' : 0, isNumber ? '1' : 12345]
      for (const value of values) {
        if (right[field]?.some((each) => JSON.stringify(each) === JSON.stringify(value))) continue
        const body = JSON.stringify({ ...sample, [field]: value }).replace(`"${infinite}"`, '1e400')
        assertRefused(await send(route, body), `${name(route)} ${field}: ${JSON.stringify(value)}`, [400])
      }
    }
  })
})

const oddTexts = [
  '',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udc00x',
  '\ufffe',
  '\u202e',
  '\u200b',
  '\ufeff',
  '__proto__',
  'constructor',
  '%00',
  '\u001b[31m',
]

test('odd text in any field is answered, on every route', async () => {
  const roomBefore = await cast.member.get<{ version: number }>(`/api/rooms/${roomId}/`)
  for (const route of writing()) {
    // Signing out takes what it is given and ends the session.
    if (name(route) === 'POST /api/logout/') continue
    const sample = bodies[name(route)]!
    for (const field of Object.keys(sample).filter((key) => typeof sample[key] === 'string')) {
      for (const text of [...oddTexts, 'x'.repeat(60_000)]) {
        const before = await fingerprint(server.services)
        const answer = await send(route, { ...sample, [field]: text })
        const what = `${name(route)} ${field}: ${JSON.stringify(text).slice(0, 40)}`
        assertAnswered(answer, what)
        if (answer.status >= 400) assert.equal(await fingerprint(server.services), before, what)
      }
    }
    await assertAlive(cast.member)
  }
  const roomAfter = await cast.member.get<{ version: number }>(`/api/rooms/${roomId}/`)
  assert.ok(roomAfter.version >= roomBefore.version)
})

test('of two members with one name the last counts', async () => {
  const body = '{"content":"first","content":"last"}'
  const answer = await cast.member.ask<{ content: string }>('POST', `/api/rooms/${roomId}/messages/`, body)
  assert.deepEqual([answer.status, answer.body.content], [201, 'last'])
})

const openRooms = (count: number) => Array.from({ length: count }, (_, i) => ({ id: i + 1, since: 0 }))

const syncBodies: [what: string, body: string, statuses: number[]][] = [
  ['an id beyond 2^53', '{"rooms":{"9007199254740993":1}}', [400]],
  ['sixteen nines for an id', '{"rooms":{"9999999999999999":1}}', [400]],
  ['the largest id', '{"rooms":{"9007199254740991":1},"open":[{"id":9007199254740991,"since":0}]}', [200]],
  ['an id that is no number', '{"rooms":{"x":1}}', [400]],
  ['a constructor for an id', '{"rooms":{"constructor":1}}', [400]],
  ['a negative id', '{"rooms":{"-1":1}}', [400]],
  ['a version that is no number', '{"rooms":{"1":"1"}}', [400]],
  ['a version beyond 2^53', '{"rooms":{"1":9007199254740993}}', [400]],
  ['nine open rooms', JSON.stringify({ open: openRooms(9) }), [400]],
  ['eight open rooms', JSON.stringify({ open: openRooms(8) }), [200]],
  ['one room open twice', JSON.stringify({ open: [...openRooms(1), ...openRooms(1)] }), [400]],
  ['a negative position', '{"open":[{"id":1,"since":-1}]}', [400]],
  ['a position of the future', '{"user_version":9007199254740991,"open":[{"id":1,"since":9007199254740991}]}', [200]],
  [
    '10,000 rooms',
    JSON.stringify({ rooms: Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [i + 1, 1])) }),
    [200],
  ],
  [
    '10,001 rooms',
    JSON.stringify({ rooms: Object.fromEntries(Array.from({ length: 10_001 }, (_, i) => [i + 1, 1])) }),
    [400],
  ],
  ['40,000 keys that are no ids', keys(40_000), [200]],
  ['40,000 rooms that are no ids', `{"rooms":${keys(40_000)}}`, [400]],
  ['a list 200,000 deep for rooms', `{"rooms":${nested('[', ']', 200_000)}}`, [400]],
  ['another epoch', '{"epoch":"\\ud800","rooms":{"1":5}}', [200]],
]
for (const [what, body, statuses] of syncBodies) {
  test(`syncing with ${what} is ${statuses.join(' or ')}`, async () => {
    const answer = await cast.member.ask('POST', '/api/sync/', body)
    assert.ok(statuses.includes(answer.status), `${answer.status} ${answer.text.slice(0, 200)}`)
    assertAnswered(answer, what)
  })
}

const channelLists: [what: string, channels: unknown, status: number][] = [
  ['names that are none', ['', ' '], 400],
  ['a name of 256 characters', ['x'.repeat(256)], 400],
  ['129 names', Array(129).fill('workspace'), 400],
  ['one name 128 times', Array(128).fill('workspace'), 200],
  [
    'names of nothing',
    [
      '\ud800',
      '\u0000',
      'here:',
      'here:0',
      'here:-1',
      'here:1e3',
      'here:99999999999999999',
      '__proto__',
      'room:1',
      '*',
    ],
    200,
  ],
]
for (const [what, channels, status] of channelLists) {
  test(`asking tokens for ${what} is ${status}`, async () => {
    const answer = await cast.member.ask<{ subscriptions: object }>('POST', '/api/token/', { channels })
    assert.equal(answer.status, status, answer.text.slice(0, 200))
    if (status === 400) assertRefused(answer, what)
    else assert.ok(Object.keys(answer.body.subscriptions).every((channel) => channel === 'workspace'))
  })
}
