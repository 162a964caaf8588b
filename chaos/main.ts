import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { faults, findFaults } from './faults/index.ts'
import { Installation } from './installation.ts'
import { openBrowser } from './page.ts'
import { printReport, printRound } from './report.ts'
import { type Round, type RoundOptions, runRound } from './round.ts'

/** `npm run chaos [-- --seconds 300 --seed 1 --faults N1,N6 --keep]`: faults, and what they cost. */
const usualSeconds = 300
/** Setting the scene, calm, and becoming well again, besides the load. */
const overheadSeconds = 6
const resultsFolder = join(import.meta.dirname, 'results')
/** Rooms above it have a channel of their own, so that both ways of delivery are tried. */
const settings = { LARGE_ROOM_MEMBERS: '12' }

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: String(usualSeconds) },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      faults: { type: 'string' },
      keep: { type: 'boolean', default: false },
    },
  })
  const seed = Number(values.seed)
  const chosen = values.faults === undefined ? [...faults] : findFaults(values.faults.split(','))
  const seconds = Math.max(3, Number(values.seconds) / chosen.length - overheadSeconds)
  const browser = await openBrowser()
  const watched = browser
    ? 'a page in a browser is watched'
    : 'without a page: no browser, or npm start has not built it'
  process.stdout.write(`seed ${seed}, ${chosen.length} faults, ${Math.round(seconds)} s of each, ${watched}\n`)
  const rounds: Round[] = []
  const options = { seconds, browser, isKept: values.keep }
  for (const [n, fault] of chosen.entries())
    rounds.push(await run({ fault, seed: seed + n, name: `r${n}`, ...options }))
  await browser?.close()
  process.stdout.write(printReport(rounds))
  return rounds.every(isGood) ? 0 : 1
}

const isGood = ({ verdict, trouble, convergedMs }: Round) =>
  verdict.isValid && trouble === undefined && convergedMs !== undefined

type RunOptions = Omit<RoundOptions, 'installation'> & { isKept: boolean }

/** An installation of its own for each fault: what one breaks must not be laid at the door of the next. */
async function run({ isKept, ...options }: RunOptions): Promise<Round> {
  const installation = await Installation.start({ settings })
  current = installation
  try {
    const round = await runRound({ installation, ...options })
    process.stdout.write(printRound(round))
    if (isKept || !isGood(round)) await keep(round, installation)
    return round
  } finally {
    current = undefined
    await installation.stop()
  }
}

async function keep({ fault, seed, history, verdict, trouble }: Round, installation: Installation): Promise<void> {
  await mkdir(resultsFolder, { recursive: true })
  const path = join(resultsFolder, `${fault.id}-${seed}.jsonl`)
  const output = installation.backend.output.slice(-20_000)
  await history.write(path, { fault: fault.id, seed, trouble, offences: verdict.offences.slice(0, 100), output })
  process.stdout.write(`  kept in ${path}\n`)
}

let current: Installation | undefined
let isInterrupted = false
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt)

function interrupt(): void {
  if (isInterrupted) return
  isInterrupted = true
  void (current?.stop() ?? Promise.resolve()).finally(() => process.exit(130))
}

process.exitCode = await main()
if (!isInterrupted) process.exit()
