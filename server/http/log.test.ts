import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { sql } from 'kysely'
import { createLogger } from '../log.ts'
import { LogLines } from '../testing/log-lines.ts'
import { askRaw } from '../testing/raw.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

async function start(t: TestContext): Promise<{ server: TestServer; log: LogLines }> {
  const log = new LogLines()
  const server = await startTestServer({ LOG_LEVEL: 'debug' }, { logTo: log })
  t.after(() => server.stop())
  return { server, log }
}

/** A word for each kind of secret; none of them may ever be written down. */
const canary = {
  password: 'canary-password-4711',
  content: 'canary-content-4711',
  email: 'canary-mail-4711@example.com',
  code: 'canary-code-4711-0123456789',
  query: 'canary-query-4711',
  guess: 'canary-guess-4711',
}

test('passwords, messages, cookies, tokens and codes are never logged, whatever goes wrong', async (t) => {
  const { server, log } = await start(t)
  const olga = await server.owner()
  await olga.post('/api/users/', { username: 'ann', password: canary.password, email: canary.email }, 201)
  const ann = await server.visitor().signIn('ann', canary.password)
  const room = await ann.createRoom('Kitchen')
  const { connection } = await ann.post<{ connection: string }>('/api/token/', {})
  await ann.send(room.id, canary.content)
  await ann.ask('POST', '/api/login/', { username: 'ann', password: canary.guess })
  await ann.ask('POST', '/api/login/', `{"password":"${canary.guess}`)
  await ann.ask('GET', `/api/invites/${canary.code}/`)
  await ann.ask('GET', `/api/search/?q=${canary.query}`)
  await ann.ask('GET', '/api/me/', undefined, { authorization: `Bearer ${canary.password}` })
  await askRaw(
    server.url,
    `GET /connection/websocket?token=${connection}&c=${canary.code} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
  )
  await askRaw(server.url, `GET /${canary.query} HTTP/1.1\r\nBroken ${canary.password}\r\n\r\n`)

  // The database now refuses all that it is given: its errors name whole rows.
  const { db } = server.services
  for (const table of ['messages', 'users', 'sessions', 'rooms', 'invites']) {
    await sql`alter table ${sql.table(table)} add constraint broken check (false) not valid`.execute(db)
  }
  const failures = [
    await ann.ask('POST', `/api/rooms/${room.id}/messages/`, { content: canary.content }),
    await ann.ask('POST', '/api/rooms/', { name: canary.content, kind: 'private' }),
    await ann.ask('POST', '/api/login/', { username: 'ann', password: canary.password }),
    await olga.ask('POST', '/api/users/', { username: 'bob', password: canary.password, email: canary.email }),
    await olga.ask('POST', '/api/invites/', {}),
    await ann.ask('PUT', `/api/rooms/${room.id}/read-marker/`, { seq: 0 }),
  ]
  for (const { status, body } of failures) {
    assert.deepEqual([status, body], [500, { detail: 'something went wrong on the server', code: 'internal' }])
  }
  const errors = log.entries.filter((entry) => entry.level >= 50)
  assert.equal(errors.length, failures.length, 'each failure is logged once')
  assert.ok(errors.every((entry) => entry.err?.message.includes('violates check constraint')))

  const secrets = { ...canary, cookie: ann.cookie.split('=')[1]!, token: connection, csrf: await ann.csrf() }
  for (const [what, secret] of Object.entries(secrets)) {
    assert.ok(secret.length > 10)
    assert.ok(!log.text.includes(secret), `the log holds the ${what}`)
  }
  assert.ok(!log.text.includes('$argon2'), 'the log holds a hash')
})

test('nobody writes lines of their own into the log, or very long ones', async (t) => {
  const { server, log } = await start(t)
  const injection = '\n{"level":60,"msg":"injected"}\u001b[31m\r\n'
  await server.visitor().ask('POST', '/api/login/', { username: injection, password: injection })
  await server.visitor().ask('GET', `/api/${encodeURIComponent(injection)}/`)
  await server.visitor().ask('GET', '/api/me/', undefined, { 'user-agent': 'x\u009b31m', 'x-request-id': 'injected' })
  server.services.logger.error({ err: new Error(injection.repeat(10_000)) }, 'as if it had come through')
  assert.equal(log.entries.filter((entry) => entry.msg === 'injected').length, 0)
  assert.ok(!log.text.includes('\u001b'))
  for (const line of log.text.split('\n')) assert.ok(line.length < 20_000, `a line of ${line.length} characters`)
})

test('of an error its message, code, stack and causes are logged, and nothing else', () => {
  const log = new LogLines()
  const cause = Object.assign(new Error('connect ECONNREFUSED'), {
    code: 'ECONNREFUSED',
    detail: 'Failing row contains',
  })
  const error = Object.assign(new TypeError('cannot send', { cause }), { where: 'here', parameters: ['secret'] })
  createLogger('info', log).error({ err: error }, 'failed')
  const { err } = JSON.parse(log.text) as { err: Record<string, unknown> }
  assert.deepEqual(Object.keys(err), ['type', 'message', 'stack', 'cause'])
  assert.deepEqual(Object.keys(err['cause'] as object), ['type', 'message', 'code', 'stack'])
  createLogger('info', log).error({ err: 'a string' }, 'thrown')
  assert.match(log.text, /"err":{"type":"string","message":"a string"}/)
})
