import assert from 'node:assert/strict'
import { after, test, type TestContext } from 'node:test'
import { ask } from './api.ts'
import { secret } from './config.ts'
import { ecdsaKeys, rsaKeys } from './keys.ts'
import { newChannel, newUser } from './names.ts'
import { connectRaw, errorCode, nextData, openRaw } from './raw.ts'
import { type ServerUnderTest, startServer } from './server.ts'
import { connectionToken, secondsFromNow, sign } from './tokens.ts'

const previousSecret = 'the secret that was used before, and is still good'
const [rsa, ecdsa] = [rsaKeys(), ecdsaKeys()]

const server = await startServer(
  { after },
  {
    client: {
      token: {
        hmac_secret_key: secret,
        hmac_previous_secret_key: previousSecret,
        rsa_public_key: rsa.publicPem,
        ecdsa_public_key: ecdsa.publicPem,
      },
    },
    channel: {
      namespaces: [
        {
          name: 'open',
          presence: true,
          allow_subscribe_for_client: true,
          allow_subscribe_for_anonymous: true,
          allow_publish_for_client: true,
          allow_presence_for_client: true,
        },
      ],
    },
  },
)

const strict = await startServer(
  { after },
  { client: { token: { hmac_secret_key: secret, audience: 'chat', issuer: 'example.com' } } },
)

/** `connected`, the code of the error, or the code that the connection ended with. */
async function outcome(t: TestContext, token: string, to: ServerUnderTest = server): Promise<string | number> {
  const client = await openRaw(t, to)
  const replied = client.call('connect', { token }).then((reply) => errorCode(reply) ?? 'connected')
  return Promise.race([replied.catch(() => new Promise<never>(() => {})), client.closed.then(({ code }) => code)])
}

const claims = { sub: 'ann', exp: secondsFromNow(3600) }

test('[TOK1] tokens are signed with the secret, by any HMAC', async (t) => {
  for (const alg of ['HS256', 'HS384', 'HS512']) {
    assert.equal(await outcome(t, await sign(claims, secret, alg)), 'connected', alg)
  }
})

test('[TOK1] the previous secret is still good', async (t) => {
  assert.equal(await outcome(t, await sign(claims, previousSecret)), 'connected')
})

test('[TOK1] tokens are signed with an RSA or an ECDSA key', async (t) => {
  for (const alg of ['RS256', 'RS384', 'RS512']) {
    assert.equal(await outcome(t, await sign(claims, await rsa.privateKey(alg), alg)), 'connected', alg)
  }
  assert.equal(await outcome(t, await sign(claims, await ecdsa.privateKey('ES256'), 'ES256')), 'connected')
})

test('[TOK1] any other token is told 3500', async (t) => {
  const [header, payload, signature] = (await sign(claims)).split('.')
  const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url')
  const foreign = { another: rsaKeys(), curve: ecdsaKeys() }
  const tokens = {
    'another secret': await sign(claims, 'another secret, which is long enough for any HMAC'),
    'another RSA key': await sign(claims, await foreign.another.privateKey('RS256'), 'RS256'),
    'another ECDSA key': await sign(claims, await foreign.curve.privateKey('ES256'), 'ES256'),
    'a public key as the secret': await sign(claims, rsa.publicPem),
    'no signature': `${none}.${payload}.`,
    'a signature cut off': `${header}.${payload}`,
    'a signature of something else': `${header}.${Buffer.from('{"sub":"root"}').toString('base64url')}.${signature}`,
    'no token at all': 'nonsense',
    'an algorithm that nobody allowed': await sign(claims, await rsa.privateKey('PS256'), 'PS256'),
  }
  for (const [what, token] of Object.entries(tokens)) assert.equal(await outcome(t, token), 3500, what)
})

test('[TOK2] a token that is past or not yet good is error 109', async (t) => {
  const past = { exp: secondsFromNow(-1) }
  const early = { nbf: secondsFromNow(600) }
  for (const wrong of [past, early]) {
    assert.equal(await outcome(t, await connectionToken('ann', wrong)), 109, JSON.stringify(wrong))
  }
})

test('[TOK2] who has no right signature is not told that the token is past', async (t) => {
  assert.equal(await outcome(t, await sign({ sub: 'ann', exp: 1 }, 'another secret, which is long enough')), 3500)
})

test('[TOK3] audience and issuer are those that were asked for', async (t) => {
  const good = { aud: 'chat', iss: 'example.com' }
  assert.equal(await outcome(t, await connectionToken('ann', good), strict), 'connected')
  assert.equal(await outcome(t, await connectionToken('ann', { ...good, aud: ['mail', 'chat'] }), strict), 'connected')
  for (const wrong of [{}, { ...good, aud: 'mail' }, { ...good, iss: 'example.org' }, { aud: 'chat' }]) {
    assert.equal(await outcome(t, await connectionToken('ann', wrong), strict), 3500, JSON.stringify(wrong))
  }
  assert.equal(await outcome(t, await connectionToken('ann', good)), 'connected', 'nobody asked for them here')
})

test('[TOK4] a token for a channel opens no connection', async (t) => {
  assert.equal(await outcome(t, await connectionToken('ann', { channel: 'open:x' })), 3500)
})

test('[TOK6] expire_at decides in place of exp, and 0 means never', async (t) => {
  const ask = async (claims: object) => {
    const client = await openRaw(t, server)
    return (await client.ask('connect', { token: await connectionToken('ann', { ...claims }) })) as Record<
      string,
      unknown
    >
  }
  const later = await ask({ exp: secondsFromNow(100), expire_at: secondsFromNow(1000) })
  assert.ok(Number(later['ttl']) > 900 && Number(later['ttl']) <= 1000)
  assert.equal('expires' in (await ask({ expire_at: 0 })), false)
})

test('a token without a user is an anonymous user’s', async (t) => {
  const [user, channel] = [newUser(), newChannel('open')]
  const [client, ann] = [await openRaw(t, server), await connectRaw(t, server, user)]
  assert.ok((await client.call('connect', { token: await sign({ exp: secondsFromNow(60) }) }))['connect'])
  for (const each of [client, ann]) await each.subscribe(channel)
  const { presence } = await ask<{ presence: Record<string, { user: string }> }>(server, 'presence', { channel })
  assert.deepEqual(
    Object.values(presence)
      .map(({ user }) => user)
      .sort(),
    ['', user],
  )
  assert.equal(await client.ask('publish', { channel, data: 1 }), 103, 'publishing is for users')
})

test('[TOK7] the info of a token is seen by others, whatever JSON it is', async (t) => {
  const info = { name: 'Анна', scores: [1, 2.5, null], nested: { '': true } }
  const channel = newChannel('open')
  const encoded = { b64info: Buffer.from(JSON.stringify(info)).toString('base64') }
  for (const claims of [{ info }, encoded]) {
    const client = await connectRaw(t, server, newUser(), claims)
    await client.subscribe(channel)
    await client.call('publish', { channel, data: 1 })
    assert.equal(await nextData(client), 1)
  }
  const { presence } = await ask<{ presence: Record<string, { conn_info: unknown }> }>(server, 'presence', { channel })
  assert.deepEqual(
    Object.values(presence).map(({ conn_info }) => conn_info),
    [info, info],
  )
})
