import assert from 'node:assert/strict'
import { createHmac, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { test } from 'node:test'
import { SignJWT } from 'jose'
import type { TokenAlgorithm, TokenOptions } from '../options.ts'
import { TokenKeys } from '../token-keys.ts'
import { random } from './random.ts'

const pem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString()
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const curves = {
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ES384: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  ES512: generateKeyPairSync('ec', { namedCurve: 'P-521' }),
}

const secret = 'the secret'
const rsaPublicKey = pem(rsa.publicKey)
const ecdsaPublicKey = pem(curves.ES256.publicKey)
const everyKey = { hmacSecretKey: secret, hmacPreviousSecretKey: 'the previous one', rsaPublicKey, ecdsaPublicKey }

const payload = JSON.stringify({ sub: 'ann' })
const base64 = (value: string | Buffer) => Buffer.from(value).toString('base64url')
const header = (value: unknown) => base64(JSON.stringify(value))

/** By the library that backends sign with. */
const sign = (alg: string, key: KeyObject | string) =>
  new SignJWT({ sub: 'ann' })
    .setProtectedHeader({ alg })
    .sign(typeof key === 'string' ? new TextEncoder().encode(key) : key)

/** By hand, so that anything can be signed. */
function signHmac(head: string, body = base64(payload), key: string | Buffer = secret, hash = 'sha256'): string {
  const signed = `${head}.${body}`
  return `${signed}.${createHmac(hash, key).update(signed).digest('base64url')}`
}

function signEcdsa(encode: (der: Buffer) => Buffer): string {
  const signed = `${header({ alg: 'ES256' })}.${base64(payload)}`
  return `${signed}.${base64(encode(createSign('sha256').update(signed).sign(curves.ES256.privateKey)))}`
}

const good = signHmac(header({ alg: 'HS256' }))
const [goodHeader = '', goodPayload = '', goodSignature = ''] = good.split('.')

test('every algorithm opens what the usual library signed with the right key', async () => {
  const cases: Array<[alg: TokenAlgorithm, key: KeyObject | string, options: TokenOptions]> = [
    ...(['HS256', 'HS384', 'HS512'] as const).flatMap((alg): typeof cases => [
      [alg, secret, { hmacSecretKey: secret }],
      [alg, 'the previous one', everyKey],
    ]),
    ...(['RS256', 'RS384', 'RS512'] as const).map((alg): (typeof cases)[0] => [alg, rsa.privateKey, { rsaPublicKey }]),
    ...(['ES256', 'ES384', 'ES512'] as const).map((alg): (typeof cases)[0] => [
      alg,
      curves[alg].privateKey,
      { ecdsaPublicKey: pem(curves[alg].publicKey) },
    ]),
  ]
  for (const [alg, key, options] of cases) {
    const token = await sign(alg, key)
    assert.equal(await new TokenKeys(options).open(token), payload, alg)
    assert.equal(await new TokenKeys({ ...options, algorithms: [alg] }).open(token), payload, alg)
    const another = alg === 'HS256' ? 'HS384' : 'HS256'
    assert.equal(await new TokenKeys({ ...options, algorithms: [another] }).open(token), undefined, alg)
    const [head, body, signature] = token.split('.')
    const other = base64(JSON.stringify({ sub: 'bob' }))
    assert.equal(await new TokenKeys(options).open(`${head}.${other}.${signature}`), undefined, alg)
    assert.equal(await new TokenKeys(options).open(`${head}.${body}.`), undefined, alg)
  }
})

test('a token that is signed with a secret is opened at once', () => {
  assert.equal(new TokenKeys(everyKey).open(good), payload)
})

/** Other ways to write the same bytes: the last character has bits that count for nothing. */
function spareBits(part: string): string[] {
  const variants = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')
    .map((last) => part.slice(0, -1) + last)
    .filter((variant) => variant !== part && Buffer.from(variant, 'base64url').equals(Buffer.from(part, 'base64url')))
  assert.ok(variants.length > 0)
  return variants
}

const der = (...numbers: Buffer[]) => {
  const body = Buffer.concat(numbers.map((number) => Buffer.concat([Buffer.from([2, number.length]), number])))
  return Buffer.concat([Buffer.from([0x30, body.length]), body])
}
const orderOfP256 = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex')
const hsHeader = header({ alg: 'HS256' })
const rsaDer = rsa.publicKey.export({ type: 'spki', format: 'der' })

const attacks: Record<string, string[]> = {
  'no algorithm': ['none', 'None', 'NONE', 'nOnE', ''].flatMap((alg) => [
    `${header({ alg })}.${goodPayload}.`,
    `${header({ alg })}.${goodPayload}.${goodSignature}`,
    signHmac(header({ alg })),
  ]),
  'an algorithm that is none': [{}, { alg: null }, { alg: 5 }, { alg: ['HS256'] }, { alg: { toString: 'HS256' } }].map(
    (value) => signHmac(header(value)),
  ),
  'an algorithm of another spelling': ['hs256', 'HS256 ', 'HMAC', 'sha256', 'constructor', '__proto__'].map((alg) =>
    signHmac(header({ alg })),
  ),
  'an algorithm of another hash': [
    signHmac(header({ alg: 'HS384' })),
    signHmac(hsHeader, goodPayload, secret, 'sha512'),
    signHmac(header({ alg: 'HS512' })),
  ],
  'an algorithm that is not for the key': ['PS256', 'EdDSA', 'ES384', 'ES512', 'ES256K', 'dir'].map((alg) =>
    signHmac(header({ alg })),
  ),
  'a public key as the secret': [
    rsaPublicKey,
    rsaPublicKey.trimEnd(),
    rsaPublicKey.replaceAll('\n', '\r\n'),
    rsaPublicKey.replaceAll(/-----.*-----|\n/g, ''),
    rsaDer,
    ecdsaPublicKey,
    ecdsaPublicKey.trimEnd(),
  ].flatMap((key) => [
    signHmac(hsHeader, goodPayload, key),
    signHmac(header({ alg: 'RS256' }), goodPayload, key),
    signHmac(header({ alg: 'ES256' }), goodPayload, key),
  ]),
  'an empty or a zero secret': ['', '\0', '\0'.repeat(64)].map((key) => signHmac(hsHeader, goodPayload, key)),
  'another signature': [
    `${goodHeader}.${goodPayload}.`,
    `${goodHeader}.${goodPayload}.${goodSignature.slice(0, -1)}`,
    `${goodHeader}.${goodPayload}.${goodSignature.slice(0, 20)}`,
    `${goodHeader}.${goodPayload}.${base64(Buffer.from(goodSignature, 'base64url').subarray(0, 31))}`,
    `${goodHeader}.${goodPayload}.${base64(Buffer.concat([Buffer.from(goodSignature, 'base64url'), Buffer.alloc(1)]))}`,
    `${goodHeader}.${goodPayload}.${base64(Buffer.alloc(32))}`,
    `${goodHeader}.${goodPayload}.${goodSignature.toUpperCase()}`,
  ],
  'base64url that is written in another way': [
    ...spareBits(goodSignature).map((variant) => `${goodHeader}.${goodPayload}.${variant}`),
    `${goodHeader}.${goodPayload}.${goodSignature}=`,
    `${goodHeader}.${goodPayload}.${goodSignature} `,
    `${goodHeader}.${goodPayload}.${goodSignature}\n`,
    `${goodHeader}.${goodPayload}.${goodSignature}é`,
    `${goodHeader}.${goodPayload}.!${goodSignature}`,
    ` ${good}`,
    `${goodHeader}=.${goodPayload}.${goodSignature}`,
    `${goodHeader}.${goodPayload}\n.${goodSignature}`,
    // Even when it is signed so.
    signHmac(`${goodHeader}=`),
    signHmac(goodHeader, `${goodPayload}=`),
    signHmac(goodHeader, ` ${goodPayload}`),
    ...spareBits(goodPayload).map((variant) => signHmac(goodHeader, variant)),
    signHmac(goodHeader, Buffer.from('{"sub":"??>>"}').toString('base64')),
  ],
  'another number of parts': [
    '',
    '.',
    '..',
    '...',
    goodHeader,
    `${goodHeader}.${goodPayload}`,
    `.${good}`,
    `${good}.`,
    `${good}.${goodSignature}`,
    `${goodHeader}..${goodPayload}.${goodSignature}`,
    `${goodHeader}.${goodPayload}..${goodSignature}`,
    `..${goodSignature}`,
    `${goodHeader}..${createHmac('sha256', secret).update(`${goodHeader}..`).digest('base64url')}`,
    signHmac('', goodPayload),
    JSON.stringify({ protected: goodHeader, payload: goodPayload, signature: goodSignature }),
  ],
  'a header that is none': [
    '',
    'null',
    '"HS256"',
    '["alg","HS256"]',
    '{alg:"HS256"}',
    '\ufeff{"alg":"HS256"}',
    '{',
  ].map((text) => signHmac(base64(text))),
  'an extension': [
    { alg: 'HS256', crit: [] },
    { alg: 'HS256', crit: ['exp'], exp: 1 },
    { alg: 'HS256', crit: ['b64'], b64: false },
    { alg: 'HS256', b64: false },
  ].map((value) => signHmac(header(value))),
  'a key of its own': [
    signHmac(
      header({ alg: 'HS256', jwk: { kty: 'oct', k: base64('theirs') }, kid: '../../dev/null' }),
      goodPayload,
      'theirs',
    ),
  ],
  'two algorithms of which the last is none': [signHmac(base64('{"alg":"HS256","alg":"none"}'))],
  'an ECDSA signature in another form': [
    signEcdsa((signature) => signature),
    signEcdsa(() => Buffer.alloc(64)),
    signEcdsa(() => der(Buffer.from([0]), Buffer.from([0]))),
    signEcdsa(() => Buffer.concat([orderOfP256, orderOfP256])),
    signEcdsa(() => Buffer.concat([Buffer.alloc(31), Buffer.from([1]), Buffer.alloc(32)])),
    signEcdsa(() => Buffer.alloc(64, 0xff)),
    signEcdsa(() => Buffer.alloc(0)),
    signEcdsa(() => Buffer.alloc(96, 1)),
  ],
}

for (const [attack, tokens] of Object.entries(attacks)) {
  test(`a token with ${attack} is worth nothing`, async () => {
    assert.ok(tokens.length > 0)
    const { hmacSecretKey, ...publicKeys } = everyKey
    for (const token of tokens) {
      for (const options of [{}, { hmacSecretKey }, { ...publicKeys, hmacPreviousSecretKey: '' }, everyKey]) {
        assert.equal(
          await new TokenKeys(options).open(token),
          undefined,
          `${token.slice(0, 300)} ${Object.keys(options).join()}`,
        )
      }
    }
  })
}

test('an ECDSA signature counts in the form that JWTs have, and not with another curve', async () => {
  const token = await sign('ES256', curves.ES256.privateKey)
  assert.equal(await new TokenKeys({ ecdsaPublicKey }).open(token), payload)
  assert.equal(await new TokenKeys({ ecdsaPublicKey: pem(curves.ES384.publicKey) }).open(token), undefined)
  const [, body, signature = ''] = token.split('.')
  assert.equal(
    await new TokenKeys({ ecdsaPublicKey }).open(`${header({ alg: 'ES384' })}.${body}.${signature}`),
    undefined,
  )
})

test('a header that says more than it must is no harm', () => {
  const keys = new TokenKeys({ hmacSecretKey: secret })
  assert.equal(keys.open(signHmac(header({ typ: 'JWT', alg: 'HS256', kid: '1', jku: 'http://elsewhere' }))), payload)
  assert.equal(keys.open(signHmac(base64('{"alg":"none","alg":"HS256"}'))), payload)
})

test('a token is looked at up to 64 KiB', () => {
  const keys = new TokenKeys({ hmacSecretKey: secret })
  const long = (length: number) => signHmac(hsHeader, base64(Buffer.alloc(length, 'x')))
  assert.equal(keys.open(long(48_000)), 'x'.repeat(48_000))
  assert.equal(keys.open(long(50_000)), undefined)
  assert.equal(keys.open('.'.repeat(10_000_000)), undefined)
})

test('an empty secret is no secret', () => {
  const token = signHmac(hsHeader, goodPayload, '')
  assert.equal(new TokenKeys({ hmacSecretKey: '', hmacPreviousSecretKey: '' }).open(token), undefined)
})

test('a key that is not what its name says is refused at the start', () => {
  const rejected: Array<[options: TokenOptions, message: RegExp]> = [
    [{ rsaPublicKey: 'nonsense' }, /rsaPublicKey is not a public key in PEM/],
    [{ rsaPublicKey: ecdsaPublicKey }, /rsaPublicKey is not an RSA key/],
    [{ rsaPublicKey: pem(generateKeyPairSync('ed25519').publicKey) }, /rsaPublicKey is not an RSA key/],
    [{ ecdsaPublicKey: rsaPublicKey }, /ecdsaPublicKey is not a key of the curve/],
    [
      { ecdsaPublicKey: pem(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey) },
      /not a key of the curve/,
    ],
    [{ hmacSecretKey: rsaPublicKey }, /everybody could sign/],
    [{ hmacSecretKey: secret, hmacPreviousSecretKey: ecdsaPublicKey.trim() }, /everybody could sign/],
  ]
  for (const [options, message] of rejected) assert.throws(() => new TokenKeys(options), message)
})

test('no change of one character opens a token', async () => {
  const { below, pick } = random(7)
  const keys = new TokenKeys(everyKey)
  const tokens = [good, await sign('RS256', rsa.privateKey), await sign('ES256', curves.ES256.privateKey)]
  const alphabet = Array.from('ABCXYZabcxyz0189-_.=+/ \n\0é{"')
  for (let round = 0; round < 3000; round++) {
    const token = round < 2700 ? good : pick(tokens)
    const at = below(token.length)
    const change = pick(['', pick(alphabet), token[at] + pick(alphabet)])
    const changed = token.slice(0, at) + change + token.slice(at + 1)
    if (changed !== token) assert.equal(await keys.open(changed), undefined, JSON.stringify(changed))
  }
})
