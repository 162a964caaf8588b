import { channels } from '@grandchat/contracts/realtime/channels'
import { Hub, type HubOptions } from '../../hub/index.ts'
import { type Broadcaster, hubBroadcaster } from './broadcaster.ts'
import { CentrifugoApi } from './centrifugo/api.ts'
import { centrifugoBroadcaster } from './centrifugo/broadcaster.ts'

/** Takes away what tokens that were made before `issuedBefore` (Unix seconds) opened: one channel, or everything. */
export type Revoke = (user: string, channel: string | null, issuedBefore: number) => Promise<void>

/** The real-time layer: the hub of this process, or Centrifugo. */
export type RealTime = {
  broadcaster: Broadcaster
  revoke: Revoke
  /** Those of these users who are connected. */
  online(userIds: readonly number[]): Promise<ReadonlySet<number>>
  /** Only where the sockets are ours. */
  hub: Hub | undefined
  /** It fails so often that it is left alone for a moment. */
  isAway(): boolean
  /** Resolves when the sockets that are ours are closed. */
  stop(options: { graceSeconds: number }): Promise<void>
}

/** "State invalidated": the SDK drops its tokens and positions and asks for new ones. */
const stateInvalidated = { code: 3014, reason: 'state invalidated' }

export function hubRealTime(options: HubOptions): RealTime {
  const hub = new Hub(options)
  return {
    hub,
    isAway: () => false,
    broadcaster: hubBroadcaster(hub),
    async revoke(user, channel, issuedBefore) {
      hub.revokeTokens({ user, issuedBefore, ...(channel !== null && { channel }) })
      if (channel === null) hub.disconnect(user, stateInvalidated)
      else hub.unsubscribe(user, channel)
    },
    async online(userIds) {
      return new Set(userIds.filter((id) => hub.presenceStats(channels.personal(id)).num_clients > 0))
    },
    stop: (grace) => hub.shutdown(grace),
  }
}

/**
 * Sockets belong to Centrifugo, which knows no revoked tokens: who kept one may use it again for minutes (tokens.ts).
 * So a revocation is carried out once more when those are over (revocation-jobs.ts).
 */
export function centrifugoRealTime(settings: { endpoint: string; key: string }): RealTime {
  const api = new CentrifugoApi(settings)
  return {
    hub: undefined,
    isAway: () => api.isAway,
    broadcaster: centrifugoBroadcaster(api),
    async revoke(user, channel) {
      if (channel === null) await api.call('disconnect', { user, disconnect: stateInvalidated })
      else await api.call('unsubscribe', { user, channel })
    },
    async online(userIds) {
      const commands = userIds.map((id) => ({ presence_stats: { channel: channels.personal(id) } }))
      const replies = await api.batch<{ presence_stats?: { num_clients?: number } }>(commands)
      return new Set(userIds.filter((_, i) => (replies[i]?.presence_stats?.num_clients ?? 0) > 0))
    },
    stop: () => Promise.resolve(),
  }
}
