export type Target = { atMost: number } | { atLeast: number }
export type Unit = 's' | 'ms' | 'µs' | 'MB' | 'kB' | '/s' | 'x' | 'px'

/** One figure as it is printed. `spread` is the lowest and highest of the repeats of which `value` is the median. */
export type Row = {
  name: string
  value: number
  unit: Unit
  target?: Target
  spread?: { min: number; max: number }
  note?: string
  /** Why this figure does not count. */
  void?: string
}

export type Report = { at: string; facts: Record<string, string>; figures: Record<string, Row[]> }

/** Facts, then a table of all rows with their targets. */
export function printReport({ facts, figures }: Report): string {
  const width = Math.max(...Object.keys(facts).map((name) => name.length))
  const lines = Object.entries(facts).map(([name, value]) => `${name.padEnd(width)}  ${value}`)
  const table = Object.entries(figures).flatMap(([figure, rows]) => [[figure], ...rows.map(cellsOf)])
  return `${lines.join('\n')}\n\n${align([['', 'median', 'min – max', 'target', ''], ...table]).join('\n')}\n`
}

function cellsOf({ name, value, unit, target, spread, note, void: reason }: Row): string[] {
  const range = spread ? `${format(spread.min)} – ${format(spread.max)}` : ''
  const remark = [reason && `VOID: ${reason}`, note].filter(Boolean).join('; ')
  return [`  ${name}`, `${format(value)} ${unit}`, range, target ? describe(target, value, reason) : '', remark]
}

function describe(target: Target, value: number, reason: string | undefined): string {
  const isMet = 'atMost' in target ? value <= target.atMost : value >= target.atLeast
  const text = 'atMost' in target ? `<= ${format(target.atMost)}` : `>= ${format(target.atLeast)}`
  return reason ? text : `${text} ${isMet ? 'met' : 'missed'}`
}

function format(value: number): string {
  if (!Number.isFinite(value)) return '–'
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(value >= 10 ? 3 : 2)
}

function align(table: string[][]): string[] {
  const rows = table.filter((cells) => cells.length > 1)
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)))
  return table.map((cells) => {
    const padded = cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[i] ?? 0)))
    return padded.join('  ').trimEnd()
  })
}
