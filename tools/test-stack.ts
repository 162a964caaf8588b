import { glob } from 'node:fs/promises'
import { centrifugoVersion, ensureCentrifugo } from './stack/centrifugo.ts'
import { type Redis, startRedis } from './stack/redis.ts'
import { root, run } from './steps.ts'

export type Count = { passed: number; failed: number; skipped: number }

export type Stack = {
  centrifugo: () => Promise<string>
  redis: () => Promise<Redis>
  /** The files of the suite, below the root folder. */
  files: readonly string[]
  isWherePossible: boolean
  /** Leaves out what the tests themselves print. */
  isQuiet?: boolean
  print: (line: string) => void
}

export async function testStack(stack: Stack): Promise<Count> {
  const total: Count = { passed: 0, failed: 0, skipped: 0 }
  const runOn = async (engine: 'memory' | 'redis', env: Record<string, string>) => {
    const count = await runSuite(stack, { CONTRACT_SERVER: 'centrifugo', CONTRACT_ENGINE: engine, ...env })
    stack.print(`stack, Centrifugo ${centrifugoVersion} on ${engine}: ${inWords(count)}`)
    for (const each of ['passed', 'failed', 'skipped'] as const) total[each] += count[each]
  }
  await orNotRun('real Centrifugo', stack, async () => {
    const env = { CENTRIFUGO_BIN: await stack.centrifugo() }
    await runOn('memory', env)
    await orNotRun('real Centrifugo on Redis', stack, async () => {
      const redis = await stack.redis()
      try {
        await runOn('redis', { ...env, REDIS_URL: redis.url })
      } finally {
        await redis.stop()
      }
    })
  })
  stack.print(inWords(total))
  return total
}

async function orNotRun(what: string, { isWherePossible, print }: Stack, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!isWherePossible) throw error
    print(`Not run: the contract suite against ${what}. ${error instanceof Error ? error.message : String(error)}`)
  }
}

const inWords = ({ passed, failed, skipped }: Count) => `${passed} passed, ${failed} failed, ${skipped} skipped`

async function runSuite({ files, isQuiet = false }: Stack, env: Record<string, string>): Promise<Count> {
  const options = ['--test', '--test-reporter=spec', '--test-concurrency=3', '--test-timeout=120000']
  const { code, output } = await run([process.execPath, ...options, ...files], { env, isQuiet })
  const count = {
    passed: numberAfter(output, /^ℹ pass (\d+)$/m),
    failed: numberAfter(output, /^ℹ fail (\d+)$/m) + numberAfter(output, /^ℹ cancelled (\d+)$/m),
    skipped: numberAfter(output, /^ℹ skipped (\d+)$/m),
  }
  // A runner that failed without a failing test has failed all the same, and so has one that found no test.
  const isWrong = count.failed === 0 && (code !== 0 || count.passed === 0)
  return isWrong ? { ...count, failed: 1 } : count
}

const numberAfter = (output: string, pattern: RegExp) => Number(pattern.exec(output)?.[1] ?? 0)

/**
 * `npm run test:stack`: the hub's contract suite against real Centrifugo, with its memory engine and then with Redis.
 * The last line says how many tests passed, failed and were skipped. Without Centrifugo or Redis it fails with the
 * reason; with `--where-possible` it says what was not run, and why, and goes on.
 *
 * The suite was written from Centrifugo's sources and documentation, and has yet to be run against the program itself:
 * until then a failure may be a mistake of the suite as well as of the hub.
 */
async function main(): Promise<void> {
  const files: string[] = []
  for await (const file of glob('hub/test/contract/*.test.ts', { cwd: root })) files.push(file)
  const { failed } = await testStack({
    centrifugo: ensureCentrifugo,
    redis: startRedis,
    files: files.toSorted(),
    isWherePossible: process.argv.includes('--where-possible'),
    print: (line) => process.stdout.write(`${line}\n`),
  })
  if (failed > 0) process.exitCode = 1
}

if (import.meta.main) {
  await main().catch((error: unknown) => {
    process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  })
}
