import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { duration, wholeSeconds } from './durations.ts'
import { boolean, choice, choices, integer, type Kind, path, pem, port, regex, string, stringList } from './kinds.ts'

const publicKey = (type: 'rsa' | 'ec') => {
  const pair =
    type === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()
}
const rsa = publicKey('rsa')
const ec = publicKey('ec')

const table: Array<[name: string, kind: Kind<unknown>, good: Array<[unknown, unknown]>, wrong: unknown[]]> = [
  [
    'a duration',
    duration as Kind<unknown>,
    [
      ['25s', 25],
      ['300ms', 0.3],
      ['1h30m', 5400],
      ['1.5s', 1.5],
      ['250us', 0.00025],
      ['0s', 0],
      ['0', 0],
      [0, 0],
    ],
    [25, '25', 's', '-1s', '1 s', '1d', true, [], ''],
  ],
  [
    'a duration of whole seconds',
    wholeSeconds as Kind<unknown>,
    [
      ['600s', 600],
      ['2000ms', 2],
    ],
    ['1500ms', 3],
  ],
  [
    'a boolean',
    boolean as Kind<unknown>,
    [
      [true, true],
      ['true', true],
      ['1', true],
      ['F', false],
      [false, false],
    ],
    ['yes', 1, 0, 'tRue', {}],
  ],
  [
    'an integer',
    integer as Kind<unknown>,
    [
      [0, 0],
      ['128', 128],
    ],
    [-1, 1.5, '-1', '1e3', 'many', 2 ** 60, true],
  ],
  [
    'a port',
    port as Kind<unknown>,
    [
      ['9000', 9000],
      [65_535, 65_535],
    ],
    [65_536, 'x'],
  ],
  [
    'text',
    string as Kind<unknown>,
    [
      ['a', 'a'],
      [5, '5'],
    ],
    [true, {}, []],
  ],
  [
    'a list of texts',
    stringList as Kind<unknown>,
    [
      [
        ['a', 'b'],
        ['a', 'b'],
      ],
      ['a  b', ['a', 'b']],
    ],
    [[1], {}, 5],
  ],
  ['a choice', choice('stream', 'cache') as Kind<unknown>, [['cache', 'cache']], ['Cache', 'all', 1]],
  ['choices', choices('fossil') as Kind<unknown>, [[['fossil'], ['fossil']]], [['fossil', 'zip'], 'zip']],
  [
    'a path',
    path as Kind<unknown>,
    [
      ['/ws/', '/ws'],
      ['/', '/'],
    ],
    ['ws', '/a?b', '/a b', 5],
  ],
  ['a regular expression', regex as Kind<unknown>, [['^[a-z]+$', '^[a-z]+$']], ['(', 5]],
  ['an RSA key', pem('rsa', 'RSA') as Kind<unknown>, [[rsa, rsa]], [ec, 'x', 5]],
  ['an ECDSA key', pem('ec', 'ECDSA') as Kind<unknown>, [[ec, ec]], [rsa, 'x']],
]

for (const [name, kind, good, wrong] of table) {
  test(`${name} is read from what Centrifugo reads it from`, () => {
    for (const [value, expected] of good) assert.deepEqual(kind.read(value), expected, `read ${JSON.stringify(value)}`)
    for (const value of wrong) assert.equal(kind.read(value), undefined, `refused ${JSON.stringify(value)}`)
  })
}

test('a duration is written so that it is read as the same', () => {
  for (const seconds of [25, 0.3, 2_592_000, 1.5, 0.00025, 0])
    assert.equal(duration.read(duration.write(seconds)), seconds)
})
