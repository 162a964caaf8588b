import { readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { canReadProcesses, cpuSeconds, processTree, ticksPerSecond } from './process-tree.ts'

/** Does the nth piece of work; false if it was refused. */
export type Act = (n: number) => Promise<boolean>

export type Load = {
  latenciesMs: number[]
  refused: number
  seconds: number
  /** Why these figures say more about the generator or the machine than about the product. */
  void?: string
}

/** How long stragglers are waited for. */
const patienceMs = 15_000
/** `setTimeout` may be late by this much; the rest of the way is walked in single turns of the loop. */
const timerSlackMs = 1.5
/** A generator whose own loop is later than this measures itself. */
const loopDelayLimitMs = 10
const stealLimit = 0.02
/** What programs that are not part of this may use of all cores. */
const othersLimit = 0.25

/**
 * Starts work at fixed times, whether or not earlier work is done, and takes latencies from the times at which it was
 * due: a slow answer cannot hide the ones that it holds up.
 */
export async function openLoop(act: Act, { perSecond, count }: { perSecond: number; count: number }): Promise<Load> {
  const load: Load = { latenciesMs: [], refused: 0, seconds: 0 }
  return observed(load, async () => {
    const start = performance.now()
    const started: Promise<boolean>[] = []
    for (let n = 0; n < count; n++) {
      const due = start + (n * 1000) / perSecond
      await until(due)
      started.push(record(load, act(n), due))
    }
    await Promise.race([Promise.all(started), sleep(patienceMs, undefined, { ref: false })])
    load.refused += count - load.latenciesMs.length - load.refused
  })
}

/** `workers` of them, each starting its next piece of work when its last is done: what the product can take. */
export async function closedLoop(act: Act, { workers, seconds }: { workers: number; seconds: number }): Promise<Load> {
  const load: Load = { latenciesMs: [], refused: 0, seconds: 0 }
  return observed(load, async () => {
    const end = performance.now() + seconds * 1000
    let n = 0
    const work = async () => {
      while (performance.now() < end) {
        const isDone = await record(load, act(n++), performance.now())
        // What is refused at once must not keep everything else from running.
        if (!isDone) await setImmediate()
      }
    }
    await Promise.all(Array.from({ length: workers }, work))
  })
}

async function record(load: Load, work: Promise<boolean>, since: number): Promise<boolean> {
  const isDone = await work.catch(() => false)
  if (isDone) load.latenciesMs.push(performance.now() - since)
  else load.refused++
  return isDone
}

async function until(time: number): Promise<void> {
  const wait = time - performance.now() - timerSlackMs
  if (wait >= 1) await sleep(Math.floor(wait))
  while (performance.now() < time) await setImmediate()
}

/** Runs it and notes how long it took, how late our own loop was, and what the machine's other guests took away. */
async function observed(load: Load, work: () => Promise<void>): Promise<Load> {
  const resolutionMs = 1
  const delay = monitorEventLoopDelay({ resolution: resolutionMs })
  const before = processorTimes()
  const start = performance.now()
  delay.enable()
  await work()
  delay.disable()
  load.seconds = (performance.now() - start) / 1000
  const lateMs = delay.percentile(99) / 1e6 - resolutionMs
  const { stolen, others } = sharesSince(before)
  if (lateMs > loopDelayLimitMs) load.void = `the generator's own loop was ${lateMs.toFixed(0)} ms late (p99)`
  else if (stolen > stealLimit) load.void = `${percent(stolen)} of the processor went to other machines`
  else if (others > othersLimit) load.void = `other programs used ${percent(others)} of the processor`
  return load
}

const percent = (share: number) => `${Math.round(share * 100)} %`

/** Seconds of all cores together; `ours` are those of this process and all that it started. */
type ProcessorTimes = { total: number; idle: number; stolen: number; ours: number }

function processorTimes(): ProcessorTimes {
  if (!canReadProcesses) return { total: 0, idle: 0, stolen: 0, ours: 0 }
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n')
  const seconds = line
    .split(/\s+/)
    .slice(1, 9)
    .map((ticks) => Number(ticks) / ticksPerSecond)
  const [, , , idle = 0, waiting = 0, , , stolen = 0] = seconds
  const total = seconds.reduce((sum, each) => sum + each, 0)
  return { total, idle: idle + waiting, stolen, ours: cpuSeconds(processTree(process.pid)) }
}

function sharesSince(before: ProcessorTimes): { stolen: number; others: number } {
  const now = processorTimes()
  const spent = (what: keyof ProcessorTimes) => now[what] - before[what]
  const total = spent('total')
  if (total <= 0) return { stolen: 0, others: 0 }
  return { stolen: spent('stolen') / total, others: (total - spent('idle') - spent('stolen') - spent('ours')) / total }
}
