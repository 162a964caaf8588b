import type { Event } from '@grandchat/contracts/realtime/events'
import { channelOptions } from '../namespaces.ts'

/** What a publication takes besides its event, and what jsonb's blanks add to that. */
const overheadBytes = 512

/**
 * Bytes of one event. A channel's whole history is recovered in one frame, which must fit the outgoing queue: 8 MiB for
 * 300 publications leave 27 kB for each. The longest message in the longest room takes 23 kB.
 */
export const maxEventBytes = Math.min(
  ...[...(channelOptions.namespaces ?? []), channelOptions.withoutNamespace ?? {}]
    .filter(({ historySize = 0 }) => historySize > 0)
    .map(({ historySize = 0 }) => Math.floor((channelOptions.client?.queueMaxSize ?? 0) / historySize) - overheadBytes),
)

export function fits(event: Event): boolean {
  return Buffer.byteLength(JSON.stringify(event)) <= maxEventBytes
}
