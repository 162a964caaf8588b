import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

const here = import.meta.dirname

test('every rule of the configuration is cited by a test here, and every citation is a rule', () => {
  const spec = readFileSync(`${here}/../SPEC.md`, 'utf8')
  const rules = new Set(Array.from(spec.matchAll(/^- \*\*(\[CFG\d+\])/gm), ([, id]) => id))
  assert.ok(rules.size > 10)
  const tests = readdirSync(here).filter((name) => name.endsWith('.test.ts'))
  const text = tests.map((name) => readFileSync(`${here}/${name}`, 'utf8')).join('\n')
  assert.deepEqual(new Set(text.match(/\[CFG\d+\]/g)), rules)
})
