import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { plant } from './plant.ts'
import { bugs, clientBugs, failpoints, shortcuts } from './plants.ts'

const root = join(import.meta.dirname, '..')

const ofClient = Object.entries(clientBugs).flatMap(([name, plants]) =>
  plants.map((one, n) => [`${name} ${n + 1}`, { ...one, file: `client/${one.file}` }] as const),
)

for (const [name, one] of [...Object.entries({ ...failpoints, ...bugs, ...shortcuts }), ...ofClient]) {
  test(`what is planted for "${name}" still finds its place in the product`, async () => {
    const source = await readFile(join(root, one.file), 'utf8')
    const planted = plant(one.file, source, [one])
    assert.notEqual(planted, source)
    assert.ok(planted.includes(one.to))
  })
}

test('a piece that is not there, or twice, is a mistake of ours and no silent nothing', () => {
  const one = { file: 'a.ts', from: 'x', to: 'y' }
  assert.throws(() => plant('a.ts', 'abc', [one]), /0 times/)
  assert.throws(() => plant('a.ts', 'x x', [one]), /2 times/)
  assert.equal(plant('a.ts', 'a x b', [one]), 'a y b')
  assert.equal(plant('b.ts', 'a x b', [one]), 'a x b')
})

test('nothing of it is loaded without being asked for, and the product knows no word of it', async () => {
  assert.equal(globalThis.chaos, undefined)
  for (const { file } of Object.values({ ...failpoints, ...bugs, ...shortcuts })) {
    assert.doesNotMatch(await readFile(join(root, file), 'utf8'), /globalThis|chaos|failpoint/i)
  }
})
