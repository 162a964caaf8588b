import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const hub = join(import.meta.dirname, '..')
const exclude = ['dist/**', 'node_modules/**']
const citationsIn = (pattern: string) =>
  new Set(
    globSync(pattern, { cwd: hub, exclude }).flatMap(
      (file) => readFileSync(join(hub, file), 'utf8').match(/\[[A-Z]{3}\d+\]/g) ?? [],
    ),
  )

test('every rule of SPEC.md is cited by a test, and every citation is a rule', () => {
  const rules = new Set(readFileSync(join(hub, 'SPEC.md'), 'utf8').match(/(?<=^- )\[[A-Z]{3}\d+\]/gm))
  assert.ok(rules.size > 150)
  const inTests = citationsIn('**/*.test.ts')
  assert.deepEqual(
    [...rules].filter((rule) => !inTests.has(rule)),
    [],
    'rules without a test',
  )
  assert.deepEqual(
    [...citationsIn('**/*.ts')].filter((rule) => !rules.has(rule)),
    [],
    'citations of no rule',
  )
})
