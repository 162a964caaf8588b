import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

const here = import.meta.dirname

test('every rule of the API and the metrics is cited by a test here, and every citation is a rule', () => {
  const spec = readFileSync(`${here}/../SPEC.md`, 'utf8')
  const rules = new Set(Array.from(spec.matchAll(/^- \*\*(\[(?:API|MET)\d+\])/gm), ([, id]) => id))
  assert.ok(rules.size > 15)
  const tests = readdirSync(here).filter((name) => name.endsWith('.test.ts'))
  const text = tests.map((name) => readFileSync(`${here}/${name}`, 'utf8')).join('\n')
  assert.deepEqual(new Set(text.match(/\[(?:API|MET)\d+\]/g)), rules)
})
