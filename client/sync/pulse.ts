import { backoff, jitter } from '../backoff.ts'
import type { Environment } from '../environment.ts'
import { RequestError, isTemporary } from '../rest/request-error.ts'
import { createTimer } from '../timer.ts'

const second = 1_000
/** Between two looks: with the socket up unless the server says otherwise, without it, and in a hidden tab. */
const intervals = { live: 60 * second, polling: 5 * second, hidden: 300 * second }
/** A burst of focus and network signals asks once. */
const restMs = 2 * second

export type Pulse = {
  /** Looks at once; or after `ms`, because a socket is on its way that makes the client look by itself. */
  start: (ms?: number) => void
  stop: () => void
  /** The socket went up or down. */
  liveChanged: () => void
  /** The server's wish for the interval with the socket up. */
  setInterval: (seconds: number) => void
}

export type PulseSetup = {
  environment: Environment
  isLive: () => boolean
  /** Nothing was seen yet: a hidden tab does not wait with its first look. */
  isFirst: () => boolean
  /** Looks whether anything is new. */
  beat: () => Promise<void>
  onReach: (reach: 'ok' | 'failed') => void
}

/** Looks at the server from time to time: so even the last change before a silence cannot stay lost. */
export function createPulse({ environment, isLive, isFirst, beat, onReach }: PulseSetup): Pulse {
  const timer = createTimer(environment, () => void run())
  let intervalMs = intervals.live
  let isRunning = false
  let isBeating = false
  let lastMs = Number.NEGATIVE_INFINITY
  let failures = 0
  let askedMs = 0
  let unlisten = () => {}

  async function run(): Promise<void> {
    if (!isRunning || isBeating) return
    isBeating = true
    lastMs = environment.now()
    try {
      await beat()
      failures = 0
      if (isRunning) onReach('ok')
    } catch (error) {
      if (isRunning) failed(error)
    }
    isBeating = false
    schedule()
  }

  function failed(error: unknown) {
    failures++
    if (!(error instanceof RequestError)) environment.report(error)
    else askedMs = (error.retryAfterSeconds ?? 0) * second
    onReach(isTemporary(error) ? 'failed' : 'ok')
  }

  function waitMs(): number {
    if (failures > 0) return Math.max(askedMs, backoff(environment, failures, 2 * intervals.polling))
    if (!environment.isVisible() && !isFirst()) return jitter(environment, intervals.hidden)
    return jitter(environment, isLive() ? intervalMs : intervals.polling)
  }

  function schedule() {
    if (isRunning) timer.reset(waitMs())
  }

  function onSignal() {
    if (isBeating) return
    const isWanted = environment.isVisible() && environment.isOnline()
    const rest = lastMs + restMs - environment.now()
    if (!isWanted) schedule()
    else if (rest > 0) timer.soon(rest)
    else void run()
  }

  return {
    start(ms = 0) {
      isRunning = true
      failures = 0
      unlisten = environment.onSignal(onSignal)
      if (ms > 0) timer.reset(ms)
      else void run()
    },
    stop() {
      isRunning = false
      timer.cancel()
      unlisten()
    },
    liveChanged() {
      if (!isRunning || isBeating) return
      // Not at once: all who lost the same server would ask together.
      if (isLive()) schedule()
      else timer.soon(environment.random() * restMs)
    },
    setInterval(seconds) {
      intervalMs = seconds * second
    },
  }
}
