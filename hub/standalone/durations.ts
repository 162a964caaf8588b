import type { Kind } from './kinds.ts'

const secondsOf: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, µs: 1e-6, ns: 1e-9 }
const part = /(\d+(?:\.\d*)?|\.\d+)(h|ms|m|s|us|µs|ns)/g

/** Go's notation, such as "25s", "1h30m" and "300ms", in seconds. */
function parseDuration(text: string): number | undefined {
  if (text === '0') return 0
  if (!new RegExp(`^(${part.source})+$`).test(text)) return undefined
  const seconds = [...text.matchAll(part)].reduce(
    (sum, [, n, unit]) => sum + Number(n) * (secondsOf[unit ?? ''] ?? 0),
    0,
  )
  // Without the noise of binary fractions, down to a microsecond.
  return Math.round(seconds * 1e6) / 1e6
}

function read(value: unknown): number | undefined {
  // Any other bare number would be nanoseconds to Centrifugo, which nobody who writes it means.
  if (value === 0) return 0
  return typeof value === 'string' ? parseDuration(value) : undefined
}

function write(seconds: number): string {
  const microseconds = Math.round(seconds * 1e6)
  if (microseconds % 1e6 === 0) return `${microseconds / 1e6}s`
  return microseconds % 1000 === 0 ? `${microseconds / 1000}ms` : `${microseconds}us`
}

export const duration: Kind<number> = { words: 'a duration such as "25s", "300ms" or "720h"', read, write }

/** Centrifugo keeps these in its engines by whole seconds. */
export const wholeSeconds: Kind<number> = {
  words: 'a duration of whole seconds, such as "600s" or "720h"',
  read(value) {
    const seconds = read(value)
    return Number.isInteger(seconds) ? seconds : undefined
  },
  write,
}
