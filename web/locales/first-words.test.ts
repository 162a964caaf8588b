import { expect, test, vi } from 'vitest'

const { said } = vi.hoisted(() => ({ said: [] as string[] }))
vi.mock('./words.ts', async (original) => ({
  ...(await original<Record<string, unknown>>()),
  say(key: string) {
    said.push(key)
    return key
  },
}))

/** What runs in a browser, but for what starts it. */
const modules = import.meta.glob([
  '../*/*.{ts,tsx}',
  '../{app,shell,dialogs}.tsx',
  '!../**/*.test.*',
  '!../{testing,dist,node_modules,locales}/**',
  '!../**/*-plugin.ts',
])

test('nothing is said before it is drawn: what a module says on its own would stay in the language it began in', async () => {
  await Promise.all(Object.values(modules).map((load) => load()))
  expect(Object.keys(modules).length).toBeGreaterThan(100)
  expect(said).toEqual([])
}, 60_000)
