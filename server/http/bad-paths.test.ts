import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { assertAlive, assertAnswered, assertRefused, fingerprint } from '../testing/bad-input.ts'
import { type Cast, gatherCast, openRoom } from '../testing/cast.ts'
import type { Person } from '../testing/person.ts'
import { askRaw } from '../testing/raw.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import type { RouteName } from './route-list.ts'

let server: TestServer
let cast: Cast
let roomId: number
let description: { paths: Record<string, { get?: { parameters?: { name: string; in: string }[] } }> }
before(async () => {
  server = await startTestServer()
  cast = await gatherCast(server)
  roomId = (await openRoom(server, cast, 'public')).id
  description = await cast.member.get('/api/openapi.json')
})
after(() => server.stop())

/** Bodies with which the routes would do something if the id were one. */
const bodies: Record<string, unknown> = {
  'POST /api/rooms/:id/messages/': { content: 'hello' },
  'PUT /api/rooms/:id/read-marker/': { seq: 0 },
  'POST /api/invites/:code/': { username: 'zoe', password: 'a long password' },
}

const badIds = [
  '-1', '0', '1e3', '1.5', '+1', '01', '0x1', 'abc', 'NaN', 'null', 'undefined', 'true', '1;', '1,2', '1%202', '%20',
  '%00', '%ff', '%c0%80', '%ed%a0%80', '1%00', '1%2F2', '..', '%2e%2e', '..%2f', '..;', '٣', '１', '{}', '[1]', '$ne',
  '__proto__', 'constructor', '2147483648', '9007199254740991', '9007199254740992', '9223372036854775807',
  '9223372036854775808', '99999999999999999999', '9'.repeat(299), '9'.repeat(301), '9'.repeat(5_000),
  '0d3b7a54-1f0e-4a43-9c39-5a3a5bb2f9a5', "1'%20or%201=1--",
] // prettier-ignore

const api = () => server.app.routeList.filter(({ url }) => url.startsWith('/api/') || url.startsWith('/health/'))
const withParameter = () => api().filter(({ url }) => url.includes('/:'))
const name = ({ method, url }: RouteName) => `${method} ${url}`
const fill = (url: string, value: string | number) => url.replace(/:\w+/g, String(value))
const bodyFor = (route: RouteName) => (/GET|HEAD/.test(route.method) ? undefined : (bodies[name(route)] ?? {}))

test('there are routes with ids to try', () => {
  assert.ok(withParameter().length >= 10)
})

test('what is no id names nothing, on every route', async () => {
  // Changes are limited by session, and these are many.
  const routes: [RouteName, Person][] = []
  for (const route of withParameter()) routes.push([route, await server.visitor().signIn(cast.roomOwner.username)])
  const before = await fingerprint(server.services)
  for (const [route, person] of routes) {
    for (const id of badIds) {
      // Below `..` there may be another route; a client resolves it before it asks.
      const path = fill(route.url, id)
      const answer = await person.ask(route.method, path, bodyFor(route))
      const what = `${route.method} ${path.slice(0, 80)}`
      if (route.method === 'HEAD') assert.ok([400, 404].includes(answer.status), `${what}: ${answer.status}`)
      else if (id === '..' || id === '%2e%2e') assertAnswered(answer, what)
      else assertRefused(answer, what, [400, 404])
    }
    await assertAlive(person)
  }
  assert.equal(await fingerprint(server.services), before)
})

/** The parameters that a route says it reads, by its description. */
function queryNames(url: string): string[] {
  const { parameters = [] } = description.paths[url.replace(/:(\w+)/g, '{$1}')]?.get ?? {}
  return parameters.filter((parameter) => parameter.in === 'query').map((parameter) => parameter.name)
}
const badNumbers = [
  '', '-1', '0', '1e9', '1e400', '1.5', 'NaN', 'Infinity', 'null', 'abc', '%00', '%ff', '%ud800', '%ed%a0%80', '%',
  '1000000000', '9007199254740991', '9007199254740992', '9223372036854775808', '9'.repeat(3_000), '%F0%9F%99%82',
  '%27%20or%201%3D1', '%25', '_', '%5C', '%5C%25', '2026-99-99T99:99:99.999999Z', '2026-02-30T00:00:00.000000Z',
  '0000-01-01T00:00:00.000000Z', '2026-11-22T23:59:60.000000Z',
] // prettier-ignore

const shapes = (name: string) => [
  ...badNumbers.map((value) => `${name}=${value}`),
  name,
  `${name}=1&${name}=2`,
  `${name}[]=1`,
  `${name}[$gt]=1`,
  `${name}[__proto__]=1`,
  `${name}.x=1`,
]

test('the routes say which query parameters they read', () => {
  assert.deepEqual(queryNames('/api/rooms/:id/messages/'), [
    'page',
    'before',
    'after',
    'around',
    'ids',
    'thread',
    'limit',
  ])
  assert.deepEqual(queryNames('/api/search/'), ['q', 'page', 'archived'])
})

test('no query string makes any route fail', async () => {
  const before = await fingerprint(server.services)
  for (const { method, url } of api()) {
    if (method !== 'GET') continue
    const path = fill(url, roomId)
    const queries = [...queryNames(url).flatMap(shapes), '__proto__[x]=1&constructor=1&page[]=%ff&%00=%']
    for (const query of queries) {
      const what = `${path}?${query.slice(0, 60)}`
      const answer = await cast.member.ask('GET', `${path}?${query}`)
      assertAnswered(answer, what)
    }
    await assertAlive(cast.member)
  }
  assert.equal(await fingerprint(server.services), before)
})

const strict: [query: string, status: number][] = [
  ['', 200],
  ['?page=1', 200],
  ['?page=2', 404],
  ['?page=0', 400],
  ['?page=-1', 400],
  ['?page=NaN', 400],
  ['?page=9007199254740991', 404],
  ['?page=1&page=1', 400],
  ['?limit=100', 200],
  ['?limit=0', 400],
  ['?limit=101', 400],
  ['?limit=1000000000', 400],
  ['?limit=1e2', 400],
  ['?limit=NaN', 400],
  ['?limit[]=5', 200],
  ['?before=1', 200],
  ['?before=0', 200],
  ['?after=9007199254740991', 200],
  ['?after=9007199254740992', 400],
  ['?before=5&after=5', 400],
  ['?before=5&page=1', 400],
  ['?before=abc', 400],
  ['?around=0', 404],
  ['?around=9007199254740991', 404],
  ['?around=5&before=5', 400],
  ['?ids=1', 200],
  ['?ids=1,2,9007199254740991', 200],
  ['?ids=9007199254740992', 400],
  ['?ids=', 400],
  ['?ids=1,', 400],
  ['?ids=1,,2', 400],
  ['?ids=1%2C2', 200],
  ['?ids=1&ids=2', 400],
  ['?ids=1&around=1', 400],
  ['?thread=1', 200],
  ['?thread=0', 400],
  ['?thread=1&ids=1', 400],
  ['?thread=1&page=1', 400],
  [`?ids=${Array.from({ length: 100 }, (_, i) => i + 1).join(',')}`, 200],
  [`?ids=${Array.from({ length: 101 }, (_, i) => i + 1).join(',')}`, 400],
  ['?before=1&before=2', 400],
]
for (const [query, status] of strict) {
  test(`history with ${query || 'no query'} is ${status}`, async () => {
    const answer = await cast.member.ask('GET', `/api/rooms/${roomId}/messages/${query}`)
    assert.equal(answer.status, status, answer.text)
    assertAnswered(answer, query)
  })
}

test('an id from another room bounds a page, but shows nothing of that room', async () => {
  const other = await openRoom(server, cast, 'private')
  const secret = await cast.roomOwner.send(other.id, 'only for those inside')
  const own = await cast.member.send(roomId, 'for all')
  for (const query of [`?after=${secret.id - 1}`, `?before=${secret.id + 1}`, `?after=${secret.id}`]) {
    const { text } = await cast.member.ask('GET', `/api/rooms/${roomId}/messages/${query}`)
    assert.ok(!text.includes('only for those inside'))
  }
  assert.ok(own.id > secret.id)
})

const oddMethods = ['PUT', 'POST', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'LOCK', 'MKCOL', 'SEARCH', 'QUERY']

test('a method that a route does not have finds nothing', async () => {
  const before = await fingerprint(server.services)
  const has = new Set(server.app.routeList.map(name))
  for (const url of new Set(api().map((route) => route.url))) {
    for (const method of oddMethods) {
      if (has.has(`${method} ${url}`)) continue
      const answer = await cast.owner.ask(method, fill(url, roomId), {})
      assertRefused(answer, `${method} ${url}`, [400, 404, 405])
    }
  }
  assert.equal(await fingerprint(server.services), before)
})

const oddPaths = [
  '//api/me/', '/api//me/', '/api/me//', '/API/me/', '/api/./me/', '/api/..;/me/', '/api/me/..;/', '/api;/me/', '/api/me;x=1/',
  '/api/me/%2e%2e/me/', '/api%2fme%2f', '/api%5cme', '/api/me/%00', '/api/me%00/', '/api/me/.json', '/api/rooms/1/messages/1/',
  '/api/%F0%9F%99%82/', '/api/%', '/api/%zz', '/api/%c3', '/%', '/..', '/../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/api/*', '/*',
  `/api/${'x/'.repeat(4_000)}`, `/api/${'%2f'.repeat(3_000)}`, '/?', '/#', '/api/me/?__proto__[x]=1', '/api/me/?%', '/__proto__', '/api/constructor/',
] // prettier-ignore

test('no way of writing a path makes the server fail', async () => {
  for (const path of oddPaths) {
    const request = `GET ${path} HTTP/1.1\r\nHost: localhost\r\nCookie: ${cast.member.cookie}\r\nConnection: close\r\n\r\n`
    const { status, body } = await askRaw(server.url, request)
    assert.ok(status >= 200 && status < 500, `${path.slice(0, 60)}: ${status}`)
    if (status >= 400) assert.ok('code' in (JSON.parse(body) as object), path.slice(0, 60))
  }
  await assertAlive(cast.member)
})
