import { glob } from 'node:fs/promises'
import { centrifugoVersion, ensureCentrifugo } from './stack/centrifugo.ts'
import { standInSentence } from './stack/centrifugo-program.ts'
import { ensureJars } from './stack/java.ts'
import { runJourneys } from './stack/journeys.ts'
import { ensureNginx } from './stack/nginx.ts'
import { type Redis, startRedis } from './stack/redis.ts'
import { root, run } from './steps.ts'

export type Count = { passed: number; failed: number; skipped: number }

/** The part of it that needs Kafka and Debezium, and what fetches them. */
export type Cdc = { files: readonly string[]; jars: () => Promise<unknown> }

export type LargeShape = {
  files: readonly string[]
  nginx: () => Promise<void>
  cdc?: Cdc
  /** In a real browser. */
  journeys?: (env: Record<string, string>) => Promise<Count>
}

export type Stack = {
  centrifugo: () => Promise<string>
  redis: () => Promise<Redis>
  /** The files of the contract suite, below the root folder. */
  files: readonly string[]
  /** The suite of the large shape, and what sees to it that Nginx is there. Left out, that part is left out. */
  largeShape?: LargeShape
  isWherePossible: boolean
  /** Leaves out what the tests themselves print. */
  isQuiet?: boolean
  print: (line: string) => void
}

export async function testStack(stack: Stack): Promise<Count> {
  const total: Count = { passed: 0, failed: 0, skipped: 0 }
  const add = (what: string, count: Count) => {
    stack.print(`stack, ${what}: ${inWords(count)}`)
    for (const each of ['passed', 'failed', 'skipped'] as const) total[each] += count[each]
  }
  const runOn = async (engine: 'memory' | 'redis', env: Record<string, string>) => {
    const contract = { CONTRACT_SERVER: 'centrifugo', CONTRACT_ENGINE: engine, ...env }
    const suite = { files: stack.files, concurrency: 3, env: contract }
    add(`Centrifugo ${centrifugoVersion} on ${engine}`, await runSuite(stack, suite))
  }
  let centrifugo: string | undefined
  await orNotRun('the contract suite against real Centrifugo', stack, async () => {
    centrifugo = await stack.centrifugo()
    const env = { CENTRIFUGO_BIN: centrifugo }
    await runOn('memory', env)
    await orNotRun('the contract suite against real Centrifugo on Redis', stack, async () => {
      const redis = await stack.redis()
      try {
        await runOn('redis', { ...env, REDIS_URL: redis.url })
      } finally {
        await redis.stop()
      }
    })
  })
  await runLargeShape(stack, centrifugo, add)
  stack.print(inWords(total))
  return total
}

/** The whole of it as native processes: once in memory, and with real Centrifugo on Redis as well. */
async function runLargeShape(
  stack: Stack,
  centrifugo: string | undefined,
  add: (what: string, count: Count) => void,
): Promise<void> {
  const { largeShape } = stack
  if (!largeShape) return
  const what = centrifugo === undefined ? 'the hub in Centrifugo’s place' : `Centrifugo ${centrifugoVersion}`
  const runOn = async (engine: 'memory' | 'redis') => {
    const env = { STACK_ENGINE: engine, STACK_CENTRIFUGO: centrifugo ?? '' }
    const suite = { files: largeShape.files, concurrency: 2, env }
    add(`large shape with ${what} on ${engine}`, await runSuite(stack, suite))
    const { cdc } = largeShape
    if (!cdc) return
    await orNotRun(`the large shape by CDC on ${engine}`, stack, async () => {
      await cdc.jars()
      const alone = { files: cdc.files, concurrency: 1, env }
      add(`large shape by CDC with ${what} on ${engine}`, await runSuite(stack, alone))
    })
  }
  await orNotRun('the large shape', stack, async () => {
    await largeShape.nginx()
    if (centrifugo === undefined) stack.print(standInSentence)
    await runOn('memory')
    await orNotRun('the journeys through Nginx', stack, async () => {
      const count = await largeShape.journeys?.({ STACK_CENTRIFUGO: centrifugo ?? '' })
      if (count) add(`journeys through Nginx with ${what}`, count)
    })
    if (centrifugo === undefined) return
    await orNotRun('the large shape on Redis', stack, async () => {
      // Each file brings up its own; this one tells whether there is any.
      await (await stack.redis()).stop()
      await runOn('redis')
    })
  })
}

async function orNotRun(what: string, { isWherePossible, print }: Stack, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!isWherePossible) throw error
    print(`Not run: ${what}. ${error instanceof Error ? error.message : String(error)}`)
  }
}

const inWords = ({ passed, failed, skipped }: Count) => `${passed} passed, ${failed} failed, ${skipped} skipped`

/** The longest file restarts Kafka three times, on a machine that may be shared. */
const longestFileMs = 400_000

type Suite = { files: readonly string[]; concurrency: number; env: Record<string, string> }

async function runSuite({ isQuiet = false }: Stack, suite: Suite): Promise<Count> {
  const { files, concurrency, env } = suite
  const limits = [`--test-concurrency=${concurrency}`, `--test-timeout=${longestFileMs}`]
  const options = ['--test', '--test-reporter=spec', ...limits]
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

/** It starts Kafka, and runs when nobody else does. */
const byCdc = '/by-cdc.stack.ts'

const numberAfter = (output: string, pattern: RegExp) => Number(pattern.exec(output)?.[1] ?? 0)

/**
 * `npm run test:stack`: the hub's contract suite against real Centrifugo, with its memory engine and then with Redis;
 * then the large shape as processes of this machine, in every mode of broadcasting, and journeys of a browser through it.
 * The last line says how many tests passed, failed and were skipped. Without Centrifugo, Redis, Nginx, Kafka or Debezium it fails with the reason; with
 * `--where-possible` it says what was not run, and why, and goes on: the large shape then with the hub in Centrifugo's place.
 *
 * The suite was written from Centrifugo's sources and documentation, and has yet to be run against the program itself:
 * until then a failure may be a mistake of the suite as well as of the hub.
 */
async function main(): Promise<void> {
  const { failed } = await testStack({
    centrifugo: ensureCentrifugo,
    redis: startRedis,
    files: await filesOf('hub/test/contract/*.test.ts'),
    // Named so that `npm test` does not take them for its own.
    largeShape: {
      files: (await filesOf('tools/stack/suite/*.stack.ts')).filter((file) => !file.endsWith(byCdc)),
      nginx: ensureNginx,
      cdc: { files: await filesOf(`tools/stack/suite${byCdc}`), jars: ensureJars },
      journeys: runJourneys,
    },
    isWherePossible: process.argv.includes('--where-possible'),
    print: (line) => process.stdout.write(`${line}\n`),
  })
  if (failed > 0) process.exitCode = 1
}

async function filesOf(pattern: string): Promise<string[]> {
  const files: string[] = []
  for await (const file of glob(pattern, { cwd: root })) files.push(file)
  return files.toSorted()
}

if (import.meta.main) {
  await main().catch((error: unknown) => {
    process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  })
}
