import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { readConfig, settingNames } from '../server/config.ts'
import { root } from './steps.ts'

test('what the scripts of package.json run is there', async () => {
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  const files = Object.values(scripts).flatMap((script) => script.split(' ').filter((word) => /\.(ts|mjs)$/.test(word)))
  assert.ok(files.length > 5)
  for (const file of files) await assert.doesNotReject(readFile(join(root, file)), file)
})

const readme = await readFile(join(root, 'README.md'), 'utf8')

test('the table of settings names every setting, in the same words and with the same defaults', () => {
  const rows = [...readme.matchAll(/^\| `([A-Z_]+)` \| (?:`([^`]*)`)? *\|/gm)].map(([, name, value]) => [
    name,
    value ?? '',
  ])
  const defaults = new Map(Object.entries(readConfig({})).map(([name, value]) => [name, String(value)]))
  const shown = (name: string) => (name === 'DATA_DIR' ? 'data' : (defaults.get(name) ?? ''))
  assert.deepEqual(
    rows,
    settingNames.map((name) => [name, shown(name)]),
  )
})

test('the pages that the README names exist', async () => {
  const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, link]) => link!)
  assert.ok(links.length > 5)
  for (const link of links) {
    if (link.endsWith('/')) continue
    await assert.doesNotReject(readFile(join(root, link)), link)
  }
})
