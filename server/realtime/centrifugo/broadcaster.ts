import type { Broadcaster } from '../broadcaster.ts'
import type { CentrifugoApi } from './api.ts'

/** Channels in one call: a larger list would hold up others on the way, and be lost as a whole. */
export const channelsPerCall = 1_000

type Broadcast = { responses?: Array<{ error?: { code: number; message: string } }> }

/** Centrifugo, by its server API. The parts of one event share its idempotency key: it is looked up per channel. */
export function centrifugoBroadcaster(api: Pick<CentrifugoApi, 'call'>): Broadcaster {
  return {
    async broadcast(channels, event, idempotencyKey) {
      for (let from = 0; from < channels.length; from += channelsPerCall) {
        const part = channels.slice(from, from + channelsPerCall)
        const request = { channels: part, data: event, idempotency_key: idempotencyKey }
        const { responses = [] } = await api.call<Broadcast>('broadcast', request)
        const refused = responses.find(({ error }) => error !== undefined)
        if (refused?.error) throw new Error(`Centrifugo refused a publication: ${JSON.stringify(refused.error)}`)
      }
    },
  }
}
