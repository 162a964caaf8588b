/** The value below which this share of the values lies; NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5)
}

/** The median of repeats with the lowest and the highest of them. */
export function summarise(values: readonly number[]): { value: number; spread: { min: number; max: number } } {
  return { value: median(values), spread: { min: Math.min(...values), max: Math.max(...values) } }
}
