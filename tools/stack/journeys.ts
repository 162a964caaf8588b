import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Count } from '../test-stack.ts'
import { findChromium } from '../chromium.ts'
import { run } from '../steps.ts'

/** Each brings up a large shape of its own first. */
const longestJourneyMs = 180_000

/** Those that need the real-time layer most: what one person or device does is seen on another's screen. */
const journeys = ['chat.spec.ts', 'own-state.spec.ts', 'threads.spec.ts']

/** Journeys of `e2e/` in a real browser, through Nginx. Throws a sentence if there is no browser. */
export async function runJourneys(env: Record<string, string>, isQuiet = false): Promise<Count> {
  const browser = await findChromium()
  const built = await run(['vite', 'build', 'web', '--logLevel', 'warn'], { isQuiet: true })
  if (built.code !== 0) throw new Error(`The web app could not be built.\n${built.output}`)
  const scratch = await mkdtemp(join(tmpdir(), 'grandchat-journeys-'))
  try {
    const report = join(scratch, 'report.json')
    const own = { E2E_SHAPE: 'large', PLAYWRIGHT_JSON_OUTPUT_NAME: report, ...(browser && { CHROME_BIN: browser }) }
    const options = ['--config', 'e2e/playwright.config.ts', '--reporter=list,json', `--timeout=${longestJourneyMs}`]
    const { code } = await run(['playwright', 'test', ...journeys, ...options], { isQuiet, env: { ...env, ...own } })
    return await countIn(report, code)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

type Report = { stats?: { expected: number; unexpected: number; flaky: number; skipped: number } }

async function countIn(report: string, code: number): Promise<Count> {
  const { stats } = JSON.parse(await readFile(report, 'utf8').catch(() => '{}')) as Report
  const failed = (stats?.unexpected ?? 0) + (stats?.flaky ?? 0)
  const isWrong = failed === 0 && (code !== 0 || !stats?.expected)
  return { passed: stats?.expected ?? 0, failed: isWrong ? 1 : failed, skipped: stats?.skipped ?? 0 }
}
