import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Person } from '../testing/person.ts'
import { passwordOf, startTestServer, type TestServer } from '../testing/server.ts'

let server: TestServer
let ann: Person
before(async () => {
  server = await startTestServer()
  ann = await server.member('ann')
})
after(() => server.stop())

const logIn = (body: unknown, person = server.visitor()) => person.ask('POST', '/api/login/', body)
const right = { username: 'ann', password: passwordOf('ann') }

const invalidCredentials = { detail: 'invalid credentials', code: 'invalid_credentials' }
const provideBoth = { detail: 'provide username and password', code: 'invalid_input' }

test('signing in answers as the contract says and sets a cookie that scripts cannot read', async () => {
  const { status, body, headers } = await logIn(right)
  const settings = { push_notifications: { enabled: false, vapid_public_key: '', firebase_config: {} } }
  assert.equal(status, 200)
  assert.deepEqual(body, { id: ann.id, username: 'ann', settings })
  assert.match(headers.getSetCookie().join('\n'), /^session=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/)
})

test('over HTTPS the cookie is bound to this host', async () => {
  const behindProxy = await startTestServer({ TRUSTED_PROXIES: '127.0.0.1' })
  try {
    await behindProxy.member('ann')
    const overHttps = { 'x-forwarded-proto': 'https' }
    const visitor = behindProxy.visitor()
    const { headers } = await visitor.ask('POST', '/api/login/', right, overHttps)
    assert.match(headers.getSetCookie()[0]!, /^__Host-session=[\w-]{43}; .*Path=\/; HttpOnly; Secure; SameSite=Lax$/)
    assert.equal((await visitor.ask('GET', '/api/me/', undefined, overHttps)).status, 200)
    assert.equal((await visitor.ask('GET', '/api/me/')).status, 403, 'not over plain HTTP')
  } finally {
    await behindProxy.stop()
  }
})

test('an unknown user and a wrong password get the same answer', async () => {
  const unknown = await logIn({ username: 'nobody-here', password: 'some password' })
  const wrong = await logIn({ username: 'ann', password: 'some password' })
  assert.deepEqual([unknown.status, unknown.body], [400, invalidCredentials])
  assert.equal(wrong.text, unknown.text)
  assert.deepEqual([...wrong.headers.keys()], [...unknown.headers.keys()])
})

test('a disabled account answers like one that never was, and its sessions end', async () => {
  const dora = await server.member('dora')
  assert.equal((await dora.me()).username, 'dora')
  await server.services.db.updateTable('users').set({ disabled_at: 'now' }).where('id', '=', dora.id).execute()
  assert.equal((await dora.ask('GET', '/api/me/')).status, 403)
  const answer = await logIn({ username: 'dora', password: passwordOf('dora') })
  assert.deepEqual([answer.status, answer.body], [400, invalidCredentials])
})

const incomplete: [what: string, body: unknown][] = [
  ['nothing', undefined],
  ['an empty body', ''],
  ['an empty object', {}],
  ['no password', { username: 'ann' }],
  ['no username', { password: 'x' }],
  ['an empty password', { username: 'ann', password: '' }],
  ['an empty username', { username: '', password: 'x' }],
]
for (const [what, body] of incomplete) {
  test(`${what}: asks for both`, async () => {
    const answer = await logIn(body)
    assert.deepEqual([answer.status, answer.body], [400, provideBoth])
  })
}

const wrongTypes: [what: string, body: unknown][] = [
  ['an operator for a username', { username: { $ne: null }, password: { $ne: null } }],
  ['a list of usernames', { username: ['ann', 'bob'], password: 'x' }],
  ['a number', { username: 1, password: 2 }],
  ['true', { username: true, password: true }],
  ['null', { username: null, password: null }],
  ['a list for a body', [right]],
  ['a string for a body', '"ann"'],
]
for (const [what, body] of wrongTypes) {
  test(`${what} signs nobody in`, async () => {
    const answer = await logIn(body)
    assert.equal(answer.status, 400)
    assert.equal((answer.body as { code: string }).code, 'invalid_input')
    assert.deepEqual(answer.headers.getSetCookie(), [])
  })
}

test('a password is compared whole: no cutting, no trimming, no folding', async () => {
  const password = `${'x'.repeat(100)}Ü${'🙂'.repeat(20)}`
  await (await server.owner()).post('/api/users/', { username: 'long', password }, 201)
  const near = [
    password.slice(0, 72),
    password.slice(0, -2),
    `${password} `,
    password.toLowerCase(),
    `${password}\u0000`,
  ]
  for (const guess of near) assert.equal((await logIn({ username: 'long', password: guess })).status, 400)
  assert.equal((await logIn({ username: 'long', password })).status, 200)
})

test('a username is found however it is written', async () => {
  for (const username of ['ann', 'Ann', 'ANN', 'ａｎｎ']) {
    assert.equal((await logIn({ username, password: passwordOf('ann') })).status, 200, username)
  }
  for (const username of ['an\u0000n', 'ann\u0000', 'ann\u200b', 'аnn', '%61nn', "ann' or 1=1 --"]) {
    assert.equal((await logIn({ username, password: passwordOf('ann') })).status, 400, JSON.stringify(username))
  }
})

test('every sign-in makes a new session and ends the one that this browser had', async () => {
  const browser = await server.visitor().signIn('ann')
  const first = browser.cookie
  await browser.signIn('ann')
  assert.notEqual(browser.cookie, first)
  assert.equal((await browser.me()).username, 'ann')
  browser.cookie = first
  assert.equal((await browser.ask('GET', '/api/me/')).status, 403)
})

test('a session that somebody else put into the browser is never used', async () => {
  const planted = `session=${'A'.repeat(43)}`
  const victim = server.visitor()
  victim.cookie = planted
  await victim.signIn('ann')
  assert.notEqual(victim.cookie, planted)
  const attacker = server.visitor()
  attacker.cookie = planted
  assert.equal((await attacker.ask('GET', '/api/me/')).status, 403)
})

const cookies = [
  'session=',
  'session=%ff',
  'session=%00',
  `session=${'A'.repeat(5_000)}`,
  'session=a; session=b',
  '__proto__=1',
  '=',
  ';;;',
  'session="',
]
for (const cookie of cookies) {
  test(`the cookie ${cookie.slice(0, 30)} is nobody's`, async () => {
    const answer = await server.visitor().ask('GET', '/api/me/', undefined, { cookie })
    assert.deepEqual([answer.status, answer.body], [403, { detail: 'sign in first', code: 'sign_in_required' }])
  })
}

test('after signing out the cookie is dead, here and wherever it was copied to', async () => {
  const browser = await server.visitor().signIn('ann')
  const other = await server.visitor().signIn('ann')
  const copy = server.visitor()
  copy.cookie = browser.cookie
  assert.deepEqual((await browser.ask('POST', '/api/logout/', { device_id: 'phone' })).body, {})
  assert.equal(browser.cookie, '', 'the browser forgets it')
  const again = await copy.ask('GET', '/api/me/')
  assert.equal(again.status, 403)
  assert.equal((await copy.ask('GET', '/api/token/connection/')).status, 401)
  assert.equal((await copy.ask('POST', '/api/logout/', {})).status, 403)
  assert.equal((await other.me()).username, 'ann', 'other sessions go on')
})

test('only a hash of the cookie is stored', async () => {
  const browser = await server.visitor().signIn('ann')
  const rows = await server.services.db.selectFrom('sessions').selectAll().execute()
  assert.ok(rows.length > 0)
  assert.ok(!JSON.stringify(rows.map((row) => row.secret_hash.toString())).includes(browser.cookie.split('=')[1]!))
  assert.ok(rows.every((row) => row.secret_hash.length === 32))
})

test('a Bearer value without a key of ours is ignored', async () => {
  const browser = await server.visitor().signIn('ann')
  const headers = { authorization: 'Bearer null' }
  assert.equal((await browser.ask('GET', '/api/me/', undefined, headers)).status, 200)
  assert.equal((await server.visitor().ask('GET', '/api/me/', undefined, headers)).status, 403)
})
