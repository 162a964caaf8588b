import type { Broadcaster } from '../realtime/broadcaster.ts'
import type { Metrics } from './metrics.ts'

/** Counts what a broadcaster is asked for and what it fails at. */
export function countBroadcasts(broadcaster: Broadcaster, { nudges, publishFailures }: Metrics): Broadcaster {
  return {
    async broadcast(channels, event, idempotencyKey) {
      if (event.type === 'room_changed') nudges.inc()
      try {
        await broadcaster.broadcast(channels, event, idempotencyKey)
      } catch (error) {
        publishFailures.inc()
        throw error
      }
    },
  }
}
