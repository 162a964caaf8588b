// @vitest-environment node
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const paths = globSync('**/*.{ts,tsx}', {
  cwd: root,
  exclude: (path) => /node_modules|dist|testing|\.test\./.test(path),
})
const sources = new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]))

/** Widgets whose keys are the same in every app: lists, grids, toolbars, splitters and fields with a list. */
const widgets = new Set([
  'composer/format-bar.tsx',
  'composer/use-completion.ts',
  'emoji/emoji-grid.tsx',
  'emoji/emoji-panel.tsx',
  'emoji/tone-choice.tsx',
  'messages/forward-dialog.tsx',
  'rooms/sidebar-handle.tsx',
  'search/use-active-option.ts',
  'ui/use-roving.ts',
  'users/people-picker.tsx',
])

test('whoever listens to keys asks the table, but for widgets that work as everywhere', () => {
  const listens = /onKeyDown=|onKeyDown = |'keydown'/
  const asks =
    /isShortcut\(|handle(?:Unread)?Keys?\(|\bkeys\.onKeyDown|active\.onKeyDown|\{\.\.\.(?:keys|roving\.list)\}|onKeyDown=\{onKeyDown\}/
  const own = [...sources].filter(([path, source]) => listens.test(source) && !widgets.has(path))
  expect(own.length).toBeGreaterThan(8)
  for (const [path, source] of own) expect(source, path).toMatch(asks)
})

test('nobody else compares keys', () => {
  const compares = /(?:event\.(?:key|code)|\bkey) [!=]== '(?:[A-Z]\w+|.)'|\[event\.key\]|addEventListener\('keydown'/
  const found = [...sources].filter(([path, source]) => compares.test(source) && !path.startsWith('shortcuts/'))
  expect(found.map(([path]) => path).filter((path) => !widgets.has(path))).toEqual([])
})

test('every key of the table is somebody’s', () => {
  const table = sources.get('shortcuts/shortcuts.ts') ?? ''
  const names = [...table.matchAll(/^ {4}(\w+): \{/gm)].map(([, name]) => name ?? '')
  expect(names.length).toBeGreaterThan(40)
  const others = [...sources].filter(([path]) => path !== 'shortcuts/shortcuts.ts' && !path.startsWith('locales/'))
  const isUsed = (name: string) =>
    others.some(([, source]) => new RegExp(`'${name}'|^ {6}${name}[:,]`, 'm').test(source))
  expect(names.filter((name) => !isUsed(name))).toEqual([])
})
