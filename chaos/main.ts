import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { findCentrifugoOnce } from '../tools/stack/centrifugo.ts'
import { broadcastModes, isBroadcastMode } from '../tools/stack/centrifugo-consumers.ts'
import type { Fault } from './faults/fault.ts'
import { faults, findFaults } from './faults/index.ts'
import { largeFaultsOf } from './faults/large.ts'
import { Installation } from './installation.ts'
import { LargeInstallation } from './large-installation.ts'
import { openBrowser } from './page.ts'
import type { Place } from './place.ts'
import { printReport, printRound } from './report.ts'
import { type Round, type RoundOptions, runRound } from './round.ts'

/** `npm run chaos [-- --mode outbox --seconds 300 --seed 1 --faults N1,N6 --keep]`: faults, and what they cost. */
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
      mode: { type: 'string', default: 'small' },
      keep: { type: 'boolean', default: false },
    },
  })
  const seed = Number(values.seed)
  const plan = planOf(values.mode, values.faults?.split(','))
  const { chosen } = plan
  const seconds = Math.max(3, Number(values.seconds) / chosen.length - overheadSeconds)
  // The page's address would be another than the one that the large shape expects.
  const browser = values.mode === 'small' ? await openBrowser() : undefined
  const watched = browser ? 'a page in a browser is watched' : 'without a page in a browser'
  process.stdout.write(
    `${values.mode}, seed ${seed}, ${chosen.length} faults, ${Math.round(seconds)} s of each, ${watched}\n`,
  )
  const rounds: Round[] = []
  const options = { seconds, browser, isKept: values.keep }
  for (const n of chosen.keys()) rounds.push(await plan.run(n, { seed: seed + n, name: `r${n}`, ...options }))
  await browser?.close()
  process.stdout.write(printReport(rounds))
  return rounds.every(isGood) && uncaught === 0 ? 0 : 1
}

const isGood = ({ verdict, trouble, convergedMs }: Round) =>
  verdict.isValid && trouble === undefined && convergedMs !== undefined

type RunOptions = Omit<RoundOptions, 'installation' | 'fault'> & { isKept: boolean }
type Plan = { chosen: readonly { id: string }[]; run: (n: number, options: RunOptions) => Promise<Round> }

/** The faults of this shape, and how one of them is run. */
function planOf(mode: string, ids?: readonly string[]): Plan {
  if (mode === 'small') {
    const chosen = ids === undefined ? [...faults] : findFaults(ids)
    return { chosen, run: (n, options) => run(() => Installation.start({ settings }), chosen[n]!, options) }
  }
  if (!isBroadcastMode(mode))
    throw new Error(`There is no mode ${mode}. There are small, ${broadcastModes.join(', ')}.`)
  const known = largeFaultsOf(mode)
  const chosen = ids === undefined ? known : known.filter(({ id }) => ids.includes(id))
  const start = () => LargeInstallation.start(mode, settings, findCentrifugoOnce)
  return { chosen, run: (n, options) => run(start, chosen[n]!, options) }
}

/** An installation of its own for each fault: what one breaks must not be laid at the door of the next. */
async function run<Site extends Place>(
  start: () => Promise<Site>,
  fault: Fault<Site>,
  { isKept, ...options }: RunOptions,
): Promise<Round> {
  const installation = await start()
  current = installation
  try {
    const round = await runRound({ installation, fault, ...options })
    process.stdout.write(printRound(round))
    if (isKept || !isGood(round)) await keep(round, installation)
    return round
  } finally {
    current = undefined
    await installation.stop()
  }
}

async function keep({ fault, seed, history, verdict, trouble }: Round, installation: Place): Promise<void> {
  await mkdir(resultsFolder, { recursive: true })
  const path = join(resultsFolder, `${fault.id}-${seed}.jsonl`)
  const output = installation.output.slice(-20_000)
  await history.write(path, { fault: fault.id, seed, trouble, offences: verdict.offences.slice(0, 100), output })
  process.stdout.write(`  kept in ${path}\n`)
}

let current: Place | undefined
let isInterrupted = false
/** What was thrown where nobody could catch it. A client that does so would end a bot, and is a finding. */
let uncaught = 0
process.on('uncaughtException', (error: unknown) => {
  uncaught++
  process.stdout.write(`  uncaught: ${error instanceof Error ? error.stack : String(error)}\n`)
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt)

function interrupt(): void {
  if (isInterrupted) return
  isInterrupted = true
  void (current?.stop() ?? Promise.resolve()).finally(() => process.exit(130))
}

process.exitCode = await main()
if (!isInterrupted) process.exit()
