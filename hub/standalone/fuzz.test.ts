import assert from 'node:assert/strict'
import { test } from 'node:test'
import { random } from '../test/random.ts'
import { settable } from './overrides.ts'
import { readSettings } from './settings.ts'
import { setAt, type Tree } from './tree.ts'

const values = [
  null,
  true,
  0,
  -1,
  1.5,
  8000,
  2 ** 53,
  '',
  '0',
  'x',
  '25s',
  '-5s',
  '/x',
  [],
  ['a'],
  [null],
  {},
  { a: 1 },
]
const odd = ['', '.', '__proto__', 'constructor.name', 'client', 'client.token', 'channel', 'channel.namespaces', 'sse']
const paths = [...settable.map(({ path }) => path), ...odd]
const rounds = 2000

for (const seed of [1, 2, 3]) {
  test(`[CFG2] whatever a configuration contains, it is read or refused in sentences (seed ${seed})`, () => {
    const { below, pick } = random(seed)
    const outcomes = { read: 0, refused: 0 }
    for (let round = 0; round < rounds; round++) {
      const config: Tree = {}
      const size = below(6)
      for (let n = 0; n < size; n++) setAt(config, pick(paths), structuredClone(pick(values)))
      const { settings, mistakes, warnings } = readSettings(config)
      outcomes[settings ? 'read' : 'refused']++
      assert.equal(settings === undefined, mistakes.length > 0, JSON.stringify(config))
      for (const sentence of [...mistakes, ...warnings]) assert.match(sentence, /^\S.*\.$/, JSON.stringify(config))
    }
    assert.ok(outcomes.read > 100 && outcomes.refused > 100)
  })
}
