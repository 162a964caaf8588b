import type { Environment } from './environment.ts'

/** One alarm that can be set again: of two settings the sooner stays, unless `reset` says otherwise. */
export type Timer = {
  soon: (ms: number) => void
  reset: (ms: number) => void
  cancel: () => void
}

export function createTimer(environment: Environment, run: () => void): Timer {
  let due: { at: number; cancel: () => void } | undefined

  function reset(ms: number) {
    due?.cancel()
    const mine = {
      at: environment.now() + ms,
      cancel: environment.after(ms, () => {
        due = undefined
        run()
      }),
    }
    due = mine
  }

  return {
    reset,
    soon(ms) {
      if (!due || environment.now() + ms < due.at) reset(ms)
    },
    cancel() {
      due?.cancel()
      due = undefined
    },
  }
}
