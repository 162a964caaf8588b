import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'
import type { Person } from '../../../server/testing/person.ts'
import { until } from '../ports.ts'
import { member, owner } from './people.ts'
import { stackFor } from './stack.ts'

const stack = await stackFor({ after })
const olga = await owner(stack)
const { id: roomId } = await olga.createRoom('General')
const ann = await member(stack, olga, 'ann')

type Ask = { method?: string; headers?: Record<string, string>; body?: string; from?: string }
type Told = { status: number; code: string; detail: string; headers: IncomingMessage['headers'] }

/** One request from an address of loopback: each is somebody else to Nginx. */
async function ask(url: string, { method = 'POST', headers = {}, body = '{}', from = '127.0.0.1' }: Ask = {}) {
  const json = { 'content-type': 'application/json', 'x-csrftoken': await olga.csrf(), ...headers }
  const asked = request(url, { method, headers: json, localAddress: from, agent: false })
  asked.end(method === 'GET' ? undefined : body)
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  const parsed: unknown = JSON.parse((await text(answer)) || '{}')
  return { status: answer.statusCode, headers: answer.headers, ...(parsed as object) } as Told
}

const guess = (name: string) => JSON.stringify({ username: name, password: 'a wrong guess' })
const sizes = (person: Person, bytes: number) =>
  person.ask<{ code: string }>('POST', `/api/rooms/${roomId}/messages/`, { content: 'x'.repeat(bytes) })

void test('a body somewhat too long is refused by the backend, and a huge one by Nginx, in the same words', async () => {
  const [byBackend, byNginx] = [await sizes(olga, 140_000), await sizes(olga, 1_000_000)]
  for (const { status, body } of [byBackend, byNginx]) assert.deepEqual([status, body.code], [413, 'body_too_large'])
  assert.ok(byBackend.headers.has('content-security-policy'))
  assert.ok(!byNginx.headers.has('content-security-policy'))
  const sync = await olga.ask('POST', '/api/sync/', { rooms: {}, padding: 'x'.repeat(400_000) })
  assert.equal(sync.status, 200)
})

void test('what a client says about its address does not reach the limits on guessing', async () => {
  // Past Nginx the backend would believe it, for it trusts whoever comes from there.
  const forged = (n: number) => ({ 'x-forwarded-for': `198.51.100.${n}`, 'x-real-ip': `198.51.100.${n}` })
  const at = (url: string, name: string, from: string) => (n: number) =>
    ask(`${url}/api/login/`, { body: guess(name), headers: forged(n), from })
  const counts = Array.from({ length: 25 }, (_, n) => n + 1)
  const direct = await Promise.all(counts.slice(0, 12).map(at(stack.backends[0]?.url ?? '', 'zoe', '127.0.0.1')))
  assert.ok(direct.every(({ status }) => status === 400))
  // Of 25 guesses one of two backends gets more than the ten that an account has from one address.
  const through = await Promise.all(counts.map(at(stack.url, 'yan', '127.0.0.3')))
  const refused = through.filter(({ status }) => status === 429)
  assert.ok(refused.length > 0 && refused.length <= 15, `${refused.length} were refused`)
  for (const { detail } of refused) assert.equal(detail, 'too many attempts, try again later')
})

void test('one address cannot make passwords be looked at without end, and others do not notice', async () => {
  const login = (from: string) => ask(`${stack.url}/api/login/`, { from, headers: { 'x-csrftoken': 'none' } })
  const answers = await Promise.all(Array.from({ length: 70 }, () => login('127.0.0.4')))
  const refused = answers.filter(({ status }) => status === 429)
  assert.ok(refused.length > 0)
  for (const { code, headers } of refused) assert.deepEqual([code, headers['retry-after']], ['rate_limited', '2'])
  assert.equal((await login('127.0.0.5')).status, 403)
  const looks = Array.from({ length: 70 }, () => ask(`${stack.url}/api/setup/`, { method: 'GET', from: '127.0.0.4' }))
  for (const { status } of await Promise.all(looks)) assert.equal(status, 200)
})

void test('Centrifugo’s API is not to be had from outside, not even with the key', async () => {
  const headers = { 'x-api-key': stack.centrifugo.apiKey }
  const body = JSON.stringify({ channel: 'workspace', data: {} })
  assert.equal((await fetch(`${stack.centrifugo.apiUrl}/publish`, { method: 'POST', headers, body })).status, 200)
  for (const path of ['/api/publish', '/connection/../api/publish', '/connection/api/publish', '/metrics']) {
    const { status } = await fetch(stack.url + path, { method: 'POST', headers, body })
    assert.ok([403, 404].includes(status), `${path}: ${status}`)
  }
})

void test('no version is told, and texts go compressed, but no secrets', async () => {
  const answer = await ann.ask('GET', '/api/openapi.json', undefined, { 'accept-encoding': 'gzip' })
  assert.deepEqual([answer.headers.get('server'), answer.headers.get('content-encoding')], ['nginx', 'gzip'])
  const channels = Array.from({ length: 100 }, (_, n) => `here:${n}`)
  const tokens = await ann.ask('POST', '/api/token/', { channels }, { 'accept-encoding': 'gzip' })
  assert.deepEqual([tokens.status, tokens.headers.get('content-encoding')], [200, null])
})

void test('no token and no code of an invite gets into a log', async () => {
  const { token } = await ann.get<{ token: string }>('/api/token/connection/')
  const connect = encodeURIComponent(JSON.stringify({ id: 1, connect: { token } }))
  const stream = await fetch(`${stack.url}/connection/sse?cf_connect=${connect}`)
  assert.equal(stream.status, 200)
  await stream.body?.cancel()
  await ann.ask('GET', '/api/invites/a-secret-code/?also=this')
  await ann.ask('GET', '/invite/a-secret-code')
  await ann.ask('GET', '/api/me/?the=end')
  const log = async () => readFile(stack.accessLog, 'utf8')
  await until(async () => /"path":"\/api\/me\/"/.test(await log()) && /"path":"\/connection\/sse"/.test(await log()))
  const all = (await log()) + stack.nginxOutput()
  assert.doesNotMatch(all, /eyJ|cf_connect|a-secret-code|also=this|the=end/)
  assert.match(all, /"path":"\/api\/invites\/\*\*\*"/)
  for (const line of (await log()).trim().split('\n')) assert.doesNotThrow(() => JSON.parse(line), line)
})
