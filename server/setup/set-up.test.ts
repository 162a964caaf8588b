import assert from 'node:assert/strict'
import { request } from 'node:http'
import { test, type TestContext } from 'node:test'
import type { ErrorBody } from '@grandchat/contracts/errors'
import type { SignedIn } from '@grandchat/contracts/sessions/schema'
import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { setUp } from './set-up.ts'

async function start(t: TestContext, settings: Record<string, string> = {}): Promise<TestServer> {
  const server = await startTestServer(settings)
  t.after(() => server.stop())
  return server
}

const account = (username: string, more: object = {}) => ({ username, password: 'a long password', ...more })

/** `fetch` does not let us choose the Host. */
async function askAs(server: TestServer, host: string, body: object): Promise<{ status: number; body: ErrorBody }> {
  const csrf = await server.visitor().csrf()
  return new Promise((resolve, reject) => {
    const headers = { host, 'x-csrftoken': csrf, 'content-type': 'application/json' }
    const sent = request(`${server.url}/api/setup/`, { method: 'POST', headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as ErrorBody }))
    })
    sent.on('error', reject).end(JSON.stringify(body))
  })
}

test('the first visitor becomes the owner, and after that nobody ever does', async (t) => {
  const server = await start(t)
  assert.deepEqual(await server.visitor().get('/api/setup/'), { needed: true, code_required: false })
  const olga = server.visitor()
  const body = await olga.post<SignedIn>('/api/setup/', account('olga', { email: 'olga@example.com' }), 201)
  assert.deepEqual(Object.keys(body), ['id', 'username', 'settings'])
  assert.equal((await olga.me()).role, 'owner')
  assert.deepEqual(await server.visitor().get('/api/setup/'), { needed: false, code_required: false })
  for (const name of ['second', 'olga']) {
    const late = await server.visitor().ask('POST', '/api/setup/', account(name, { code: server.services.setupCode }))
    assert.equal(late.status, 409)
    assert.deepEqual(late.body, { detail: 'this installation has an owner already', code: 'already_set_up' })
  }
})

test('of ten who set up at once one becomes the owner', async (t) => {
  const server = await start(t)
  const tries = Array.from({ length: 10 }, (_, i) => server.visitor().ask('POST', '/api/setup/', account(`first-${i}`)))
  const statuses = (await Promise.all(tries)).map((answer) => answer.status).toSorted((a, b) => a - b)
  assert.deepEqual(statuses, [201, ...Array<number>(9).fill(409)])
  const users = await server.services.db.selectFrom('users').select('role').execute()
  assert.deepEqual(users, [{ role: 'owner' }])
})

/** How many connections to this database wait for a lock. */
async function countWaiting(db: Database): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(db)
  return rows[0]!.count
}

test('of ten who reach the database at the same moment one becomes the owner', async (t) => {
  const { db } = (await start(t)).services
  // Nobody can write while the table is locked, so all ten have looked for users before one is made.
  const tries = await db.transaction().execute(async (tx) => {
    await sql`lock table users in share mode`.execute(tx)
    const tries = Array.from({ length: 10 }, (_, i) => setUp(db, { username: `first-${i}`, passwordHash: 'x' }))
    const settled = Promise.allSettled(tries)
    // Not within the transaction, which would see the same activity for ever.
    while ((await countWaiting(db)) < 10);
    return { settled }
  })
  const outcomes = await tries.settled
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
  assert.equal((await db.selectFrom('users').select('id').execute()).length, 1)
})

const fromAfar: [what: string, headers: Record<string, string>][] = [
  ['a request that a proxy passed on', { 'x-forwarded-for': '127.0.0.1' }],
  ['a request with an empty forwarding header', { 'x-forwarded-for': '' }],
  ['a request that was forwarded in the standard way', { forwarded: 'for=127.0.0.1' }],
]
for (const [what, headers] of fromAfar) {
  test(`${what} needs the code`, async (t) => {
    const server = await start(t)
    assert.deepEqual((await server.visitor().ask('GET', '/api/setup/', undefined, headers)).body, {
      needed: true,
      code_required: true,
    })
    const refused = await server.visitor().ask<ErrorBody>('POST', '/api/setup/', account('mallory'), headers)
    assert.deepEqual([refused.status, refused.body.code], [403, 'setup_code_required'])
    const { setupCode } = server.services
    const owner = server.visitor()
    const accepted = await owner.ask('POST', '/api/setup/', account('olga', { code: setupCode }), headers)
    assert.equal(accepted.status, 201, accepted.text)
  })
}

test('a page elsewhere that points its own name at this machine needs the code', async (t) => {
  const server = await start(t)
  const hosts = ['evil.example', 'evil.example:9000', '127.0.0.1.evil.example', 'localhost.evil.example', '192.0.2.1']
  for (const host of hosts) {
    const { status, body } = await askAs(server, host, account('mallory'))
    assert.deepEqual([status, body.code], [403, 'setup_code_required'], host)
  }
  assert.equal((await askAs(server, 'localhost', account('olga'))).status, 201)
})

test('behind a trusted proxy whoever comes from afar needs the code', async (t) => {
  const server = await start(t, { TRUSTED_PROXIES: '127.0.0.1' })
  const headers = { 'x-forwarded-for': '192.0.2.1' }
  assert.equal((await server.visitor().ask('POST', '/api/setup/', account('mallory'), headers)).status, 403)
})

for (const header of ['x-real-ip', 'x-forwarded-proto', 'x-forwarded-host', 'via', 'forwarded']) {
  test(`a request that came through a proxy, as ${header} tells, needs the code`, async (t) => {
    const server = await startTestServer()
    t.after(() => server.stop())
    const { body } = await server.visitor().ask('GET', '/api/setup/', undefined, { [header]: 'for=1.2.3.4' })
    assert.deepEqual(body, { needed: true, code_required: true })
  })
}

test('where the installation has an address for others, everybody needs the code', async (t) => {
  const server = await startTestServer({ PUBLIC_URL: 'https://chat.example.com' })
  t.after(() => server.stop())
  assert.deepEqual(await server.visitor().get('/api/setup/'), { needed: true, code_required: true })
})

test('wrong codes are throttled, and then even the right one waits', async (t) => {
  const server = await start(t)
  const headers = { 'x-forwarded-for': '192.0.2.1' }
  const attempt = (code: unknown) =>
    server.visitor().ask<ErrorBody>('POST', '/api/setup/', account('mallory', { code }), headers)
  const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => attempt(`AAAAA-AAA${i}`)))
  const statuses = answers.map((answer) => answer.status)
  assert.deepEqual([statuses.filter((s) => s === 403).length, statuses.filter((s) => s === 429).length], [10, 20])
  const right = await attempt(server.services.setupCode)
  assert.equal(right.status, 429)
  assert.ok(Number(right.headers.get('retry-after')) > 0)
  assert.deepEqual(await server.services.db.selectFrom('users').selectAll().execute(), [])
})

test('a code of another type, or a very long one, is no code', async (t) => {
  const server = await start(t)
  const headers = { 'x-forwarded-for': '192.0.2.1' }
  for (const code of [null, 1, [], {}, 'x'.repeat(101), true]) {
    const answer = await server.visitor().ask('POST', '/api/setup/', account('mallory', { code }), headers)
    assert.equal(answer.status, 400, JSON.stringify(code))
  }
  for (const code of ['', '\u0000', 'ééééééééééé', ' ']) {
    const answer = await server.visitor().ask('POST', '/api/setup/', account('mallory', { code }), headers)
    assert.equal(answer.status, 403, JSON.stringify(code))
  }
})

test('the code may be typed in small letters', async (t) => {
  const server = await start(t)
  const code = ` ${server.services.setupCode.toLowerCase()} `
  const answer = await server
    .visitor()
    .ask('POST', '/api/setup/', account('olga', { code }), { 'x-forwarded-for': '192.0.2.1' })
  assert.equal(answer.status, 201, answer.text)
})
