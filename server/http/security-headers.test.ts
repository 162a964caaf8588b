import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { startTestServer, type TestServer } from '../testing/server.ts'

let server: TestServer
let webFolder: string
before(async () => {
  webFolder = await mkdtemp(join(tmpdir(), 'grandchat-web-'))
  await mkdir(join(webFolder, 'assets'))
  await writeFile(join(webFolder, 'index.html'), '<!doctype html><title>The app</title>')
  await writeFile(join(webFolder, 'assets/app-1a2b.js'), 'export {}')
  await writeFile(join(webFolder, '.hidden'), 'not for anyone')
  server = await startTestServer({}, { webFolder })
})
after(async () => {
  await server.stop()
  await rm(webFolder, { recursive: true })
})

const expected = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data: blob:; " +
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

const json = 'application/json; charset=utf-8'
const html = 'text/html; charset=utf-8'
const noStore = 'no-store'

const answers: [method: string, path: string, body: string | undefined, status: number, type: string, kept: string][] =
  [
    ['GET', '/api/me/', undefined, 200, json, noStore],
    ['HEAD', '/api/me/', undefined, 200, json, noStore],
    ['GET', '/%61pi/me/', undefined, 200, json, noStore],
    ['GET', '/api/rooms/?page=x', undefined, 400, json, noStore],
    ['GET', '/api/rooms/%ff/', undefined, 400, json, noStore],
    ['GET', '/api/rooms/1/', undefined, 404, json, noStore],
    ['GET', `/api/invites/${'a'.repeat(500)}/`, undefined, 404, json, noStore],
    ['GET', '/api/nothing/', undefined, 404, json, noStore],
    ['GET', '/api/..;/me/', undefined, 404, json, noStore],
    ['GET', '//api/me/', undefined, 400, json, noStore],
    ['GET', '/api%2fme%2f', undefined, 200, html, 'no-cache'],
    ['DELETE', '/api/rooms/', undefined, 404, json, noStore],
    ['POST', '/api/rooms/', '{', 400, json, noStore],
    ['POST', '/api/rooms/', JSON.stringify({ name: 'x'.repeat(200_000) }), 413, json, noStore],
    ['GET', '/health/live', undefined, 200, json, noStore],
    ['GET', '/connection/websocket', undefined, 404, json, noStore],
    ['GET', '/api/docs/', undefined, 200, html, noStore],
    ['GET', '/api/docs/style.css', undefined, 200, 'text/css; charset=utf-8', noStore],
    ['GET', '/api/openapi.json', undefined, 200, json, noStore],
    ['GET', '/', undefined, 200, html, 'no-cache'],
    ['GET', '/rooms/5', undefined, 200, html, 'no-cache'],
    [
      'GET',
      '/assets/app-1a2b.js',
      undefined,
      200,
      'application/javascript; charset=utf-8',
      'public, max-age=31536000, immutable',
    ],
    ['GET', '/assets/none.js', undefined, 404, json, noStore],
    ['GET', '/assets/', undefined, 404, json, noStore],
    ['GET', '/.hidden', undefined, 404, json, noStore],
    ['GET', '/.git/config', undefined, 404, json, noStore],
    ['GET', '/..%2f..%2f..%2fetc/passwd', undefined, 404, json, noStore],
    ['GET', '/room*', undefined, 200, html, 'no-cache'],
    ['GET', '/metrics', undefined, 200, html, 'no-cache'],
  ]

for (const [method, path, body, status, type, kept] of answers) {
  test(`${method} ${path.slice(0, 40)} (${status}) carries every security header and is kept as long as it may be`, async () => {
    const olga = await server.owner()
    const answer = await olga.ask(method, path, body)
    assert.equal(answer.status, status, answer.text)
    const carried = Object.fromEntries(Object.keys(expected).map((name) => [name, answer.headers.get(name)]))
    assert.deepEqual(carried, expected)
    assert.equal(answer.headers.get('content-type'), type)
    assert.equal(answer.headers.get('cache-control'), kept)
  })
}

test('no answer lets another site read it or names the software', async () => {
  const olga = await server.owner()
  for (const method of ['GET', 'OPTIONS']) {
    const { headers } = await olga.ask(method, '/api/me/', undefined, {
      origin: 'https://evil.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-csrftoken',
    })
    const told = [...headers.keys()].filter((name) => /^access-control|^server$|^x-powered-by$/.test(name))
    assert.deepEqual(told, [])
  }
})

test('behind a trusted proxy that speaks HTTPS, browsers are told to stay with HTTPS', async () => {
  const behindProxy = await startTestServer({ TRUSTED_PROXIES: '127.0.0.1' })
  try {
    const secure = { 'x-forwarded-proto': 'https' }
    const answer = await behindProxy.visitor().ask('GET', '/api/csrf/', undefined, secure)
    assert.equal(answer.headers.get('strict-transport-security'), 'max-age=31536000')
    const plain = await server.visitor().ask('GET', '/api/csrf/', undefined, secure)
    assert.equal(plain.headers.get('strict-transport-security'), null)
  } finally {
    await behindProxy.stop()
  }
})

/** Words that stand for what nobody but the server may know, and what they would look like in JSON. */
const secretNames = /"(password|password_hash|email|secret|secret_hash|code_hash|username_folded|disabled_at)"/

test('nothing that a member can read holds a hash, an e-mail address or a secret', async () => {
  const olga = await server.owner()
  const account = { username: 'mail', password: 'mail has a password', email: 'mail@example.com' }
  const created = await olga.ask('POST', '/api/users/', account)
  assert.equal(created.status, 201)
  const mail = await server.visitor().signIn('mail')
  const room = await olga.createRoom('Letters')
  await mail.join(room.id)
  await mail.send(room.id, 'hello')
  const reads = [
    await mail.ask('GET', '/api/me/'),
    await mail.ask('GET', `/api/rooms/${room.id}/members/`),
    await mail.ask('GET', `/api/rooms/${room.id}/messages/`),
    await mail.ask('GET', `/api/rooms/${room.id}/changes/?since=0`),
    await mail.ask('GET', '/api/rooms/'),
    await mail.ask('GET', '/api/search/?q=Letters'),
    await mail.ask('POST', '/api/sync/', { open: [{ id: room.id, since: 0 }] }),
    created,
  ]
  for (const { status, text } of reads) {
    assert.ok(status === 200 || status === 201, text)
    assert.ok(text.includes('mail') || text.includes('Letters'), text)
    assert.doesNotMatch(text, secretNames)
    assert.doesNotMatch(text, /mail@example\.com|\$argon2/)
  }
})
