import { backoff } from '../backoff.ts'
import type { createRealtime, Realtime, RealtimeSetup } from './realtime.ts'
import { createTimer } from '../timer.ts'
import type { Visit, VisitListener } from './visits.ts'

type Load = () => Promise<{ createRealtime: typeof createRealtime }>

/** Half of what a page would load first is the SDK, and nothing on screen waits for it. */
const load: Load = () => import('./realtime.ts')

/** Begins to fetch it: who is signed in can be found out meanwhile. A failure is told when somebody connects. */
export function prepareToConnect(): void {
  load().catch(() => undefined)
}

/**
 * A connection whose code is fetched by itself. Until it is there, and as long as it cannot be had, the socket is down:
 * what is asked of the connection meanwhile is done when it is there.
 */
export function connect(setup: RealtimeSetup, loadRealtime: Load = load): Realtime {
  const { environment } = setup
  const visits = new Set<WaitingVisit>()
  let real: Realtime | undefined
  let roomChannels = setup.roomChannels ?? []
  let isClosed = false
  let failures = 0
  const retry = createTimer(environment, () => void begin())

  async function begin(): Promise<void> {
    try {
      const loaded = await loadRealtime()
      if (isClosed) return
      real = loaded.createRealtime({ ...setup, roomChannels })
      for (const visit of visits) visit.begin(real)
      visits.clear()
    } catch (error) {
      if (isClosed) return
      environment.report(error)
      setup.onSocket('down')
      retry.soon(backoff(environment, ++failures))
    }
  }

  void begin()
  return {
    listenTo(channels) {
      roomChannels = channels
      real?.listenTo(channels)
    },
    visit(channel, listener) {
      if (real) return real.visit(channel, listener)
      const visit = createWaitingVisit(channel, listener, () => visits.delete(visit))
      visits.add(visit)
      return visit
    },
    close() {
      isClosed = true
      retry.cancel()
      visits.clear()
      real?.close()
    },
  }
}

type WaitingVisit = Visit & { begin: (realtime: Realtime) => void }

function createWaitingVisit(channel: string, listener: VisitListener, onLeft: () => void): WaitingVisit {
  let visit: Visit | undefined
  return {
    begin(realtime) {
      visit = realtime.visit(channel, listener)
    },
    publish: (data) => visit?.publish(data) ?? false,
    count: async () => visit?.count(),
    leave() {
      onLeft()
      visit?.leave()
    },
  }
}
