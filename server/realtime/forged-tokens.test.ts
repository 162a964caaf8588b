import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { SignJWT } from 'jose'
import type { Person } from '../testing/person.ts'
import { startTestServer, type TestServer, testSecrets } from '../testing/server.ts'
import { type Outcome, Socket, subscribe } from '../testing/socket.ts'

let server: TestServer
let member: Person
let here: string
before(async () => {
  server = await startTestServer()
  member = await server.member('mia')
  here = `here:${(await member.createRoom('Kitchen', 'private')).id}`
})
after(() => server.stop())

const inAMinute = () => Math.floor(Date.now() / 1000) + 60
const ago = () => Math.floor(Date.now() / 1000) - 1

type Forgery = { header?: object; claims?: object; secret?: string; alg?: string }

function forge({ header = {}, claims = {}, secret = testSecrets.token, alg = 'HS256' }: Forgery): Promise<string> {
  return new SignJWT({ sub: String(member.id), exp: inAMinute(), iat: inAMinute() - 60, ...claims })
    .setProtectedHeader({ alg, ...header })
    .sign(new TextEncoder().encode(secret))
}

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

test('what the test forges is what the backend signs, but for the flaw', async () => {
  const socket = await Socket.open(server.url)
  assert.equal(await socket.ask('connect', { token: await forge({}) }), 'ok')
  assert.equal(await subscribe(socket, here, await forge({ claims: { channel: here } })), 'ok')
  socket.close()
})

const flaws: [what: string, make: (claims: object) => Promise<string> | string, toConnect: Outcome, toSubscribe: Outcome][] = [
  ['another secret', (claims) => forge({ claims, secret: 'another secret of the same length' }), 3500, 103],
  ['an empty secret', (claims) => forge({ claims, secret: '\u0000' }), 3500, 103],
  ['another algorithm', (claims) => forge({ claims, alg: 'HS512' }), 3500, 103],
  ['no algorithm', (claims) => `${base64({ alg: 'none' })}.${base64({ sub: String(member.id), exp: inAMinute(), ...claims })}.`, 3500, 103],
  ['no signature', async (claims) => `${(await forge({ claims })).split('.').slice(0, 2).join('.')}.`, 3500, 103],
  ['other claims under the signature', async (claims) => {
    const [header, , signature] = (await forge({ claims: { sub: '0' } })).split('.')
    return [header, base64({ sub: String(member.id), exp: inAMinute(), ...claims }), signature].join('.')
  }, 3500, 103],
  ['an end in the past', (claims) => forge({ claims: { ...claims, exp: ago() } }), 109, 109],
  ['a beginning in the future', (claims) => forge({ claims: { ...claims, nbf: inAMinute() } }), 109, 109],
  ['a right that has ended', (claims) => forge({ claims: { ...claims, expire_at: ago() } }), 109, 109],
  ['a user that is a number', (claims) => forge({ claims: { ...claims, sub: 5 } }), 3500, 103],
  ['an end that is no number', (claims) => forge({ claims: { ...claims, exp: 'never' } }), 3500, 103],
  ['no JWT at all', () => 'token', 3500, 103],
  ['dots', () => '..', 3500, 103],
  ['100 kB', () => 'x'.repeat(60_000), 3500, 103],
] // prettier-ignore
for (const [what, make, toConnect, toSubscribe] of flaws) {
  test(`a token with ${what} opens nothing`, async () => {
    const socket = await Socket.open(server.url)
    assert.equal(await socket.ask('connect', { token: await make({}) }), toConnect)
    socket.close()
    const connected = await Socket.of(member)
    assert.equal(await subscribe(connected, here, await make({ channel: here })), toSubscribe)
    assert.equal(await connected.ask('presence', { channel: here }), 103, 'is not in it')
    connected.close()
  })
}

test('a token that names a key elsewhere is refused, and nobody fetches that key', async (t) => {
  const asked: string[] = []
  const elsewhere = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.end('{"keys":[]}')
  }).listen(0, '127.0.0.1')
  t.after(() => elsewhere.close())
  await once(elsewhere, 'listening')
  const jku = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/keys`
  for (const header of [
    { jku },
    { kid: jku },
    { kid: '../../dev/null' },
    { x5u: jku },
    { jwk: { kty: 'oct', k: 'AAAA' } },
  ]) {
    const socket = await Socket.open(server.url)
    assert.equal(await socket.ask('connect', { token: await forge({ header, secret: 'another secret' }) }), 3500)
  }
  assert.deepEqual(asked, [])
})
