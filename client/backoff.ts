import type { Environment } from './environment.ts'

/** Milliseconds to wait after the nth failure in a row: doubling up to `max`, spread over its upper half. */
export function backoff(environment: Environment, failures: number, first = 500, max = 30_000): number {
  const ceiling = Math.min(max, first * 2 ** Math.min(failures - 1, 20))
  return ceiling * (0.5 + environment.random() / 2)
}

/** `ms` give or take a fifth, so that many clients do not move in step. */
export function jitter(environment: Environment, ms: number): number {
  return ms * (0.8 + environment.random() * 0.4)
}
