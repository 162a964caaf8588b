// @vitest-environment node
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { enAccount } from './en-account.ts'
import { enCatchingUp } from './en-catching-up.ts'
import { en } from './en.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const paths = globSync('**/*.{ts,tsx,css}', {
  cwd: root,
  exclude: (path) => /node_modules|dist|testing|\.test\./.test(path),
})
const sources = new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]))

test('every word is said somewhere', () => {
  const said = [...sources].filter(([path]) => !/^locales\/(?:en|de|ar)\b/.test(path)).map(([, source]) => source)
  const unsaid = Object.keys({ ...en, ...enAccount, ...enCatchingUp }).filter(
    (key) => !said.some((source) => source.includes(`'${key}'`)),
  )
  expect(unsaid).toEqual([])
})

test('components hold no words of their own', () => {
  for (const [path, source] of sources) {
    if (!path.endsWith('.tsx')) continue
    expect(
      source.match(/(?:aria-label|title|placeholder|alt)="[^"]*[a-z][^"]*"|>\s*[A-Z][a-z]+ [a-z]+[^<{]*</g),
      path,
    ).toBeNull()
  }
})

test('styles know no left and right', () => {
  const physical =
    /(?<![\w-])-?(?:[mp][lr]|left|right|border-[lr]|rounded-[lr]|rounded-[tb][lr]|scroll-[mp][lr])-[\w.[(]|text-(?:left|right)|(?:margin|padding|border)-(?:left|right)|(?<![\w-])(?:left|right):/g
  for (const [path, source] of sources) {
    const code = source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '').replaceAll(/'[^']* [^']*\.'/g, '')
    if (/\.(?:tsx|css)$/.test(path)) expect(code.match(physical), path).toBeNull()
  }
})
