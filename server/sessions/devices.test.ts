import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import type { Sessions } from '@grandchat/contracts/sessions/schema'
import type { Person } from '../testing/person.ts'
import { passwordOf, startTestServer, type TestServer } from '../testing/server.ts'
import { Socket, tokensOf } from '../testing/socket.ts'

let server: TestServer
before(async () => {
  server = await startTestServer()
})
after(() => server.stop())

const sessionsOf = async (person: Person) => (await person.get<Sessions>('/api/sessions/')).results
const again = (username: string, password?: string) => server.visitor().signIn(username, password)
const isSignedIn = async (person: Person) => (await person.ask('GET', '/api/me/')).status === 200

test('somebody sees where they are signed in, this device first, and nobody else does', async () => {
  const here = await server.member('ann')
  await server
    .visitor()
    .ask('POST', '/api/login/', { username: 'ann', password: passwordOf('ann') }, { 'user-agent': 'A phone' })
  await server.member('bob')
  const sessions = await sessionsOf(here)
  assert.deepEqual(
    sessions.map(({ device, is_current }) => [device, is_current]),
    [
      ['node', true],
      ['A phone', false],
    ],
  )
  assert.doesNotMatch(JSON.stringify(sessions), /secret|hash/)
})

test('a device that is signed out is out at once, with its sockets, and the others stay', async () => {
  const [here, there] = [await server.member('cleo'), await again('cleo')]
  const socket = await Socket.of(there)
  const { connection: kept } = await tokensOf(there)
  const other = (await sessionsOf(here)).find(({ is_current }) => !is_current)!
  assert.equal((await here.ask('DELETE', `/api/sessions/${other.id}/`)).status, 200)
  assert.equal(await socket.closed, 3014)
  assert.deepEqual([await isSignedIn(here), await isSignedIn(there)], [true, false])
  const back = await Socket.open(server.url)
  assert.notEqual(await back.ask('connect', { token: kept }), 'ok')
  assert.equal((await here.ask('DELETE', `/api/sessions/${other.id}/`)).status, 404)
})

test("somebody else's session is the same as none", async () => {
  const [dan, eve] = [await server.member('dan'), await server.member('eve')]
  const [theirs] = await sessionsOf(eve)
  const answer = await dan.ask('DELETE', `/api/sessions/${theirs!.id}/`)
  const toNone = await dan.ask('DELETE', '/api/sessions/999999/')
  assert.deepEqual([answer.status, answer.text], [404, toNone.text])
  assert.ok(await isSignedIn(eve))
})

test('all other devices are signed out at once', async () => {
  const here = await server.member('finn')
  const others = [await again('finn'), await again('finn')]
  assert.equal((await here.ask('DELETE', '/api/sessions/')).status, 200)
  assert.deepEqual(await Promise.all([here, ...others].map(isSignedIn)), [true, false, false])
  assert.equal((await sessionsOf(here)).length, 1)
})

test('with the present password one chooses another, which signs out everywhere else', async () => {
  const [here, there] = [await server.member('gina'), await again('gina')]
  const wrong = await here.ask('POST', '/api/me/password/', { current: 'a guess', next: 'a new long password' })
  assert.deepEqual([wrong.status, (wrong.body as { code: string }).code], [400, 'invalid_credentials'])
  assert.ok(await isSignedIn(there))
  await here.post('/api/me/password/', { current: passwordOf('gina'), next: 'a new long password' })
  assert.deepEqual([await isSignedIn(here), await isSignedIn(there)], [true, false])
  const old = await server.visitor().ask('POST', '/api/login/', { username: 'gina', password: passwordOf('gina') })
  assert.equal(old.status, 400)
  await again('gina', 'a new long password')
})

test('a new password is as long as any other', async () => {
  const hana = await server.member('hana')
  for (const next of ['short', 'x'.repeat(129), `\ud800${'x'.repeat(10)}`]) {
    const answer = await hana.ask('POST', '/api/me/password/', { current: passwordOf('hana'), next })
    assert.equal(answer.status, 400)
  }
  assert.ok(await again('hana'))
})

test('whoever took over a session has no more guesses at the password than at the door', async () => {
  const ivy = await server.member('ivy')
  const guess = () => ivy.ask('POST', '/api/me/password/', { current: 'a guess', next: 'a new long password' })
  const statuses = (await Promise.all(Array.from({ length: 14 }, guess))).map(({ status }) => status)
  assert.deepEqual([statuses.filter((s) => s === 400).length, statuses.filter((s) => s === 429).length], [10, 4])
  const atTheDoor = await server.visitor().ask('POST', '/api/login/', { username: 'ivy', password: passwordOf('ivy') })
  assert.equal(atTheDoor.status, 429)
})

/** Resolves when so many statements of this database wait for a lock. */
async function untilWaiting({ services: { db } }: TestServer, count: number): Promise<void> {
  for (let waiting = -1; waiting < count;) {
    const { rows } = await sql<{ n: number }>`
      select count(*) as n from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(db)
    waiting = rows[0]!.n
  }
}

test('a password that was good when it was looked at opens nothing once another is chosen', async (t) => {
  const patient = await startTestServer({}, { lockTimeoutMs: 60_000 })
  t.after(() => patient.stop())
  const jo = await patient.member('jo')
  const account = { username: 'jo', password: passwordOf('jo') }
  const [signIn, change] = await patient.services.db
    .transaction()
    .execute(async (tx) => {
      // The change ends the other sessions, and the sign-in begins one: both wait here, the change first.
      await sql`lock table sessions in share mode`.execute(tx)
      const change = jo.ask('POST', '/api/me/password/', { current: account.password, next: 'a new long password' })
      await untilWaiting(patient, 1)
      const signIn = patient.visitor().ask('POST', '/api/login/', account)
      await untilWaiting(patient, 2)
      return [signIn, change] as const
    })
    .then((asked) => Promise.all(asked))
  assert.deepEqual([change.status, signIn.status], [200, 400])
  assert.equal((await sessionsOf(jo)).length, 1)
})

test('of two who change a password at once one does, and the other is signed out', async () => {
  const [here, there] = [await server.member('kim'), await again('kim')]
  const change = (person: Person, next: string) =>
    person.ask('POST', '/api/me/password/', { current: passwordOf('kim'), next })
  const answers = await Promise.all([change(here, 'a new long password'), change(there, 'a newer long password')])
  const statuses = answers.map(({ status }) => status)
  assert.ok(statuses.includes(200) && statuses.every((status) => [200, 400, 403].includes(status)), String(statuses))
  assert.equal(statuses.filter((status) => status === 200).length, 1)
  assert.deepEqual(
    await Promise.all([here, there].map(isSignedIn)),
    statuses.map((status) => status === 200),
  )
})
