import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { SignedIn } from '@grandchat/contracts/sessions/schema'
import type { Invite } from '@grandchat/contracts/users/schema'
import { sql } from 'kysely'
import type { Person } from '../testing/person.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

let server: TestServer
let olga: Person
before(async () => {
  server = await startTestServer()
  olga = await server.owner()
})
after(() => server.stop())

const invalid = {
  detail: 'this invite link is not valid (any more), ask for a new one',
  code: 'invite_invalid',
}

async function invite(): Promise<string> {
  const { url } = await olga.post<Invite>('/api/invites/', {}, 201)
  const { origin, pathname } = new URL(url)
  assert.equal(origin, server.url)
  return pathname.replace('/invite/', '')
}

const account = (username: string, more: object = {}) => ({ username, password: 'a long password', ...more })
const accept = (code: string, body: object, person = server.visitor()) =>
  person.ask<SignedIn>('POST', `/api/invites/${code}/`, body)

async function assertInvalid(code: string): Promise<void> {
  const seen = await server.visitor().ask('GET', `/api/invites/${code}/`)
  const taken = await accept(code, account('nobody-new'))
  assert.deepEqual([seen.status, seen.body], [404, invalid])
  assert.deepEqual([taken.status, taken.body], [404, invalid])
  assert.deepEqual(taken.headers.getSetCookie(), [])
}

test('an invite makes one account, signed in at once', async () => {
  const code = await invite()
  const shown = await server.visitor().get<{ invited_by: object }>(`/api/invites/${code}/`)
  assert.deepEqual(shown.invited_by, { id: olga.id, username: 'olga', display_name: null, avatar: null })
  const ann = server.visitor()
  const { status, body } = await accept(code, account('ann'), ann)
  assert.equal(status, 201)
  assert.deepEqual(Object.keys(body), ['id', 'username', 'settings'])
  assert.equal((await ann.me()).username, 'ann')
  await assertInvalid(code)
})

test('of many who use one invite at once one gets an account', async () => {
  const code = await invite()
  const people = Array.from({ length: 8 }, (_, i) => accept(code, account(`racer-${i}`)))
  const statuses = (await Promise.all(people)).map((answer) => answer.status).toSorted((a, b) => a - b)
  assert.deepEqual(statuses, [201, 404, 404, 404, 404, 404, 404, 404])
  const { rows } = await sql`select 1 from users where username like 'racer-%'`.execute(server.services.db)
  assert.equal(rows.length, 1)
})

test('an expired invite, a foreign code and one of a disabled owner are the same: not valid', async () => {
  const expired = await invite()
  await sql`update invites set expires_at = clock_timestamp() where used_at is null`.execute(server.services.db)
  await assertInvalid(expired)
  await assertInvalid('A'.repeat(24))
  const ofDisabled = await invite()
  await sql`update users set disabled_at = now() where id = ${olga.id}`.execute(server.services.db)
  try {
    await assertInvalid(ofDisabled)
  } finally {
    await sql`update users set disabled_at = null where id = ${olga.id}`.execute(server.services.db)
  }
  assert.equal((await accept(ofDisabled, account('after-all'))).status, 201, 'nothing else was wrong with it')
})

test('a username that is taken leaves the invite as it is', async () => {
  const code = await invite()
  assert.equal((await accept(code, account('olga'))).status, 409)
  assert.equal((await accept(code, account('x'))).status, 400)
  assert.equal((await accept(code, account('second-try'))).status, 201)
})

test('an invite gives no more than a member has, whatever the request says', async () => {
  const code = await invite()
  const wishes = { role: 'owner', is_admin: true, id: olga.id, created_by: 1, created_at: '2000-01-01' }
  const ivan = server.visitor()
  assert.equal((await accept(code, account('ivan', wishes), ivan)).status, 201)
  assert.equal((await ivan.me()).role, 'member')
  assert.equal((await ivan.ask('POST', '/api/invites/', {})).status, 403)
})

test('a code cannot be guessed for long, and what is no code names nothing', async () => {
  const statuses: number[] = []
  for (let i = 0; i < 12; i++) statuses.push((await accept('B'.repeat(24), account('guesser'))).status)
  assert.deepEqual(statuses, [...Array<number>(10).fill(404), 429, 429])
  for (const code of ['1', '%00', '..%2f..', 'a'.repeat(200), '%F0%9F%99%82'.repeat(5), "' or 1=1 --"]) {
    assert.equal((await server.visitor().ask('GET', `/api/invites/${encodeURI(code)}/`)).status, 404, code)
  }
})

test('only a hash of the code is stored', async () => {
  const code = await invite()
  const rows = await server.services.db.selectFrom('invites').selectAll().execute()
  assert.ok(rows.every((row) => row.code_hash.length === 32 && row.code_hash.toString() !== code))
})

test('who accepts an invite leaves the session that the browser had', async () => {
  const browser = server.visitor()
  await accept(await invite(), account('first-here'), browser)
  const first = browser.cookie
  await accept(await invite(), account('second-here'), browser)
  assert.equal((await browser.me()).username, 'second-here')
  browser.cookie = first
  assert.equal((await browser.ask('GET', '/api/me/')).status, 403)
})
