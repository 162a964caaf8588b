import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import type { ErrorBody } from '@grandchat/contracts/errors'
import { askRaw, openRaw, readAnswer } from '../testing/raw.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

let server: TestServer
before(async () => {
  server = await startTestServer()
})
after(() => server.stop())

const get = (path: string, ...headers: string[]) =>
  [`GET ${path} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers, '', ''].join('\r\n')
const post = (headers: string[], body = '') =>
  ['POST /api/login/ HTTP/1.1', 'Host: localhost', 'Content-Type: application/json', ...headers, '', body].join('\r\n')

async function isAlive() {
  assert.equal((await askRaw(server.url, get('/api/csrf/'))).status, 200)
}

const garbled: [what: string, request: string, statuses: number[]][] = [
  ['no HTTP at all', 'GARBAGE\r\n\r\n', [400]],
  ['TLS on the plain port', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001', [400]],
  ['a path that is no path', get('nothing'), [400]],
  ['a space in the path', get('/api/csrf/ /x'), [400]],
  ['a header without a colon', get('/api/csrf/', 'nonsense'), [400]],
  ['a NUL in a header', get('/api/csrf/', 'X-A: a\u0000b'), [400]],
  ['a header of 20 kB', get('/api/csrf/', `X-A: ${'a'.repeat(20_000)}`), [431]],
  ['a User-Agent of 64 kB', get('/api/csrf/', `User-Agent: ${'a'.repeat(65_536)}`), [431]],
  ['a path of 20 kB', get(`/api/${'a'.repeat(20_000)}`), [431]],
  ['10,000 headers', get('/api/csrf/', ...Array.from({ length: 10_000 }, (_, i) => `X-${i}: 1`)), [431]],
  ['no Host', 'GET /api/csrf/ HTTP/1.1\r\nConnection: close\r\n\r\n', [400]],
  ['two lengths', post(['Content-Length: 5', 'Content-Length: 6'], '{}   '), [400]],
  ['a length and chunks at once', post(['Content-Length: 5', 'Transfer-Encoding: chunked'], '0\r\n\r\n'), [400]],
  ['a negative length', post(['Content-Length: -1'], '{}'), [400]],
  ['a length that is no number', post(['Content-Length: 0x10'], '{}'), [400]],
  ['a chunk that is no chunk', post(['Transfer-Encoding: chunked'], 'zz\r\n{}\r\n'), [400, 403]],
  ['an unknown transfer coding', post(['Transfer-Encoding: gzip', 'Connection: close'], '{}'), [400, 403, 501]],
  ['a method that nobody knows', 'BREW /api/csrf/ HTTP/1.1\r\nHost: localhost\r\n\r\n', [400]],
  ['CONNECT', 'CONNECT localhost:1 HTTP/1.1\r\nHost: localhost\r\n\r\n', [0]],
  ['TRACE', get('/api/me/').replace('GET', 'TRACE'), [404]],
  ['an asterisk for a path', get('*'), [404]],
  ['HTTP/2 without TLS', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400]],
  ['an expectation that nobody meets', get('/api/csrf/', 'Expect: miracles'), [417]],
]

for (const [what, request, statuses] of garbled) {
  test(`${what} is refused and the server lives on`, async () => {
    const answer = await askRaw(server.url, request)
    assert.ok(statuses.includes(answer.status), `${answer.status}: ${answer.head}`)
    if (/content-type: application\/json/i.test(answer.head)) {
      const body = JSON.parse(answer.body) as ErrorBody
      assert.deepEqual(Object.keys(body), ['detail', 'code'])
    }
    await isAlive()
  })
}

test('requests without a User-Agent, or with an odd one, are answered', async () => {
  for (const agent of ['', 'User-Agent: \u00ff\u00fe', 'User-Agent: ()<>@,;:\\"/[]?={}']) {
    assert.equal((await askRaw(server.url, get('/api/csrf/', agent).replace('\r\n\r\n\r\n', '\r\n\r\n'))).status, 200)
  }
})

test('an address with a host of its own in it is kept by nobody', async () => {
  const { status, head } = await askRaw(server.url, get('http://evil.example/api/csrf/'))
  assert.equal(status, 200)
  assert.match(head, /cache-control: no-store/)
})

test('a body that is shorter than it says is waited for no longer than its sender', async () => {
  const token = (await server.visitor().ask('GET', '/api/csrf/')).headers.get('x-csrftoken')
  const socket = openRaw(server.url)
  socket.write(post([`X-CSRFToken: ${token}`, 'Content-Length: 1000'], '{"username":'))
  await once(socket, 'connect')
  socket.end()
  assert.ok([0, 400].includes((await readAnswer(socket)).status))
  await isAlive()
})

test('a body that never ends is cut off at the limit', async () => {
  const token = (await server.visitor().ask('GET', '/api/csrf/')).headers.get('x-csrftoken')
  const socket = openRaw(server.url)
  const answer = readAnswer(socket)
  socket.write(post([`X-CSRFToken: ${token}`, 'Transfer-Encoding: chunked']))
  const chunk = `1000\r\n${' '.repeat(4096)}\r\n`
  let sent = 0
  while (!socket.destroyed && sent < 16 * 1024 * 1024) {
    sent += 4096
    if (!socket.write(chunk)) await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => undefined)
  }
  socket.destroy()
  await answer
  assert.ok(sent < 16 * 1024 * 1024, 'the server took 16 MB of it')
  await isAlive()
})

test('a request that is begun and left lying takes nothing from others', async () => {
  const lying = Array.from({ length: 50 }, () => openRaw(server.url))
  for (const socket of lying) socket.write('POST /api/login/ HTTP/1.1\r\nHost: localhost\r\nX-')
  await isAlive()
  for (const socket of lying) socket.destroy()
})

test('a request to upgrade what cannot be upgraded is refused, also when its sender hangs up', async () => {
  const upgrade = get('/somewhere', 'Upgrade: websocket').replace('Connection: close', 'Connection: Upgrade')
  assert.equal((await askRaw(server.url, upgrade)).status, 404)
  for (let i = 0; i < 20; i++) {
    const socket = openRaw(server.url)
    await once(socket, 'connect')
    socket.write(upgrade + 'x'.repeat(100_000))
    socket.resetAndDestroy()
  }
  await isAlive()
})
