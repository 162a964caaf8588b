import { kinds } from './checker/check.ts'
import type { Round } from './round.ts'

const shownOffences = 5

export function printRound({ fault, verdict, convergedMs, trouble }: Round): string {
  const converged = convergedMs === undefined ? 'never' : `${(convergedMs / 1_000).toFixed(1)} s`
  const word = verdict.isValid && convergedMs !== undefined && !trouble ? 'valid' : 'INVALID'
  const lines = [`${fault.id} ${fault.title}: ${word}, ${verdict.acknowledged} acknowledged, converged in ${converged}`]
  if (trouble) lines.push(`  trouble: ${trouble}`)
  for (const { kind, why, entries } of verdict.offences.slice(0, shownOffences)) {
    lines.push(`  ${kind}: ${why}`, ...entries.map((entry) => `    ${JSON.stringify(entry).slice(0, 300)}`))
  }
  if (verdict.offences.length > shownOffences) lines.push(`  and ${verdict.offences.length - shownOffences} more`)
  return `${lines.join('\n')}\n`
}

/** Faults by what they cost. */
export function printReport(rounds: readonly Round[]): string {
  const head = ['fault', 'acked', ...kinds, 'converged', 'valid']
  const rows = rounds.map(({ fault, verdict, convergedMs, trouble }) => [
    fault.id,
    String(verdict.acknowledged),
    ...kinds.map((kind) => String(verdict.counts[kind])),
    convergedMs === undefined ? 'never' : `${(convergedMs / 1_000).toFixed(1)} s`,
    verdict.isValid && convergedMs !== undefined && !trouble ? 'yes' : 'NO',
  ])
  const widths = head.map((name, n) => Math.max(name.length, ...rows.map((row) => row[n]!.length)))
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, n) => cell.padEnd(widths[n]!))
      .join('  ')
      .trimEnd()
  return `\n${[head, ...rows].map(line).join('\n')}\n`
}
