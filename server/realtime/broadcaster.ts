import type { Hub } from '../../hub/index.ts'
import type { Event } from '@grandchat/contracts/realtime/events'

/** Puts one event into many channels. Throws if any of them could not take it. */
export type Broadcaster = {
  broadcast(channels: readonly string[], event: Event, idempotencyKey: string): Promise<void>
}

/** The hub of this process. */
export function hubBroadcaster(hub: Hub): Broadcaster {
  return {
    async broadcast(channels, event, idempotencyKey) {
      if (channels.length === 0) return
      const answers = await hub.broadcast([...channels], event, { idempotencyKey })
      const refused = answers.find((answer) => 'error' in answer)
      if (refused && 'error' in refused)
        throw new Error(`the hub refused a publication: ${JSON.stringify(refused.error)}`)
    },
  }
}
