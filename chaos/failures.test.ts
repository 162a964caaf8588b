import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { mutants } from './mutants/index.ts'
import { faults } from './faults/index.ts'

const root = join(import.meta.dirname, '..')
const page = await readFile(join(root, 'docs/adr/0010-chaos-and-its-checker.md'), 'utf8')
const rows = page.split('\n').filter((line) => /^\| F\d+ /.test(line))

test('each of the twenty failures has a test or a reason', () => {
  const numbers = rows.map((row) => /^\| F(\d+) /.exec(row)![1])
  assert.deepEqual(
    numbers,
    Array.from({ length: 20 }, (_, n) => String(n + 1)),
  )
  for (const row of rows) assert.match(row, /\.test\.ts`|Cannot happen/)
})

for (const row of rows) {
  const failure = /^\| (F\d+) /.exec(row)![1]
  test(`what stands for ${failure} is there`, async () => {
    for (const [, file, name] of row.matchAll(/`([\w/.-]+\.test\.ts)`(?: "([^"]+)")?/g)) {
      const source = await readFile(join(root, file!), 'utf8')
      if (name) assert.ok(source.includes(name), `${file} has a test named "${name}"`)
    }
    const known = [...mutants.map(({ id }) => id), ...faults.map(({ id }) => id)]
    for (const [id] of row.matchAll(/\b[mN]\d+p?\b/g)) assert.ok(known.includes(id), id)
  })
}
