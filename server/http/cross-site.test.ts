import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, test } from 'node:test'
import type { ErrorBody } from '@grandchat/contracts/errors'
import type { Person } from '../testing/person.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

let server: TestServer
let behindDomain: TestServer
let ann: Person
let host: string
before(async () => {
  server = await startTestServer()
  behindDomain = await startTestServer({ PUBLIC_URL: 'https://chat.example.com' })
  ann = await server.member('ann')
  host = new URL(server.url).host
})
after(async () => {
  await server.stop()
  await behindDomain.stop()
})

const createRoom = (headers: Record<string, string>, person = ann) =>
  person.ask<ErrorBody>('POST', '/api/rooms/', { name: 'Kitchen', kind: 'public' }, headers)

const csrfFailed = {
  detail: 'the CSRF token is missing or not valid, or the request comes from another site',
  code: 'csrf_failed',
}

async function assertNoRoom(headers: Record<string, string>): Promise<void> {
  const count = async () => (await ann.get<{ count: number }>('/api/rooms/')).count
  const before = await count()
  const { status, body } = await createRoom(headers)
  assert.deepEqual([status, body], [403, csrfFailed])
  assert.equal(await count(), before)
}

test('with a token and our own origin, or none, a request passes', async () => {
  const passing: Record<string, string>[] = [
    {},
    { origin: server.url },
    { 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'none' },
  ]
  for (const headers of passing) {
    assert.equal((await createRoom(headers)).status, 201, JSON.stringify(headers))
  }
})

const tokens: [what: string, token: (good: string) => string][] = [
  ['no token', () => ''],
  ['a garbled token', () => 'garbled'],
  ['a token with another signature', (good) => `${good.slice(0, -4)}AAAA`],
  ['a token with another nonce', (good) => `${good[0] === 'x' ? 'y' : 'x'}${good.slice(1)}`],
  ['a signature alone', (good) => `.${good.split('.')[1]}`],
  ['a nonce alone', (good) => good.split('.')[0]!],
  ['a token with more behind it', (good) => `${good}x`],
  ['a token twice', (good) => `${good}, ${good}`],
  ['a very long token', (good) => good.repeat(50)],
  ['a dot', () => '.'],
]
for (const [what, token] of tokens) {
  test(`${what} is refused, and nothing happens`, async () => {
    await assertNoRoom({ 'x-csrftoken': token(await ann.csrf()) })
  })
}

test("another installation's token is refused", async () => {
  const { CsrfTokens } = await import('./csrf.ts')
  await assertNoRoom({ 'x-csrftoken': new CsrfTokens('another secret').make() })
})

test('a token goes on being good after signing in and out, and for somebody else', async () => {
  const visitor = server.visitor()
  const headers = { 'x-csrftoken': await visitor.csrf() }
  await visitor.signIn('ann')
  assert.equal((await createRoom(headers, visitor)).status, 201)
  await visitor.post('/api/logout/')
  await visitor.signIn('ann')
  assert.equal((await createRoom(headers, visitor)).status, 201)
  assert.equal((await createRoom(headers)).status, 201)
})

const foreignOrigins = (own: string) => [
  'https://evil.example',
  'null',
  '',
  'https://chat.example.com.evil.example',
  'https://good.evil.com',
  `http://evil.${own}`,
  `http://${own}.evil.example`,
  `http://${own}@evil.example`,
  `http://${own.split(':')[0]}:1`,
  `http://${own.split(':')[0]}`,
  `ftp://${own}`,
  `file://${own}`,
  own,
  `http://${own}, https://evil.example`,
  'http://[::1',
  'nonsense',
]

test('from a foreign origin nothing happens, even with a token', async () => {
  for (const origin of foreignOrigins(host)) {
    if (origin !== '') await assertNoRoom({ origin })
  }
  await assertNoRoom({ 'sec-fetch-site': 'cross-site' })
  await assertNoRoom({ 'sec-fetch-site': 'cross-site', origin: server.url })
})

test('a form of another site changes nothing: it can send neither our header nor JSON', async () => {
  for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x']) {
    const response = await fetch(`${server.url}/api/rooms/`, {
      method: 'POST',
      headers: { cookie: ann.cookie, 'content-type': type },
      body: '{"name":"Kitchen","kind":"public","x":"="}',
    })
    assert.equal(response.status, 403)
  }
})

test('signing in and out need the token too', async () => {
  const visitor = server.visitor()
  for (const path of ['/api/login/', '/api/logout/', '/api/setup/', '/api/token/', '/api/sync/', '/api/nothing/']) {
    const { status, body } = await visitor.ask<ErrorBody>('POST', path, {}, { 'x-csrftoken': 'none' })
    if (path === '/api/nothing/') assert.equal(status, 404)
    else assert.deepEqual([status, body], [403, csrfFailed], path)
  }
})

test('with a public address only that origin passes', async () => {
  const owner = await behindDomain.owner()
  const statuses: Record<string, number> = {}
  for (const origin of [
    'https://chat.example.com',
    'http://chat.example.com',
    'https://chat.example.com:444',
    behindDomain.url,
  ]) {
    statuses[origin] = (await createRoom({ origin }, owner)).status
  }
  assert.deepEqual(Object.values(statuses), [201, 403, 403, 403])
})

/** The status that a WebSocket handshake is answered with. */
function shakeHands(url: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/connection/websocket`, {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        ...headers,
      },
    })
    sent.on('upgrade', (response, socket) => {
      socket.destroy()
      resolve(response.statusCode ?? 0)
    })
    sent.on('response', (response) => resolve(response.resume().statusCode ?? 0))
    sent.on('error', reject).end()
  })
}

test('a socket is opened from our own origin and from programs, not from other sites', async () => {
  assert.equal(await shakeHands(server.url, {}), 101)
  assert.equal(await shakeHands(server.url, { origin: server.url }), 101)
  for (const origin of foreignOrigins(host)) assert.equal(await shakeHands(server.url, { origin }), 403, origin)
})

test('with a public address only that origin opens a socket', async () => {
  assert.equal(await shakeHands(behindDomain.url, { origin: 'https://chat.example.com' }), 101)
  for (const origin of [behindDomain.url, 'http://chat.example.com', 'https://evil.chat.example.com', 'null']) {
    assert.equal(await shakeHands(behindDomain.url, { origin }), 403, origin)
  }
})

const noHandshakes: Record<string, string>[] = [
  { 'sec-websocket-key': 'short' },
  { 'sec-websocket-key': '' },
  { 'sec-websocket-version': '99' },
  { 'sec-websocket-protocol': ',,' },
  { upgrade: 'h2c' },
]
test('what is no handshake opens no socket', async () => {
  for (const headers of noHandshakes) {
    const status = await shakeHands(server.url, headers)
    assert.ok(status >= 400 && status < 500, `${JSON.stringify(headers)}: ${status}`)
  }
  assert.equal(await shakeHands(server.url, {}), 101)
})
