import { setTimeout as pause } from 'node:timers/promises'

/** Asks until the answer is neither false nor undefined, and returns it. The test's own timeout ends what never comes. */
export async function until<T>(ask: () => T | Promise<T>): Promise<NonNullable<Exclude<T, false>>> {
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== null && answer !== false) {
      return answer as NonNullable<Exclude<T, false>>
    }
    await pause(20)
  }
}
