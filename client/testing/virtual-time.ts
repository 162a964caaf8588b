type Alarm = { at: number; run: () => void }

/** A clock that moves when told to, and lets everything settle between two alarms. */
export type VirtualTime = {
  now: () => number
  after: (ms: number, run: () => void) => () => void
  /** Moves on by `ms`, firing what comes due; `between` runs after each alarm. */
  pass: (ms: number, between?: () => Promise<void>) => Promise<void>
}

/** Every promise that can settle without time passing has settled afterwards. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

export function createVirtualTime(): VirtualTime {
  let now = 1_000_000
  const alarms = new Set<Alarm>()

  function next(until: number): Alarm | undefined {
    let first: Alarm | undefined
    for (const alarm of alarms) if (alarm.at <= until && (!first || alarm.at < first.at)) first = alarm
    return first
  }

  return {
    now: () => now,
    after(ms, run) {
      const alarm = { at: now + Math.max(0, ms), run }
      alarms.add(alarm)
      return () => void alarms.delete(alarm)
    },
    async pass(ms, between = settle) {
      await between()
      const until = now + ms
      for (let alarm = next(until); alarm; alarm = next(until)) {
        now = alarm.at
        alarms.delete(alarm)
        alarm.run()
        await between()
      }
      now = until
      await between()
    },
  }
}
