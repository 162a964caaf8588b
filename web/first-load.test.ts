// @vitest-environment node
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { firstLoadLimit, loadedBy, measureFirstLoad } from './first-load.ts'

let dist = ''

beforeAll(async () => {
  dist = mkdtempSync(join(tmpdir(), 'grandchat-web-'))
  // React is built as the environment says, and tests run in their own.
  vi.stubEnv('NODE_ENV', 'production')
  const root = fileURLToPath(new URL('.', import.meta.url))
  await build({ root, mode: 'production', logLevel: 'error', build: { outDir: dist } })
}, 120_000)

afterAll(() => rmSync(dist, { recursive: true, force: true }))

test('the first load stays below 150 kB', () => {
  const { gzipBytes, files } = measureFirstLoad(dist)
  expect(files.length).toBeGreaterThan(2)
  expect(gzipBytes).toBeLessThan(firstLoadLimit)
})

test('the page has no inline scripts and no inline styles', () => {
  const html = readFileSync(join(dist, 'index.html'), 'utf8')
  expect(html.match(/<script\b(?![^>]*\bsrc=)/g)).toBeNull()
  expect(html).not.toMatch(/<style|\sstyle=|\son\w+=/)
  expect(loadedBy(html)).toContain('theme.js')
})

test('no source maps and no made-up data are shipped', () => {
  const assets = readdirSync(join(dist, 'assets'))
  expect(assets.filter((name) => name.endsWith('.map'))).toEqual([])
  expect(assets.every((name) => /-[\w-]{8}\.\w+$/.test(name))).toBe(true)
  const scripts = assets.filter((name) => name.endsWith('.js'))
  const shipped = scripts.map((name) => readFileSync(join(dist, 'assets', name), 'utf8')).join('\n')
  expect(shipped).not.toContain('Okafor')
  expect(shipped).not.toContain('fake')
})

test('every font is a woff2', () => {
  const fonts = readdirSync(join(dist, 'assets')).filter((name) => /\.(?:woff2?|ttf|otf)$/.test(name))
  expect(fonts.length).toBeGreaterThan(3)
  expect(fonts.every((name) => name.endsWith('.woff2'))).toBe(true)
})
