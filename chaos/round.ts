import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser } from '@playwright/test'
import { createSeeded } from '../client/testing/seeded.ts'
import { type Verdict, check } from './checker/check.ts'
import type { Fault } from './faults/fault.ts'
import type { History } from './history.ts'
import type { Installation } from './installation.ts'
import type { Place } from './place.ts'
import { Scene } from './scene.ts'

export type RoundOptions<Site extends Place = Installation> = {
  installation: Site
  fault: Fault<Site>
  seed: number
  name: string
  seconds: number
  people?: number
  perSecond?: number
  /** For one page of the real web app. */
  browser?: Browser | undefined
}

export type Round = {
  fault: { id: string; title: string }
  seed: number
  history: History
  verdict: Verdict
  /** From the heal until every client showed what the database held; undefined if some never did. */
  convergedMs: number | undefined
  /** What the fault was to do and did not, or what kept the round from its end. */
  trouble: string | undefined
}

/** Calm before the fault and after it, so that there is something to lose. */
const calmMs = 1_000
/** The tail before a silence is found by the look at the head, once a minute at the latest. */
const convergeLimitMs = 100_000

/** Sets the scene, lets people go on while the fault does its work, waits until all is well, and judges. */
export async function runRound<Site extends Place>(options: RoundOptions<Site>): Promise<Round> {
  const { installation, fault, seed, name, seconds, people = 20, perSecond = 20 } = options
  const { personOptions } = fault
  const scene = await Scene.set({
    installation,
    seed,
    name,
    people,
    perSecond: fault.perSecond ?? perSecond,
    ...(personOptions && { personOptions: (n: number) => personOptions(n, { seed }) }),
  })
  const field = { scene, installation, seconds, seeded: createSeeded(seed + 2) }
  let trouble: string | undefined
  let convergedMs: number | undefined
  try {
    if (options.browser) await scene.openPage(options.browser)
    await scene.startOutsider()
    await scene.startFlipping()
    scene.startManaging()
    const load = scene.startLoad()
    await sleep(calmMs)
    scene.phase('fault')
    if (fault.inject) await fault.inject(field)
    else await sleep(seconds * 1_000)
    scene.phase('heal')
    const healedAt = performance.now()
    await sleep(calmMs)
    await Promise.all([load.stop(), scene.rest()])
    scene.phase('quiet')
    const late = await scene.settle(convergeLimitMs)
    if (late.length === 0) convergedMs = performance.now() - healedAt
    trouble = fault.verify?.(field)
  } catch (error) {
    trouble = describe(error)
  }
  await scene.end().catch((error: unknown) => (trouble ??= describe(error)))
  trouble ??= findOdd(scene)
  const errors = scene.people.flatMap((person) => person.errors)
  if (errors.length > 0) trouble ??= `a client reported: ${describe(errors[0])}`
  await scene.close()
  return {
    fault,
    seed,
    history: scene.history,
    verdict: check(scene.history.entries, { keptTokenMs: installation.keptTokenMs }),
    convergedMs,
    trouble,
  }
}

/** What no fault excuses. */
function findOdd({ history, installation, people }: Scene): string | undefined {
  const odd = history.entries.find(
    (entry) =>
      entry.f === 'odd' && !entry.proc.endsWith('_phone') && !(installation.isBehindProxy && entry.status === 502),
  )
  if (odd) return `an answer that should not be: ${JSON.stringify(odd)}`
  if (installation.missing) return `${installation.missing} has ended by itself`
  const lost = people.find((person) => person.client.session.get().status !== 'signed_in')
  return lost && `${lost.who.proc} is not signed in any more`
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
