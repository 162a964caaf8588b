import { glob, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestPostgres } from '../server/embedded-postgres/testing.ts'
import { check } from './check.ts'
import { findChromium } from './chromium.ts'
import { root, run } from './steps.ts'

/**
 * `npm test`: everything, from a fresh clone. `npm test -- server e2e` runs those parts alone.
 * The last line says how many tests passed and failed.
 */
const parts = ['check', 'bin', 'contracts', 'hub', 'server', 'client', 'tools', 'bench', 'chaos', 'web', 'e2e'] as const
type Part = (typeof parts)[number]
type Count = { passed: number; failed: number }

const chosen = process.argv.slice(2)
const unknown = chosen.filter((part) => !parts.includes(part as Part))
if (unknown.length > 0) throw new Error(`There is no part ${unknown.join(', ')}. The parts are ${parts.join(', ')}.`)
const isWanted = (part: Part) => chosen.length === 0 || chosen.includes(part)

const total: Count = { passed: 0, failed: 0 }
function add(name: string, count: Count): void {
  total.passed += count.passed
  total.failed += count.failed
  process.stdout.write(`${name}: ${count.passed} passed, ${count.failed} failed\n\n`)
}

const scratch = await mkdtemp(join(tmpdir(), 'grandchat-run-'))
const postgres = await startTestPostgres({ max_connections: '400' })
const env = { TEST_POSTGRES_URL: postgres.url }
try {
  if (isWanted('check')) add('check', (await check()) ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 })
  if (isWanted('web') || isWanted('e2e') || isWanted('server')) await buildWeb()
  const folders = (['bin', 'contracts', 'hub', 'server', 'client', 'tools', 'bench', 'chaos'] as const).filter(isWanted)
  if (folders.length > 0) add('node', await nodeTests(folders))
  if (isWanted('web')) add('web', await webTests())
  if (isWanted('e2e')) add('journeys', await journeys())
} finally {
  await postgres.stop()
  await rm(scratch, { recursive: true, force: true })
}
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`)
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0

/** The page as it is served, for its size and for the journeys. */
async function buildWeb(): Promise<void> {
  const { code, output } = await run(['vite', 'build', 'web', '--logLevel', 'warn'], { isQuiet: true })
  if (code !== 0) throw new Error(`The web app could not be built.\n${output}`)
}

async function nodeTests(folders: readonly string[]): Promise<Count> {
  const files: string[] = []
  for (const folder of folders) {
    for await (const file of glob(`${folder}/**/*.test.{ts,mjs}`, { cwd: root, exclude: ['**/node_modules/**'] }))
      files.push(file)
  }
  if (files.length === 0) return { passed: 0, failed: 0 }
  const options = ['--test', '--test-concurrency=3', '--test-timeout=120000']
  const { code, output } = await run([process.execPath, ...options, ...files.toSorted()], { env })
  return orCrashed(code, {
    passed: numberAfter(output, /^ℹ pass (\d+)$/m),
    failed: numberAfter(output, /^ℹ (?:fail|cancelled) (\d+)$/m),
  })
}

async function webTests(): Promise<Count> {
  const report = join(scratch, 'web.json')
  const { code } = await run([
    'vitest',
    'run',
    '--root',
    'web',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ])
  const { numPassedTests, numFailedTests } = await readReport<{ numPassedTests: number; numFailedTests: number }>(
    report,
  )
  return orCrashed(code, { passed: numPassedTests ?? 0, failed: numFailedTests ?? 0 })
}

async function journeys(): Promise<Count> {
  const browser = await findChromium()
  const report = join(scratch, 'e2e.json')
  const { code } = await run(['playwright', 'test', '--config', 'e2e/playwright.config.ts', '--reporter=list,json'], {
    env: { ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: report, ...(browser && { CHROME_BIN: browser }) },
  })
  const { stats } = await readReport<{ stats: { expected: number; unexpected: number; flaky: number } }>(report)
  return orCrashed(code, { passed: stats?.expected ?? 0, failed: (stats?.unexpected ?? 0) + (stats?.flaky ?? 0) })
}

async function readReport<T>(path: string): Promise<Partial<T>> {
  return JSON.parse(await readFile(path, 'utf8').catch(() => '{}')) as Partial<T>
}

/** A runner that failed without a failing test has failed all the same. */
function orCrashed(code: number, count: Count): Count {
  return code !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count
}

function numberAfter(output: string, pattern: RegExp): number {
  return Number(pattern.exec(output)?.[1] ?? 0)
}
