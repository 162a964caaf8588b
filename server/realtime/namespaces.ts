import type { HubOptions } from '../../hub/index.ts'

/**
 * What each kind of channel can do. History times payload stays below the outgoing queue: a recovery is one frame, and
 * one that cannot be sent whole would be asked for again and again.
 */
export const channelOptions: Pick<HubOptions, 'namespaces' | 'withoutNamespace' | 'client'> = {
  namespaces: [
    { name: 'personal', historySize: 300, historyTtlSeconds: 600, forceRecovery: true, presence: true },
    // Of large rooms. No presence: asking for it would cost by members.
    { name: 'room', historySize: 100, historyTtlSeconds: 300, forceRecovery: true },
    // What clients publish is JSON: bytes of one would end the connections of the others.
    {
      name: 'here',
      publicationDataFormat: 'json',
      presence: true,
      allowPresenceForSubscriber: true,
      allowPublishForSubscriber: true,
    },
  ],
  /** The channel `workspace`. */
  withoutNamespace: { historySize: 100, historyTtlSeconds: 600, forceRecovery: true },
  client: { channelLimit: 256, queueMaxSize: 8 * 1024 * 1024, userConnectionLimit: 100, commandRateLimit: 50 },
}
