import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConnectionClaims, readSubscriptionClaims } from '../token-claims.ts'

const soon = Math.floor(Date.now() / 1000) + 60
const past = Math.floor(Date.now() / 1000) - 1
const nothing = { info: undefined, data: undefined, override: undefined }

const connection = (claims: object | string, options = {}) =>
  readConnectionClaims(typeof claims === 'string' ? claims : JSON.stringify(claims), options)
const subscription = (claims: object | string) =>
  readSubscriptionClaims(typeof claims === 'string' ? claims : JSON.stringify({ channel: 'room:1', ...claims }), {})

/** What a good token says. */
function said<T>(verdict: { claims: T } | 'expired' | 'invalid'): T {
  assert.ok(typeof verdict === 'object', JSON.stringify(verdict))
  return verdict.claims
}

test('a token that says nothing is the anonymous user, for ever', () => {
  const anonymous = { user: '', info: undefined, expireAt: 0, issuedAt: 0, subs: new Map(), meta: undefined }
  assert.deepEqual(said(connection({})), anonymous)
  const nulls = Object.fromEntries(
    [
      'sub',
      'exp',
      'nbf',
      'iat',
      'jti',
      'iss',
      'aud',
      'info',
      'b64info',
      'channels',
      'subs',
      'meta',
      'expire_at',
      'channel',
    ].map((name) => [name, null]),
  )
  assert.deepEqual(said(connection(nulls)), anonymous)
  assert.deepEqual(said(connection({ channel: '', b64info: '', subs: {}, channels: [], other: [1] })), anonymous)
})

test('a connection token says who connects and until when', () => {
  const claims = said(connection({ sub: 'ann', exp: soon, iat: 7.5, jti: 'x', info: { name: 'Ann' }, meta: { a: 1 } }))
  assert.deepEqual(claims, {
    user: 'ann',
    info: '{"name":"Ann"}',
    expireAt: soon,
    issuedAt: 7.5,
    subs: new Map(),
    meta: '{"a":1}',
  })
})

test('expire_at goes before exp, and 0 is never', () => {
  const cases: Array<[claims: object, expireAt: number | string]> = [
    [{ exp: soon, expire_at: soon + 7 }, soon + 7],
    [{ exp: soon, expire_at: 0 }, 0],
    [{ expire_at: soon }, soon],
    [{ exp: past }, 'expired'],
    [{ exp: past, expire_at: soon }, 'expired'],
    [{ exp: soon, expire_at: past }, 'expired'],
    [{ exp: 0 }, 'expired'],
    [{ exp: -1 }, 'expired'],
    [{ nbf: soon }, 'expired'],
    [{ nbf: past }, 0],
  ]
  for (const [claims, outcome] of cases) {
    const verdict = connection(claims)
    assert.equal(typeof verdict === 'string' ? verdict : verdict.claims.expireAt, outcome, JSON.stringify(claims))
  }
})

test('a claim of a wrong type makes the token invalid', () => {
  for (const claims of [
    'null',
    '[]',
    '"text"',
    '7',
    '',
    '{"sub":"ann"',
    '{"sub":"ann"} x',
    '\ufeff{"sub":"ann"}',
    '{"exp":1e999}',
    `{"info":${'['.repeat(300)}${']'.repeat(300)}}`,
    { sub: 7 },
    { sub: ['ann'] },
    { exp: '7' },
    { exp: true },
    { nbf: '7' },
    { iat: 'now' },
    { iat: -1 },
    { expire_at: '7' },
    { expire_at: -1 },
    { jti: 7 },
    { iss: 7 },
    { aud: 7 },
    { aud: ['a', 7] },
    { channel: 7 },
    { channel: 'room:1' },
    { b64info: 7 },
    { b64info: '***' },
    { b64info: 'e30' },
    { b64info: ' e30=' },
    { b64info: Buffer.from('no JSON').toString('base64') },
    { b64info: Buffer.from([0xff]).toString('base64') },
    { channels: 'room:1' },
    { channels: { 0: 'room:1' } },
    { channels: ['room:1', 7] },
    { channels: ['room:1', null] },
    { channels: 'x', subs: { 'room:1': {} } },
    { subs: ['room:1'] },
    { subs: 'room:1' },
    { subs: { 'room:1': true } },
    { subs: { 'room:1': [] } },
    { subs: { 'room:1': { b64info: 'x' } } },
    { subs: { 'room:1': { b64data: 7 } } },
    { subs: { 'room:1': { override: true } } },
    { subs: { 'room:1': { override: { presence: true } } } },
    { subs: { 'room:1': { override: { presence: { value: 'yes' } } } } },
    { exp: past, sub: 7 },
  ]) {
    assert.equal(connection(claims), 'invalid', JSON.stringify(claims).slice(0, 100))
  }
  for (const claims of [
    '{"sub":"ann"}',
    { channel: '' },
    { channel: null },
    { channel: 7 },
    { client: 7 },
    { b64data: 'x' },
    { override: [] },
    { override: { force_recovery: 1 } },
  ]) {
    assert.equal(subscription(claims), 'invalid', JSON.stringify(claims))
  }
})

test('audience and issuer are asked for where they are configured', () => {
  const outcomes = (options: object) =>
    [{}, { aud: 'chat' }, { aud: ['mail', 'chat'], iss: 'us' }, { aud: 'mail', iss: 'us' }, { iss: 'them' }]
      .map((claims) => connection(claims, options))
      .map((verdict) => (verdict === 'invalid' ? '-' : '+'))
      .join('')
  assert.equal(outcomes({}), '+++++')
  assert.equal(outcomes({ audience: '', issuer: '' }), '+++++')
  assert.equal(outcomes({ audience: 'chat' }), '-++--')
  assert.equal(outcomes({ issuer: 'us' }), '--++-')
  assert.equal(outcomes({ audience: 'chat', issuer: 'us' }), '--+--')
})

test('what is shown to others stands in frames as it stands in the token', () => {
  const info = '{"big": 12345678901234567890.10, "1": [1e3, "\\u00e9\\n"], "0": null}'
  const claims = said(connection(`{"info": 1, "meta": ${info} , "info":\n${info}}`))
  assert.equal(claims.info, info)
  assert.equal(claims.meta, info)
  const pretty = said(connection('{"info": {\n  "a":\r\n [ 1 ]\n}, "meta": "x\\ny"}'))
  assert.equal(pretty.info, '{   "a":   [ 1 ] }')
  assert.equal(pretty.meta, '"x\\ny"')
  for (const value of ['false', '0', '""', '[]', '{}', '12345678901234567890']) {
    assert.equal(said(connection(`{"info":${value}}`)).info, value)
  }
})

test('b64info and b64data go before info and data', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  const claims = said(
    subscription({
      info: 1,
      b64info: base64('{"name":\n"Аня", "n": 12345678901234567890}'),
      data: { a: 1 },
      b64data: base64('[1]'),
    }),
  )
  assert.equal(claims.info, '{"name": "Аня", "n": 12345678901234567890}')
  assert.equal(claims.data, '[1]')
})

test('channels and subs are the server-side subscriptions, in order, and subs goes before channels', () => {
  assert.deepEqual(
    [...said(connection({ channels: ['room:2', 'room:1', 'room:2'] })).subs],
    [
      ['room:2', nothing],
      ['room:1', nothing],
    ],
  )
  const subs = {
    'room:2': { info: { n: 1 }, data: 'x', other: 1 },
    'room:1': {},
    constructor: null,
  }
  const text = `{"channels":["room:9"],"subs":${JSON.stringify(subs).replace('{', '{"__proto__":{"info":12345678901234567890},')}}`
  assert.deepEqual(
    [...said(connection(text)).subs],
    [
      ['__proto__', { ...nothing, info: '12345678901234567890' }],
      ['room:2', { info: '{"n":1}', data: '"x"', override: undefined }],
      ['room:1', nothing],
      ['constructor', nothing],
    ],
  )
})

test('an override names what it changes in the words of the options', () => {
  const override = {
    presence: { value: true },
    join_leave: { value: false },
    force_push_join_leave: {},
    force_recovery: null,
    something: 7,
  }
  const expected = { presence: true, joinLeave: false, forcePushJoinLeave: false }
  assert.deepEqual(said(subscription({ override })).override, expected)
  assert.deepEqual(said(connection({ subs: { 'room:1': { override } } })).subs.get('room:1')?.override, expected)
  assert.deepEqual(said(subscription({ override: { force_positioning: { value: true } } })).override, {
    forcePositioning: true,
  })
})

test('a subscription token says which channel, and for which client alone', () => {
  assert.deepEqual(said(subscription({ sub: 'ann', client: 'c1', exp: soon, iat: 5, data: [1] })), {
    user: 'ann',
    channel: 'room:1',
    client: 'c1',
    expireAt: soon,
    issuedAt: 5,
    info: undefined,
    data: '[1]',
    override: undefined,
  })
  assert.equal(said(subscription({ client: '' })).client, undefined)
  assert.equal(subscription({ exp: past }), 'expired')
})
