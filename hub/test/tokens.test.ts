import assert from 'node:assert/strict'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { test, type TestContext } from 'node:test'
import { SignJWT } from 'jose'
import type { ClientInfo } from '../protocol.ts'
import { RevokedTokens } from '../tokens.ts'
import {
  type Claims,
  channelToken,
  connectionToken,
  connectSdk,
  newSdk,
  next,
  secret,
  sign,
  startHub,
} from './fixture.ts'
import type { TestHub } from './fixture.ts'
import { LoopbackClient } from './loopback.ts'
import { connectRaw, openRaw, subscribeWithToken } from './raw.ts'

const soon = () => Math.floor(Date.now() / 1000) + 60
const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** The code that a connection token is answered with, or `welcome`. */
async function tokenOutcome(t: TestContext, hub: TestHub, token: string): Promise<unknown> {
  const client = await openRaw(t, hub)
  client.send({ id: 1, connect: { token } })
  const answer = await Promise.race([
    client.closed.then(({ code }) => code),
    client.next((message) => message['id'] === 1).catch(() => undefined),
  ])
  if (typeof answer === 'number') return answer
  const { error } = answer as { error?: { code: number } }
  return error ? error.code : 'welcome'
}

test('[TOK1] only tokens of the secret, or of the one before it, connect', async (t) => {
  const fixture = await startHub(t, { token: { hmacSecretKey: secret, hmacPreviousSecretKey: 'the one before' } })
  const claims = { sub: 'ann', exp: soon() }
  const unsigned = `${base64({ alg: 'none' })}.${base64(claims)}.`
  const [header, payload, signature] = (await sign(claims)).split('.') as [string, string, string]
  for (const [token, outcome] of [
    [await sign(claims), 'welcome'],
    [await sign(claims, secret, 'HS384'), 'welcome'],
    [await sign(claims, secret, 'HS512'), 'welcome'],
    [await sign(claims, 'the one before'), 'welcome'],
    [await sign(claims, 'a guess'), 3500],
    [unsigned, 3500],
    [`${header}.${base64({ ...claims, sub: 'bob' })}.${signature}`, 3500],
    [`${header}.${payload}.`, 3500],
    ['', 3501],
    ['.', 3500],
    ['x'.repeat(10_000), 3500],
    [await sign({ ...claims, sub: 7 }), 3500],
    [await sign({ ...claims, exp: '7' }), 3500],
    [await sign({ ...claims, iat: 'now' }), 3500],
    [await sign({ ...claims, channels: 'room:1' }), 3500],
  ] as const) {
    assert.equal(await tokenOutcome(t, fixture, token), outcome, token.slice(0, 200))
  }
})

test('[TOK1] other algorithms can be forbidden', async (t) => {
  const fixture = await startHub(t, { token: { hmacSecretKey: secret, algorithms: ['HS512'] } })
  assert.equal(await tokenOutcome(t, fixture, await sign({ sub: 'ann' }, secret, 'HS512')), 'welcome')
  assert.equal(await tokenOutcome(t, fixture, await sign({ sub: 'ann' })), 3500)
})

test('[TOK1] tokens of a private key connect and subscribe where the public key is known', async (t) => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const [rsaPublicKey, ecdsaPublicKey] = [rsa, ec].map(({ publicKey }) =>
    publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  ) as [string, string]
  const fixture = await startHub(t, { token: { rsaPublicKey, ecdsaPublicKey } })
  const signAs = (alg: string, key: KeyObject, claims: Claims = {}) =>
    new SignJWT({ sub: 'ann', exp: soon(), ...claims }).setProtectedHeader({ alg }).sign(key)
  assert.equal(await tokenOutcome(t, fixture, await signAs('RS256', rsa.privateKey)), 'welcome')
  assert.equal(await tokenOutcome(t, fixture, await sign({ sub: 'ann' }, rsaPublicKey)), 3500)
  const client = await openRaw(t, fixture)
  await client.ask('connect', { token: await signAs('ES256', ec.privateKey) })
  const token = await signAs('RS512', rsa.privateKey, { channel: 'personal:ann' })
  assert.equal((await client.subscribe('personal:ann', { token }))['recoverable'], true)
  const forged = await signAs('ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)
  assert.equal(await tokenOutcome(t, fixture, forged), 3500)
})

test('[TOK2] what has expired or is not valid yet is answered so', async (t) => {
  const fixture = await startHub(t)
  const past = Date.now() / 1000 - 0.001
  for (const claims of [{ exp: 1 }, { exp: past }, { nbf: soon() }, { exp: soon(), expire_at: 1 }]) {
    assert.equal(await tokenOutcome(t, fixture, await sign({ sub: 'ann', ...claims })), 109, JSON.stringify(claims))
  }
  const client = await connectRaw(t, fixture, 'ann')
  const token = await channelToken('ann', 'personal:ann', { exp: 1 })
  assert.equal(await client.ask('subscribe', { channel: 'personal:ann', token }), 109)
})

test('[TOK3] audience and issuer count when they are configured', async (t) => {
  const fixture = await startHub(t, { token: { hmacSecretKey: secret, audience: 'chat', issuer: 'us' } })
  const outcome = async (claims: Claims) => tokenOutcome(t, fixture, await sign({ sub: 'ann', ...claims }))
  assert.equal(await outcome({ aud: 'chat', iss: 'us' }), 'welcome')
  assert.equal(await outcome({ aud: ['mail', 'chat'], iss: 'us' }), 'welcome')
  assert.equal(await outcome({ aud: 'mail', iss: 'us' }), 3500)
  assert.equal(await outcome({ aud: 'chat', iss: 'them' }), 3500)
  assert.equal(await outcome({}), 3500)
})

test('[TOK4] a subscription token does not connect', async (t) => {
  assert.equal(await tokenOutcome(t, await startHub(t), await channelToken('ann', 'personal:ann')), 3500)
})

test('[TOK5] a subscription token is for one channel, one user and, if it says so, one client', async (t) => {
  const fixture = await startHub(t)
  for (const token of [
    await channelToken('ann', 'personal:bob'),
    await channelToken('bob', 'personal:ann'),
    await channelToken('', 'personal:ann'),
    await channelToken('ann', 'personal:ann', { client: 'another' }),
  ]) {
    const client = await connectRaw(t, fixture, 'ann')
    client.send({ id: 2, subscribe: { channel: 'personal:ann', token } })
    assert.deepEqual(await client.closed, { code: 3500, reason: 'invalid token' })
  }
  const client = await connectRaw(t, fixture, 'ann')
  for (const token of [
    await connectionToken('ann'),
    'nonsense',
    await sign({ sub: 'ann', channel: 'personal:ann' }, 'a guess'),
  ]) {
    assert.equal(await client.ask('subscribe', { channel: 'personal:ann', token }), 103)
  }
})

test('[TOK5] a token for the very client subscribes', async (t) => {
  const client = await openRaw(t, await startHub(t))
  const connected = (await client.ask('connect', { token: await connectionToken('ann') })) as { client: string }
  const token = await channelToken('ann', 'personal:ann', { client: connected.client })
  assert.equal((await client.subscribe('personal:ann', { token }))['recoverable'], true)
})

test('[TOK6] expire_at decides when the right ends, not exp', async (t) => {
  const fixture = await startHub(t)
  const client = await openRaw(t, fixture)
  const token = await connectionToken('ann', { expire_at: Math.floor(Date.now() / 1000) + 50_000 })
  const { ttl } = (await client.ask('connect', { token })) as { ttl: number }
  assert.ok(ttl > 49_000)
  const never = await client.subscribe('personal:ann', {
    token: await channelToken('ann', 'personal:ann', { expire_at: 0 }),
  })
  assert.equal('expires' in never, false)
})

test('[TOK7] what tokens say about a client is shown, and given to it', async (t) => {
  const fixture = await startHub(t)
  const client = await connectRaw(t, fixture, 'ann', { info: { name: 'Ann' } })
  const b64data = Buffer.from('{"welcome":[1,"x"]}').toString('base64')
  const token = await channelToken('ann', 'here:1', { info: { color: 'red' }, data: 7, b64data })
  assert.deepEqual((await client.subscribe('here:1', { token }))['data'], { welcome: [1, 'x'] })
  const [present] = Object.values(fixture.hub.presence('here:1').presence)
  assert.deepEqual(
    { ...present, client: '' },
    { user: 'ann', client: '', conn_info: { name: 'Ann' }, chan_info: { color: 'red' } },
  )
  const { join } = (await client.nextPush()) as { join: { info: ClientInfo } }
  assert.deepEqual(join.info, present)
})

test('[TOK8] revoked connection tokens are as good as expired, newer ones are not', async (t) => {
  const fixture = await startHub(t)
  const issuedBefore = Date.now() / 1000
  fixture.hub.revokeTokens({ user: 'ann', issuedBefore })
  const outcome = async (user: string, claims: Claims) => tokenOutcome(t, fixture, await connectionToken(user, claims))
  assert.equal(await outcome('ann', { iat: issuedBefore - 0.001 }), 109)
  assert.equal(await outcome('ann', {}), 109, 'without iat it may be of any age')
  assert.equal(await outcome('ann', { iat: issuedBefore }), 'welcome')
  assert.equal(await outcome('bob', { iat: issuedBefore - 10 }), 'welcome')
  const client = await connectRaw(t, fixture, 'ann', { iat: issuedBefore + 1 })
  client.send({ id: 2, refresh: { token: await connectionToken('ann', { iat: issuedBefore - 1 }) } })
  assert.equal((await client.closed).code, 3005)
})

test('[TOK8] an earlier revocation does not undo a later one', async (t) => {
  const fixture = await startHub(t)
  const now = Date.now() / 1000
  fixture.hub.revokeTokens({ user: 'ann', issuedBefore: now })
  fixture.hub.revokeTokens({ user: 'ann', issuedBefore: now - 100 })
  assert.equal(await tokenOutcome(t, fixture, await connectionToken('ann', { iat: now - 50 })), 109)
})

test('[TOK8] a connect that is under way is met by a revocation', async (t) => {
  const client = new LoopbackClient(t)
  client.receive({ id: 1, connect: { token: await connectionToken('ann', { iat: 1 }) } })
  client.node.revoked.add({ user: 'ann', issuedBefore: Date.now() / 1000 })
  assert.deepEqual(await client.reply(1), { id: 1, error: { code: 109, message: 'token expired' } })
})

test('[TOK8] the SDK comes back with a new token after its old one was revoked', async (t) => {
  const fixture = await startHub(t)
  let asked = 0
  const sdk = newSdk(t, fixture, {
    token: await connectionToken('ann', { iat: 1 }),
    getToken: () => {
      asked++
      return connectionToken('ann', { iat: Date.now() / 1000 + 1 })
    },
  })
  fixture.hub.revokeTokens({ user: 'ann', issuedBefore: Date.now() / 1000 })
  sdk.connect()
  await sdk.ready(5000)
  assert.equal(asked, 1)
})

test('[TOK9] a channel is revoked alone', async (t) => {
  const fixture = await startHub(t)
  const now = Date.now() / 1000
  fixture.hub.revokeTokens({ user: 'ann', channel: 'room:1', issuedBefore: now })
  const client = await connectRaw(t, fixture, 'ann', { iat: now - 10 })
  const ask = async (channel: string, iat: number) =>
    client.ask('subscribe', { channel, token: await channelToken('ann', channel, { iat }) })
  assert.equal(await ask('room:1', now - 1), 109)
  assert.equal(typeof (await ask('room:2', now - 1)), 'object')
  assert.equal(typeof (await ask('room:1', now + 1)), 'object')
  const old = await channelToken('ann', 'room:1', { iat: now - 1 })
  const reply = await client.call('sub_refresh', { channel: 'room:1', token: old })
  assert.deepEqual(reply['error'], { code: 110, message: 'expired', temporary: true })
})

test('[TOK9] the SDK returns to a channel with a new token', async (t) => {
  const fixture = await startHub(t)
  const now = Date.now() / 1000
  fixture.hub.revokeTokens({ user: 'ann', channel: 'room:1', issuedBefore: now })
  const sdk = await connectSdk(t, fixture, 'ann')
  const subscription = sdk.newSubscription('room:1', {
    token: await channelToken('ann', 'room:1', { iat: now - 1 }),
    getToken: () => channelToken('ann', 'room:1', { iat: now + 1 }),
    minResubscribeDelay: 10,
  })
  const subscribed = next(subscription, 'subscribed')
  subscription.subscribe()
  await subscribed
})

test('[TOK10] a revocation is forgotten when no token can be that old', () => {
  const revoked = new RevokedTokens(0)
  const now = Date.now() / 1000
  revoked.add({ user: 'ann', issuedBefore: now - 1 })
  revoked.add({ user: 'bob', issuedBefore: now + 100 })
  assert.equal(revoked.size, 1)
  assert.equal(revoked.includes({ user: 'bob', issuedAt: now }), true)
})

test('[TOK5] tokens of another user are worth nothing even for a channel that is subscribed to', async (t) => {
  const fixture = await startHub(t)
  const client = await connectRaw(t, fixture, 'ann')
  await subscribeWithToken(client, 'ann', 'room:1')
  client.send({ id: 9, sub_refresh: { channel: 'room:1', token: await channelToken('bob', 'room:1') } })
  assert.equal((await client.closed).code, 3500)
})
