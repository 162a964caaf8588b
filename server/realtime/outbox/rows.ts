import type { Event } from '@grandchat/contracts/realtime/events'
import { channelsPerCall } from '../centrifugo/broadcaster.ts'

type Publication = { data: Event; idempotency_key: string }

/** A request to Centrifugo's server API that waits in a table. `roomId`: whose order it keeps. */
export type Row = { partition: number; roomId: number | null } & (
  | { method: 'publish'; payload: Publication & { channel: string } }
  | { method: 'broadcast'; payload: Publication & { channels: string[] } }
)

/** The rows that bring one event into these channels. All of them bear its key: Centrifugo looks it up per channel. */
export function rowsOf(
  names: readonly string[],
  event: Event,
  idempotencyKey: string,
  place: { partition: number; roomId: number | null },
): Row[] {
  const publication = { data: event, idempotency_key: idempotencyKey }
  const rows: Row[] = []
  for (let from = 0; from < names.length; from += channelsPerCall) {
    const part = names.slice(from, from + channelsPerCall)
    const [channel] = part
    if (part.length === 1 && channel !== undefined)
      rows.push({ ...place, method: 'publish', payload: { channel, ...publication } })
    else rows.push({ ...place, method: 'broadcast', payload: { channels: part, ...publication } })
  }
  return rows
}
