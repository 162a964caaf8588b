import type { Load } from './load.ts'
import type { Row, Target } from './report.ts'
import { percentile, summarise } from './statistics.ts'

type Verdict<T> = { runs: readonly T[]; remarks: { void?: string; note?: string } }

/** Leaves out the runs that do not count. If none does, all stay and the figure is void. */
export function judge<T>(runs: readonly T[], loadOf: (run: T) => Load): Verdict<T> {
  const good = runs.filter((run) => !loadOf(run).void)
  const [reason] = runs.flatMap((run) => loadOf(run).void ?? [])
  if (good.length === 0 && reason) return { runs, remarks: { void: reason } }
  const discarded = runs.length - good.length
  return { runs: good, remarks: discarded ? { note: `${discarded} of ${runs.length} runs discarded` } : {} }
}

/** The median with the range of the runs' medians; for the rare slow ones all runs are taken together. */
export function latencyRows(name: string, loads: readonly Load[], target?: Target): Row[] {
  const { runs, remarks } = judge(loads, (load) => load)
  const all = runs.flatMap((load) => load.latenciesMs)
  const refused = refusedIn(loads)
  const notes = [`${all.length} answers`, refused && `${refused} refused`, remarks.note].filter(Boolean)
  const p50 = summarise(runs.map((load) => percentile(load.latenciesMs, 0.5)))
  return [
    { name: `${name}, p50`, ...p50, unit: 'ms', ...remarks, note: notes.join(', '), ...(target && { target }) },
    { name: `${name}, p99`, value: percentile(all, 0.99), unit: 'ms', ...remarks },
  ]
}

export function refusedIn(loads: readonly Load[]): number {
  return loads.reduce((sum, load) => sum + load.refused, 0)
}
