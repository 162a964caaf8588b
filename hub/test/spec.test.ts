import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

const here = import.meta.dirname
const citations = (text: string) => new Set(text.match(/\[[A-Z]{3}\d+\]/g))
const read = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(`${folder}/${name}`, 'utf8'))
    .join('\n')

test('every rule of SPEC.md is cited by a test, and every citation is a rule', () => {
  const rules = new Set(readFileSync(`${here}/../SPEC.md`, 'utf8').match(/(?<=^- )\[[A-Z]{3}\d+\]/gm))
  assert.ok(rules.size > 60)
  assert.deepEqual(
    [...rules].filter((rule) => !citations(read(here)).has(rule)),
    [],
    'rules without a test',
  )
  const cited = new Set([...citations(read(here)), ...citations(read(`${here}/..`))])
  assert.deepEqual(
    [...cited].filter((rule) => !rules.has(rule)),
    [],
    'citations of no rule',
  )
})
